import { type Properties, type ResourceContext, resource } from '../../../cloudformation/resource-handler.ts';
import { isAwsError } from '../../../kernel/aws-error.ts';

const attributeNames = [
  'ContentBasedDeduplication',
  'DeduplicationScope',
  'DelaySeconds',
  'FifoThroughputLimit',
  'KmsDataKeyReusePeriodSeconds',
  'KmsMasterKeyId',
  'MaximumMessageSize',
  'MessageRetentionPeriod',
  'ReceiveMessageWaitTimeSeconds',
  'RedriveAllowPolicy',
  'RedrivePolicy',
  'SqsManagedSseEnabled',
  'VisibilityTimeout',
] as const;

type QueueProperties = { readonly [Name in (typeof attributeNames)[number]]?: unknown } & {
  readonly QueueName?: string;
  readonly FifoQueue?: boolean;
  readonly Tags?: unknown;
};

const attributesOf = (properties: QueueProperties): Record<string, string> =>
  Object.fromEntries(
    attributeNames.flatMap((name) => {
      const value = properties[name];
      return value === undefined ? [] : [[name, typeof value === 'object' ? JSON.stringify(value) : String(value)]];
    }),
  );

/** What attributes have that the template no longer says. */
const standards: Readonly<Record<string, string>> = {
  ContentBasedDeduplication: 'false',
  DelaySeconds: '0',
  MaximumMessageSize: '1048576',
  MessageRetentionPeriod: '345600',
  ReceiveMessageWaitTimeSeconds: '0',
  VisibilityTimeout: '30',
};

const tagsOf = (context: ResourceContext, own: unknown): Record<string, string> =>
  Object.fromEntries(context.tags(own).map(({ Key, Value }) => [Key, Value]));

/** AWS::SQS::Queue. `Ref` is the URL. */
export const queue = resource<QueueProperties>({
  create(properties, context) {
    const suffix = properties.FifoQueue ? '.fifo' : '';
    const QueueName = properties.QueueName ?? `${context.physicalName({ max: 80 - suffix.length })}${suffix}`;
    const { QueueUrl = '' } = context.sqs.createQueue({
      QueueName,
      Attributes: { ...attributesOf(properties), ...(properties.FifoQueue ? { FifoQueue: 'true' } : {}) },
      tags: tagsOf(context, properties.Tags),
    });
    const { region, account } = context.scope;
    const Arn = `arn:aws:sqs:${region}:${account}:${QueueName}`;
    return { id: QueueUrl, attributes: { Arn, QueueName, QueueUrl } };
  },

  update(QueueUrl, properties, previous, context) {
    const [now, before] = [attributesOf(properties), attributesOf(previous)];
    const gone = Object.keys(before).filter((name) => !(name in now));
    const Attributes = { ...Object.fromEntries(gone.map((name) => [name, standards[name] ?? ''])), ...now };
    context.sqs.setQueueAttributes({ QueueUrl, Attributes });
    const Tags = tagsOf(context, properties.Tags);
    const TagKeys = Object.keys(tagsOf(context, previous.Tags)).filter((key) => !(key in Tags));
    if (TagKeys.length > 0) context.sqs.untagQueue({ QueueUrl, TagKeys });
    context.sqs.tagQueue({ QueueUrl, Tags });
    return undefined;
  },

  delete(QueueUrl, _, { sqs }) {
    try {
      sqs.deleteQueue({ QueueUrl });
    } catch (error) {
      if (!isAwsError(error, 'QueueDoesNotExist')) throw error;
    }
  },
});

interface PolicyProperties {
  readonly PolicyDocument: Properties | string;
  readonly Queues: readonly string[];
}

function setPolicy(QueueUrl: string, policy: Properties | string | undefined, { sqs }: ResourceContext): void {
  const Policy = policy === undefined ? '' : typeof policy === 'string' ? policy : JSON.stringify(policy);
  try {
    sqs.setQueueAttributes({ QueueUrl, Attributes: { Policy } });
  } catch (error) {
    if (policy !== undefined || !isAwsError(error, 'QueueDoesNotExist')) throw error;
  }
}

/** AWS::SQS::QueuePolicy. A queue that loses it has none. */
export const queuePolicy = resource<PolicyProperties>({
  create({ PolicyDocument, Queues }, context) {
    for (const url of Queues) setPolicy(url, PolicyDocument, context);
    const Id = context.physicalName({ max: 100 });
    return { id: Id, attributes: { Id } };
  },
  update(_, { PolicyDocument, Queues }, previous, context) {
    for (const url of previous.Queues) if (!Queues.includes(url)) setPolicy(url, undefined, context);
    for (const url of Queues) setPolicy(url, PolicyDocument, context);
    return undefined;
  },
  delete(_, { Queues }, context) {
    for (const url of Queues) setPolicy(url, undefined, context);
  },
});
