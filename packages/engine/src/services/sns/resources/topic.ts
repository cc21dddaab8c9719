import { type ResourceContext, resource } from '../../../cloudformation/resource-handler.ts';

interface TopicProperties {
  readonly TopicName?: string;
  readonly DisplayName?: string;
  readonly FifoTopic?: boolean;
  readonly KmsMasterKeyId?: string;
  readonly SignatureVersion?: string;
  readonly TracingConfig?: string;
  readonly DataProtectionPolicy?: unknown;
  readonly Subscription?: readonly { readonly Endpoint: string; readonly Protocol: string }[];
  readonly Tags?: unknown;
}

/** The topic's attributes, as SNS has them. */
function attributesOf(properties: TopicProperties): Record<string, string> {
  const { DisplayName, KmsMasterKeyId, SignatureVersion, TracingConfig, DataProtectionPolicy } = properties;
  const given = {
    DisplayName,
    KmsMasterKeyId,
    SignatureVersion,
    TracingConfig,
    DataProtectionPolicy: DataProtectionPolicy && JSON.stringify(DataProtectionPolicy),
  };
  return Object.fromEntries(Object.entries(given).flatMap(([name, value]) => (value ? [[name, String(value)]] : [])));
}

type Inline = NonNullable<TopicProperties['Subscription']>;
const listed = (subscriptions: Inline | undefined) =>
  new Map((subscriptions ?? []).map((one) => [`${one.Protocol} ${one.Endpoint}`, one]));

function changeSubscriptions(
  TopicArn: string,
  now: Inline | undefined,
  before: Inline | undefined,
  { sns }: ResourceContext,
) {
  const [wanted, had] = [listed(now), listed(before)];
  for (const [key, one] of wanted) if (!had.has(key)) sns.subscribe({ TopicArn, ...one });
  const gone = [...had.keys()].filter((key) => !wanted.has(key));
  if (gone.length === 0) return;
  for (const row of sns.listSubscriptionsByTopic({ TopicArn }).Subscriptions ?? [])
    if (gone.includes(`${row.Protocol} ${row.Endpoint}`) && row.SubscriptionArn?.startsWith('arn:'))
      sns.unsubscribe({ SubscriptionArn: row.SubscriptionArn });
}

/** AWS::SNS::Topic */
export const topic = resource<TopicProperties>({
  create(properties, context) {
    const Name = properties.TopicName ?? context.physicalName({ max: 256 });
    const Attributes = { ...attributesOf(properties), ...(properties.FifoTopic ? { FifoTopic: 'true' } : {}) };
    const { TopicArn = '' } = context.sns.createTopic({ Name, Attributes, Tags: context.tags(properties.Tags) });
    changeSubscriptions(TopicArn, properties.Subscription, [], context);
    return { id: TopicArn, attributes: { TopicArn, TopicName: Name } };
  },
  update(TopicArn, properties, previous, context) {
    const { sns } = context;
    const [now, before] = [attributesOf(properties), attributesOf(previous)];
    for (const AttributeName of new Set([...Object.keys(now), ...Object.keys(before)]))
      if (now[AttributeName] !== before[AttributeName])
        sns.setTopicAttributes({ TopicArn, AttributeName, AttributeValue: now[AttributeName] ?? '' });
    changeSubscriptions(TopicArn, properties.Subscription, previous.Subscription, context);
    const Tags = context.tags(properties.Tags);
    const gone = context.tags(previous.Tags).filter(({ Key }) => !Tags.some((tag) => tag.Key === Key));
    if (gone.length > 0) sns.untagResource({ ResourceArn: TopicArn, TagKeys: gone.map(({ Key }) => Key) });
    sns.tagResource({ ResourceArn: TopicArn, Tags });
    return undefined;
  },
  delete: (TopicArn, _, { sns }) => void sns.deleteTopic({ TopicArn }),
});

interface PolicyProperties {
  readonly PolicyDocument: unknown;
  readonly Topics: readonly string[];
}

const setPolicy = (TopicArn: string, policy: unknown, { sns }: ResourceContext) =>
  sns.setTopicAttributes({
    TopicArn,
    AttributeName: 'Policy',
    AttributeValue: policy === undefined ? '' : JSON.stringify(policy),
  });

/** AWS::SNS::TopicPolicy. A topic that loses it has the default policy again. */
export const topicPolicy = resource<PolicyProperties>({
  create({ PolicyDocument, Topics }, context) {
    for (const arn of Topics) setPolicy(arn, PolicyDocument, context);
    const Id = context.physicalName({ max: 100 });
    return { id: Id, attributes: { Id } };
  },
  update(_, { PolicyDocument, Topics }, previous, context) {
    for (const arn of previous.Topics) if (!Topics.includes(arn)) setPolicy(arn, undefined, context);
    for (const arn of Topics) setPolicy(arn, PolicyDocument, context);
    return undefined;
  },
  delete(_, { Topics }, context) {
    for (const arn of Topics) setPolicy(arn, undefined, context);
  },
});

/** AWS::SNS::TopicInlinePolicy */
export const topicInlinePolicy = resource<{ readonly PolicyDocument: unknown; readonly TopicArn: string }>({
  create({ PolicyDocument, TopicArn }, context) {
    setPolicy(TopicArn, PolicyDocument, context);
    return { id: TopicArn };
  },
  update(_, { PolicyDocument, TopicArn }, __, context) {
    setPolicy(TopicArn, PolicyDocument, context);
    return undefined;
  },
  delete: (_, { TopicArn }, context) => void setPolicy(TopicArn, undefined, context),
});
