import type { AwsError } from './aws-error.ts';
import type { Context } from './context.ts';
import { table } from './store.ts';

/** What was done for a client's token: asking for the same again answers the same, asking for another with it is an error. */
interface Done {
  readonly id: string;
  readonly asked: string;
  readonly answer: object;
  readonly at: number;
}

const day_ms = 86_400_000;

export interface OnceOptions<Answer> {
  readonly operation: string;
  /** Without a token, everything is done as often as it is asked for. */
  readonly token: string | undefined;
  /** All that the token stands for. */
  readonly input: object;
  /** The service's error for a token that comes with another input. */
  mismatch(answer: Answer): AwsError;
  make(): Answer;
}

/** The tokens of a service, each remembered for a day. https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-idempotency.html */
export function clientTokens(name: string) {
  const done = table<Done>(name);
  return {
    once<Answer extends object>(
      { operation, token, input, mismatch, make }: OnceOptions<Answer>,
      context: Context,
    ): Answer {
      if (!token) return make();
      const rows = context.store.table(done);
      const id = `${operation}/${token}`;
      const asked = inOrder(input);
      const known = rows.get(id);
      if (known && known.at + day_ms > context.now) {
        if (known.asked !== asked) throw mismatch(known.answer as Answer);
        return known.answer as Answer;
      }
      const answer = make();
      for (const old of rows.list()) {
        if (old.at + day_ms > context.now) break;
        rows.delete(old.id);
      }
      rows.put(id, { id, asked, answer, at: context.now });
      return answer;
    },
  };
}

/** An input as text, whichever order its members came in. */
const inOrder = (input: object): string =>
  JSON.stringify(input, (_, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  );
