import type { Caller } from '../../kernel/caller.ts';
import type { PolicyText } from '../../policy/document.ts';
import { says } from '../../policy/evaluate.ts';

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
 * Whether a topic's policy lets a service publish. A service has no identity in the account that could allow it, so the topic must.
 * Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html#eb-sns-permissions
 */
export function mayPublish(
  policy: Policy,
  caller: Pick<Caller, 'arn' | 'account' | 'sourceArn'>,
  topicArn: string,
): boolean {
  const facts: Readonly<Record<string, string | undefined>> = {
    'aws:sourcearn': caller.sourceArn,
    'aws:sourceaccount': caller.account,
    'aws:sourceowner': ownedBy.includes(caller.arn) ? caller.account : undefined,
    'aws:securetransport': 'true',
  };
  const deed = {
    action: 'sns:Publish',
    resource: topicArn,
    principal: { account: caller.account, arn: caller.arn, service: caller.arn },
    keys: (name: string) => {
      const fact = facts[name];
      return fact === undefined ? undefined : [fact];
    },
  };
  const named = { name: topicArn, document: JSON.stringify(policy) };
  return says(named, 'Deny', deed).length === 0 && says(named, 'Allow', deed).length > 0;
}
