import { isAwsError } from '../../kernel/aws-error.ts';
import type { Context } from '../../kernel/context.ts';
import { asService } from '../../kernel/create-context.ts';
import type { Stack, StackEvent } from './model.ts';

/** Tells a stack's notification topics of an event, in the lines that AWS writes. A topic that is not there is nobody told. */
export function notify(context: Context, { NotificationARNs = [] }: Stack, event: StackEvent): void {
  for (const TopicArn of NotificationARNs) {
    try {
      asService(context, 'cloudFormation', event.StackId).sns.publish({
        TopicArn,
        Subject: 'AWS CloudFormation Notification',
        Message: messageOf(context, event),
      });
    } catch (error) {
      if (!isAwsError(error)) throw error;
    }
  }
}

function messageOf({ scope, caller }: Context, event: StackEvent): string {
  const lines = {
    StackId: event.StackId,
    Timestamp: event.Timestamp.toISOString(),
    EventId: event.EventId,
    LogicalResourceId: event.LogicalResourceId,
    Namespace: scope.account,
    PhysicalResourceId: event.PhysicalResourceId,
    PrincipalId: caller.userId,
    ResourceProperties: event.ResourceProperties ?? 'null',
    ResourceStatus: event.ResourceStatus,
    ResourceStatusReason: event.ResourceStatusReason ?? '',
    ResourceType: event.ResourceType,
    StackName: event.StackName,
    ClientRequestToken: event.ClientRequestToken ?? 'null',
  };
  return Object.entries(lines)
    .map(([name, value]) => `${name}='${value ?? ''}'\n`)
    .join('');
}
