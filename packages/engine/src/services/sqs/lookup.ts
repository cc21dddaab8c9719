import type { Context } from '../../kernel/context.ts';
import { letsService } from '../../policy/lets-service.ts';
import { accessDenied, queueDoesNotExist } from './errors.ts';
import { type Message, messages, type Queue, queues } from './model.ts';

export interface Place {
  readonly queue: Queue;
  /** Where the queue is. */
  readonly there: Context;
}

/** A queue by its URL, of which only account and name count, or by its ARN. A bare name is one of the caller's own. */
export function requireQueue(context: Context, given: string): Place {
  const [, , , region = '', owner = '', named = ''] = given.startsWith('arn:') ? given.split(':') : [];
  const [account = '', name = ''] = named
    ? [owner, named]
    : (/(\d{12})\/([^/?]+)\/?$/.exec(given)?.slice(1) ?? [context.scope.account, given]);
  const there =
    account === context.scope.account && (region === '' || region === context.scope.region)
      ? context
      : context.in({ account, ...(region ? { region } : {}) });
  const queue = there.store.table(queues).get(name);
  if (!queue) throw queueDoesNotExist();
  return { queue, there };
}

/** A queue's messages, oldest first. */
export const heldBy = ({ queue, there }: Place): Message[] =>
  there.store
    .table(messages)
    .by('queue', queue.name)
    .sort((a, b) => a.sentAt - b.sentAt || (a.sequence ?? '').localeCompare(b.sequence ?? ''));

/** Refuses a service that the queue's own policy does not let send. */
export function checkSender({ queue }: Place, { caller }: Context): void {
  if (caller.kind !== 'service') return;
  const document = queue.attributes['Policy'];
  const deed = {
    action: 'sqs:SendMessage',
    resource: queue.arn,
    service: caller.arn,
    account: caller.account,
    sourceArn: caller.sourceArn,
  };
  if (!document || !letsService(document, deed)) throw accessDenied();
}
