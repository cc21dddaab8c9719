import { isAwsError } from '../kernel/aws-error.ts';
import type { Context } from '../kernel/context.ts';
import { asService } from '../kernel/create-context.ts';
import type { NamedPolicy } from '../policy/evaluate.ts';

/** Reads the policy that is on a resource, as its owner would. */
type Read = (arn: string, context: Context) => string | undefined;

const lastPart = (arn: string): string => arn.slice(arn.lastIndexOf(':') + 1);

/** By the service in the resource's ARN. */
const readers: Readonly<Record<string, Read>> = {
  s3: (arn, { s3 }) => s3.getBucketPolicy({ Bucket: lastPart(arn).split('/')[0] ?? '' }).Policy,
  secretsmanager: (SecretId, { secretsManager }) => secretsManager.getResourcePolicy({ SecretId }).ResourcePolicy,
  sns: (arn, { sns }) => sns.getTopicAttributes({ TopicArn: arn }).Attributes?.['Policy'],
  kms: (KeyId, { kms }) => kms.getKeyPolicy({ KeyId }).Policy,
  sqs: (QueueUrl, { sqs }) => sqs.getQueueAttributes({ QueueUrl, AttributeNames: ['Policy'] }).Attributes?.['Policy'],
  lambda: (arn, { lambda }) => lambda.getPolicy({ FunctionName: arn }).Policy,
  iam: (arn, { iam }) =>
    decodeURIComponent(
      iam.getRole({ RoleName: lastPart(arn).split('/').at(-1) ?? '' }).Role?.AssumeRolePolicyDocument ?? '',
    ),
  ecr: (arn, { ecr }) => ecr.getRepositoryPolicy({ repositoryName: arn.replace(/^.*:repository\//, '') }).policyText,
};

/** The policy of a resource; undefined where it has none, or is not there. */
export function resourcePolicyOf(arn: string, context: Context): NamedPolicy | undefined {
  const [, , service = '', region = '', account = ''] = arn.split(':');
  const read = readers[service];
  if (!read || arn.includes('*')) return undefined;
  const owner = asService(context.in({ ...(region ? { region } : {}), ...(account ? { account } : {}) }), 'iam');
  try {
    const document = read(arn, owner);
    return document === undefined ? undefined : { name: arn, document };
  } catch (error) {
    if (!isAwsError(error)) throw error;
    return undefined;
  }
}

/** Reads tags of resources: where a policy asks for them. By the service in the ARN. */
const tagReaders: Readonly<Record<string, (arn: string, context: Context) => readonly object[]>> = {
  ecs: (resourceArn, { ecs }) => ecs.listTagsForResource({ resourceArn }).tags ?? [],
  elasticloadbalancing: (arn, { elbv2 }) =>
    elbv2.describeTags({ ResourceArns: [arn] }).TagDescriptions?.flatMap(({ Tags = [] }) => Tags) ?? [],
  sns: (arn, { sns }) => sns.listTagsForResource({ ResourceArn: arn }).Tags ?? [],
  cloudwatch: (arn, { cloudWatch }) => cloudWatch.listTagsForResource({ ResourceARN: arn }).Tags ?? [],
  events: (arn, { eventBridge }) => eventBridge.listTagsForResource({ ResourceARN: arn }).Tags ?? [],
  ecr: (resourceArn, { ecr }) => ecr.listTagsForResource({ resourceArn }).tags ?? [],
  lambda: (arn, { lambda }) => entries(lambda.listTags({ Resource: arn }).Tags),
  logs: (resourceArn, { logs }) =>
    entries(logs.listTagsForResource({ resourceArn: resourceArn.replace(/:\*$/, '') }).tags),
  s3: (arn, { s3 }) => s3.getBucketTagging({ Bucket: lastPart(arn).split('/')[0] ?? '' }).TagSet ?? [],
  ec2: (arn, { ec2 }) =>
    ec2.describeTags({ Filters: [{ Name: 'resource-id', Values: [arn.slice(arn.lastIndexOf('/') + 1)] }] }).Tags ?? [],
};

const entries = (tags: Readonly<Record<string, string>> | undefined): object[] =>
  Object.entries(tags ?? {}).map(([Key, Value]) => ({ Key, Value }));

export function resourceTagsOf(arn: string, context: Context): Record<string, string> {
  const [, , service = '', region = ''] = arn.split(':');
  const read = tagReaders[service];
  if (!read || arn.includes('*')) return {};
  try {
    const tags = read(arn, asService(region === '' ? context : context.in({ region }), 'iam')) as readonly Tag[];
    return Object.fromEntries(tags.map((tag) => [tag.Key ?? tag.key ?? '', tag.Value ?? tag.value ?? '']));
  } catch (error) {
    if (!isAwsError(error)) throw error;
    return {};
  }
}

interface Tag {
  readonly Key?: string;
  readonly key?: string;
  readonly Value?: string;
  readonly value?: string;
}
