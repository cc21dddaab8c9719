import type { Caller } from '../../kernel/caller.ts';

type OneOrMore = string | readonly string[];

interface Statement {
  readonly Effect?: 'Allow' | 'Deny';
  readonly Principal?: '*' | Readonly<Record<string, OneOrMore>>;
  readonly Action?: OneOrMore;
  readonly NotAction?: OneOrMore;
  readonly Resource?: OneOrMore;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, OneOrMore>>>>;
}

export interface Policy {
  readonly Version?: string;
  readonly Statement?: Statement | readonly Statement[];
}

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
  const facts: Record<string, string | undefined> = {
    'aws:sourcearn': caller.sourceArn,
    'aws:sourceaccount': caller.account,
    'aws:sourceowner': ownedBy.includes(caller.arn) ? caller.account : undefined,
    'aws:securetransport': 'true',
  };
  const applying = listOf(policy.Statement).filter(
    (statement) =>
      isPrincipal(statement.Principal, caller.arn) &&
      isPublish(statement) &&
      listOf(statement.Resource).some((resource) => like(resource, topicArn)) &&
      holds(statement.Condition ?? {}, facts),
  );
  return applying.some(({ Effect }) => Effect === 'Allow') && !applying.some(({ Effect }) => Effect === 'Deny');
}

const isPrincipal = (principal: Statement['Principal'], service: string): boolean =>
  principal === '*' ||
  listOf(principal?.['AWS']).includes('*') ||
  listOf(principal?.['Service']).some((name) => name === service || name === '*');

function isPublish({ Action, NotAction }: Statement): boolean {
  const names = (actions: OneOrMore | undefined) =>
    listOf(actions).some((action) => like(action.toLowerCase(), 'sns:publish'));
  return NotAction === undefined ? names(Action) : !names(NotAction);
}

function holds(
  condition: NonNullable<Statement['Condition']>,
  facts: Readonly<Record<string, string | undefined>>,
): boolean {
  return Object.entries(condition).every(([operator, wanted]) =>
    Object.entries(wanted).every(([key, values]) => {
      const fact = facts[key.toLowerCase()];
      const [, negated, ifExists] =
        /^(?:ForAnyValue:|ForAllValues:)?(?:String|Arn|Bool)(Not)?[A-Za-z]*?(IfExists)?$/.exec(operator) ?? [];
      if (fact === undefined) return ifExists !== undefined || negated !== undefined;
      const met = listOf(values).some((value) => compare(operator, String(value), fact));
      return negated ? !met : met;
    }),
  );
}

function compare(operator: string, value: string, fact: string): boolean {
  if (operator.includes('Like') || operator.includes('Arn')) return like(value, fact);
  if (operator.includes('IgnoreCase') || operator.startsWith('Bool')) return value.toLowerCase() === fact.toLowerCase();
  return operator.includes('Equals') && value === fact;
}

/** `*` and `?` stand for any characters, and for one. */
function like(pattern: string, text: string): boolean {
  const expression = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${expression}$`, 's').test(text);
}

const listOf = <Item>(value: Item | readonly Item[] | undefined): readonly Item[] =>
  value === undefined ? [] : Array.isArray(value) ? value : [value as Item];
