import { type Controller, watch } from '../../../kernel/controller.ts';
import { subscriptions } from '../model.ts';
import { removeSubscription } from '../operations/subscriptions.ts';

/** https://docs.aws.amazon.com/sns/latest/dg/sns-create-subscribe-endpoint-to-topic.html */
const pending_ms_max = 48 * 3_600_000;

/** Takes away what nobody has confirmed. */
export const subscriptionController: Controller = {
  name: 'sns/subscription',
  watches: [watch(subscriptions, ({ arn }) => arn)],
  reconcile(arn, context) {
    const row = context.store.table(subscriptions).get(arn);
    if (!row || row.confirmed) return undefined;
    const end = row.createdAt + pending_ms_max;
    if (context.now < end) return end;
    removeSubscription(context, row);
    return undefined;
  },
};
