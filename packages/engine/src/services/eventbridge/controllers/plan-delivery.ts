import type { AwsError } from '../../../kernel/aws-error.ts';
import type { Delivery } from '../model.ts';

export type DeliveryStep =
  | { readonly do: 'retry'; readonly at: number }
  | {
      readonly do: 'give-up';
      readonly code: string;
      readonly exhausted?: 'MaximumRetryAttempts' | 'MaximumEventAgeInSeconds';
    };

const age_s_default = 86_400;
const attempts_default = 185;
const firstDelay_ms = 1_000;
const longestDelay_ms = 600_000;

/**
 * What to do after a target has refused an event. What no retry can mend is given up at once; all else is tried again with growing, jittered delay,
 * until the event is too old or has been tried too often. Source: EventBridge user guide, "Event retry policy and using dead-letter queues";
 * AWS publishes no delays.
 */
export function planRetry(
  delivery: Delivery,
  error: Pick<AwsError, 'code' | 'status'>,
  now: number,
  random: number,
): DeliveryStep {
  const lasting = lastingErrorCode(error);
  if (lasting) return { do: 'give-up', code: lasting };
  const { MaximumRetryAttempts = attempts_default, MaximumEventAgeInSeconds = age_s_default } =
    delivery.target.RetryPolicy ?? {};
  const code = error.code.includes('Throttl') || error.code === 'TooManyRequestsException' ? 'THROTTLING' : error.code;
  if (delivery.attempts >= MaximumRetryAttempts) return { do: 'give-up', code, exhausted: 'MaximumRetryAttempts' };
  const full_ms = Math.min(firstDelay_ms * 2 ** delivery.attempts, longestDelay_ms);
  const at = Math.round(now + full_ms / 2 + (full_ms / 2) * random);
  if (at > delivery.createdAt + MaximumEventAgeInSeconds * 1000)
    return { do: 'give-up', code, exhausted: 'MaximumEventAgeInSeconds' };
  return { do: 'retry', at };
}

/** The dead-letter error code of what stays wrong however often it is tried. */
function lastingErrorCode({ code, status }: Pick<AwsError, 'code' | 'status'>): string | undefined {
  if (/NotFound|DoesNotExist/.test(code)) return 'NO_RESOURCE';
  if (/AccessDenied|Unauthorized|AuthorizationError/.test(code)) return 'NO_PERMISSIONS';
  if (code === 'NotImplemented') return 'NO_RESOURCE';
  if (status < 500 && /Invalid|Validation|Malformed|ClientException/.test(code)) return 'INVALID_PARAMETER';
  return undefined;
}
