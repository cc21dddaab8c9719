import { AwsError } from '../../../kernel/aws-error.ts';
import { serviceCaller } from '../../../kernel/caller.ts';
import type { Context } from '../../../kernel/context.ts';
import { type Controller, watch } from '../../../kernel/controller.ts';
import { serviceFacts } from '../../../kernel/service-names.ts';
import { targetInput } from '../input/target-input.ts';
import { type Delivery, deliveries } from '../model.ts';
import { eventTime } from '../operations/put-events.ts';
import { invokeTarget } from './invoke-target.ts';
import { planRetry } from './plan-delivery.ts';
import { countRule } from './rule-metrics.ts';

/** Works off the deliveries: at least once each, so that a crash loses none. */
export const deliveryController: Controller = {
  name: 'eventBridge/delivery',
  watches: [watch(deliveries, ({ id }) => id)],
  reconcile(id, context) {
    const delivery = context.store.table(deliveries).get(id);
    if (!delivery) return undefined;
    if (context.now < delivery.nextAttemptAt) return delivery.nextAttemptAt;
    const error = attempt(delivery, context);
    if (error) return settle(delivery, error, context);
    countRule({ Name: delivery.ruleName }, 'Invocations', context);
    context.store.table(deliveries).delete(id);
    tellDelivered(delivery, context);
    return undefined;
  },
};

function tellDelivered({ ruleArn, ruleName, target, event, attempts }: Delivery, context: Context): void {
  context.emit({
    type: 'eventbridge/delivered',
    subject: ruleArn,
    message: `rule ${ruleName} sent "${event['detail-type']}" to ${target.Arn}`,
    data: { rule: ruleName, target: target.Arn, event: event.id, detailType: event['detail-type'], attempts },
  });
}

/** Acts as EventBridge for the rule, with the event as the cause. */
function attempt(delivery: Delivery, context: Context): AwsError | undefined {
  const { event, target, ruleArn, ruleName, cause } = delivery;
  const caller = { ...serviceCaller(context.scope.account, serviceFacts.eventBridge.principal, ruleArn), cause };
  const ingestionTime = eventTime(delivery.createdAt);
  try {
    const input = targetInput(target, event, { ruleArn, ruleName, ingestionTime });
    context.attempt(() => invokeTarget(target, { input, event }, context.as(caller)));
    return undefined;
  } catch (error) {
    if (error instanceof AwsError) return error;
    throw error;
  }
}

/** Sends an event that was given up to the target's dead-letter queue, with why (https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html). Answers what the queue refused. */
function bury(
  { event, ruleArn, ruleName, target, attempts }: Delivery,
  queue: string,
  { code, exhausted }: { readonly code: string; readonly exhausted?: string | undefined },
  error: AwsError,
  context: Context,
): AwsError | undefined {
  const facts = {
    RULE_ARN: ruleArn,
    TARGET_ARN: target.Arn,
    ERROR_CODE: code,
    ERROR_MESSAGE: error.message,
    RETRY_ATTEMPTS: String(attempts),
    ...(exhausted ? { EXHAUSTED_RETRY_CONDITION: exhausted } : {}),
  };
  const attributes = Object.entries(facts).map(([name, StringValue]) => [name, { DataType: 'String', StringValue }]);
  const caller = serviceCaller(context.scope.account, serviceFacts.eventBridge.principal, ruleArn);
  try {
    context.attempt(() =>
      context.as(caller).sqs.sendMessage({
        QueueUrl: queue,
        MessageBody: JSON.stringify(event),
        MessageAttributes: Object.fromEntries(attributes),
      }),
    );
    countRule({ Name: ruleName }, 'InvocationsSentToDlq', context);
    return undefined;
  } catch (refused) {
    if (!(refused instanceof AwsError)) throw refused;
    countRule({ Name: ruleName }, 'InvocationsFailedToBeSentToDlq', context);
    return refused;
  }
}

function settle(delivery: Delivery, error: AwsError, context: Context): number | undefined {
  const table = context.store.table(deliveries);
  const step = planRetry(delivery, error, context.now, context.ids.random('eventBridge/retry'));
  if (step.do === 'retry') {
    countRule({ Name: delivery.ruleName }, 'RetryInvocationAttempts', context);
    table.put(delivery.id, { ...delivery, attempts: delivery.attempts + 1, nextAttemptAt: step.at });
    return step.at;
  }
  countRule({ Name: delivery.ruleName }, 'FailedInvocations', context);
  table.delete(delivery.id);
  const queue = delivery.target.DeadLetterConfig?.Arn;
  const lost = queue === undefined ? undefined : bury(delivery, queue, step, error, context);
  context.emit({
    type: 'eventbridge/delivery-failed',
    subject: delivery.ruleArn,
    message:
      `the event "${delivery.event['detail-type']}" could not be delivered to ${delivery.target.Arn}: ${error.message}` +
      (queue ? `; it ${lost === undefined ? 'is in' : 'could not be sent to'} the dead-letter queue ${queue}` : '') +
      (lost === undefined ? '' : `: ${lost.message}`),
    data: {
      rule: delivery.ruleName,
      target: delivery.target.Arn,
      event: delivery.event,
      code: step.code,
      error: error.message,
      attempts: delivery.attempts,
      ...(step.exhausted ? { exhausted: step.exhausted } : {}),
      ...(queue ? { deadLetterQueue: queue } : {}),
    },
  });
  return undefined;
}
