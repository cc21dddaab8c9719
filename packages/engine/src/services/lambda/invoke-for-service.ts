import type { Context } from '../../kernel/context.ts';
import type { Service } from '../../kernel/service.ts';
import type { In } from './model.ts';

/** How a service that can wait has a function work for it: what it answers, or undefined where it fails. */
export const invokeForService =
  (service: () => Service | undefined) =>
  async (context: Context, FunctionName: string, payload: string): Promise<string | undefined> => {
    const handler = service()?.operations['Invoke'];
    if (!handler || !('waits' in handler)) throw new Error('there is no Lambda to invoke a function with');
    const input: In<'Invoke'> = { FunctionName, Payload: Buffer.from(payload) as never };
    const answer = (await handler.waits(input as never, context)) as { Payload?: Uint8Array; FunctionError?: string };
    return answer.FunctionError === undefined ? Buffer.from(answer.Payload ?? []).toString() : undefined;
  };
