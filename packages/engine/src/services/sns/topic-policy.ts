import type { Caller } from '../../kernel/caller.ts';
import type { PolicyText } from '../../policy/document.ts';
import { letsService } from '../../policy/lets-service.ts';

export type Policy = PolicyText;

/** What a new topic has: its account may do everything (https://docs.aws.amazon.com/sns/latest/dg/sns-access-policy-use-cases.html). */
export const defaultPolicy = (topicArn: string, account: string): Policy & { readonly Id: string } => ({
  Version: '2008-10-17',
  Id: '__default_policy_ID',
  Statement: [
    {
      Effect: 'Allow',
      Principal: { AWS: '*' },
      Action: [
        'SNS:GetTopicAttributes',
        'SNS:SetTopicAttributes',
        'SNS:AddPermission',
        'SNS:RemovePermission',
        'SNS:DeleteTopic',
        'SNS:Subscribe',
        'SNS:ListSubscriptionsByTopic',
        'SNS:Publish',
      ],
      Resource: topicArn,
      Condition: { StringEquals: { 'AWS:SourceOwner': account } },
    },
  ],
});

/** Services that say in whose name they publish, and so need no more than the default policy. EventBridge is none of them. */
const ownedBy = ['cloudwatch.amazonaws.com', 'cloudformation.amazonaws.com', 's3.amazonaws.com'];

/**
 * Whether a topic's policy lets a service publish.
 * Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html#eb-sns-permissions
 */
export function mayPublish(
  policy: Policy,
  caller: Pick<Caller, 'arn' | 'account' | 'sourceArn'>,
  topicArn: string,
): boolean {
  return letsService(JSON.stringify(policy), {
    action: 'sns:Publish',
    resource: topicArn,
    service: caller.arn,
    account: caller.account,
    sourceArn: caller.sourceArn,
    more: { 'aws:sourceowner': ownedBy.includes(caller.arn) ? caller.account : undefined },
  });
}
