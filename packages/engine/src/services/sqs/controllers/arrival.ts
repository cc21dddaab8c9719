import { type Controller, watch } from '../../../kernel/controller.ts';
import { deduplications, messages, queues } from '../model.ts';
import type { Waiting } from '../ports.ts';

/** Wakes whoever waits at a queue for a message, once the message is on disk. */
export const arrivalController = ({ receivers }: Waiting): Controller => ({
  name: 'sqs/arrival',
  watches: [watch(messages, ({ queue }) => queue)],
  reconcile(name, context) {
    const arn = context.store.table(queues).get(name)?.arn ?? '';
    const waiting = receivers.get(arn);
    if (!waiting || waiting.size === 0) return undefined;
    context.after(() => {
      for (const again of [...waiting]) again();
    });
    return undefined;
  },
});

/** Forgets what can be sent again. */
export const deduplicationController: Controller = {
  name: 'sqs/deduplication',
  watches: [watch(deduplications, ({ key }) => key)],
  reconcile(key, context) {
    const row = context.store.table(deduplications).get(key);
    if (!row || context.now < row.until) return row?.until;
    context.store.table(deduplications).delete(key);
    return undefined;
  },
};
