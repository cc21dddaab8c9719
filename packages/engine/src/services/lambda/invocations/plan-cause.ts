import type { Caller, Cause } from '../../../kernel/caller.ts';

interface AlarmEvent {
  readonly 'detail-type'?: string;
  readonly id?: string;
  readonly detail?: {
    readonly alarmName?: string;
    readonly state?: { readonly reason?: string; readonly reasonData?: string };
    readonly configuration?: {
      readonly metrics?: readonly {
        readonly metricStat?: { readonly metric?: { readonly namespace?: string; readonly name?: string } };
      }[];
    };
  };
}

interface ReasonData {
  readonly recentDatapoints?: readonly unknown[];
  readonly threshold?: number;
}

/** Why a function is called: what its caller said, and where that says nothing, what the event itself tells. */
export function planCause(
  name: string,
  { cause, arn, sourceArn }: Pick<Caller, 'cause' | 'arn' | 'sourceArn'>,
  payload: string,
): Cause {
  const event = parsed<AlarmEvent>(payload);
  const fromEventBridge = arn === 'events.amazonaws.com';
  return {
    ...(fromEventBridge && sourceArn ? { rule: sourceArn.slice(sourceArn.lastIndexOf('/') + 1) } : {}),
    ...(fromEventBridge && event['detail-type']
      ? { event: [event['detail-type'], event.id].filter(Boolean).join(' ') }
      : {}),
    ...(event['detail-type'] === 'CloudWatch Alarm State Change' ? alarmCause(event) : {}),
    ...cause,
    function: name,
  };
}

function alarmCause({ detail = {} }: AlarmEvent): Cause {
  const { alarmName, state = {}, configuration = {} } = detail;
  const { namespace, name } = configuration.metrics?.[0]?.metricStat?.metric ?? {};
  const { recentDatapoints = [], threshold } = parsed<ReasonData>(state.reasonData ?? '{}');
  const value = recentDatapoints.at(-1);
  return {
    ...(alarmName ? { alarm: alarmName } : {}),
    ...(name ? { metric: namespace ? `${namespace} ${name}` : name } : {}),
    ...(typeof value === 'number' ? { value } : {}),
    ...(typeof threshold === 'number' ? { threshold } : {}),
    ...(state.reason ? { reason: state.reason } : {}),
  };
}

/** Events are the caller's business: one that cannot be read tells nothing. */
function parsed<Shape extends object>(json: string): Shape {
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === 'object' && value !== null ? (value as Shape) : ({} as Shape);
  } catch {
    return {} as Shape;
  }
}
