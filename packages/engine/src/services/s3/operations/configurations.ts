import type { AwsError } from '../../../kernel/aws-error.ts';
import type { Context } from '../../../kernel/context.ts';
import type { AnyHandler } from '../../../kernel/service.ts';
import { notConfigured } from '../errors.ts';
import { type Bucket, buckets } from '../model.ts';
import { notificationConfiguration } from '../notifications/configure.ts';
import { requireBucket } from './buckets.ts';
import {
  checkCors,
  checkEncryption,
  checkLifecycle,
  checkObjectLock,
  checkOwnership,
  checkPolicy,
  checkTagging,
  checkWebsite,
} from './configuration-checks.ts';

type Members = Readonly<Record<string, unknown>>;

/** A thing that a bucket can have configured: how it is written, how it reads back, and what is answered where it is not there. */
interface Configuration {
  /** Its operations are `Put<name>`, `Get<name>`, `Delete<name>`. */
  readonly name: string;
  /** The member of the Put input that is kept. */
  readonly member: string;
  /** What Get answers from it: the same member, or its inside. */
  readonly answers: 'member' | 'inside';
  readonly absent: (() => AwsError) | Members;
  /** Refuses what AWS refuses, and answers what is kept; without it everything is kept as it is. */
  readonly check?: (value: never, bucket: Bucket, context: Context, input: Members) => unknown;
  /** What Get and Put answer beside it. */
  readonly beside?: Members;
  /** Some are deleted by an operation of another name, some never. */
  readonly deletedBy?: string;
}

const aes256 = { Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' }, BucketKeyEnabled: false }] };

const configurations: readonly Configuration[] = [
  {
    name: 'BucketPolicy',
    member: 'Policy',
    answers: 'member',
    absent: () => notConfigured('NoSuchBucketPolicy', 'The bucket policy does not exist'),
    deletedBy: 'DeleteBucketPolicy',
    check: checkPolicy,
  },
  {
    name: 'BucketEncryption',
    member: 'ServerSideEncryptionConfiguration',
    answers: 'member',
    absent: { ServerSideEncryptionConfiguration: aes256 },
    deletedBy: 'DeleteBucketEncryption',
    check: checkEncryption,
  },
  {
    name: 'PublicAccessBlock',
    member: 'PublicAccessBlockConfiguration',
    answers: 'member',
    absent: () =>
      notConfigured('NoSuchPublicAccessBlockConfiguration', 'The public access block configuration was not found'),
    deletedBy: 'DeletePublicAccessBlock',
  },
  {
    name: 'BucketLifecycleConfiguration',
    member: 'LifecycleConfiguration',
    answers: 'inside',
    absent: () => notConfigured('NoSuchLifecycleConfiguration', 'The lifecycle configuration does not exist'),
    deletedBy: 'DeleteBucketLifecycle',
    check: checkLifecycle,
    beside: { TransitionDefaultMinimumObjectSize: 'all_storage_classes_128K' },
  },
  {
    name: 'BucketCors',
    member: 'CORSConfiguration',
    answers: 'inside',
    absent: () => notConfigured('NoSuchCORSConfiguration', 'The CORS configuration does not exist'),
    deletedBy: 'DeleteBucketCors',
    check: checkCors,
  },
  {
    name: 'BucketOwnershipControls',
    member: 'OwnershipControls',
    answers: 'member',
    absent: () => notConfigured('OwnershipControlsNotFoundError', 'The bucket ownership controls were not found'),
    deletedBy: 'DeleteBucketOwnershipControls',
    check: checkOwnership,
  },
  {
    name: 'BucketTagging',
    member: 'Tagging',
    answers: 'inside',
    absent: () => notConfigured('NoSuchTagSet', 'The TagSet does not exist'),
    deletedBy: 'DeleteBucketTagging',
    check: checkTagging,
  },
  {
    name: 'BucketWebsite',
    member: 'WebsiteConfiguration',
    answers: 'inside',
    absent: () =>
      notConfigured('NoSuchWebsiteConfiguration', 'The specified bucket does not have a website configuration'),
    deletedBy: 'DeleteBucketWebsite',
    check: checkWebsite,
  },
  {
    name: 'BucketReplication',
    member: 'ReplicationConfiguration',
    answers: 'member',
    absent: () => notConfigured('ReplicationConfigurationNotFoundError', 'The replication configuration was not found'),
    deletedBy: 'DeleteBucketReplication',
  },
  {
    name: 'ObjectLockConfiguration',
    member: 'ObjectLockConfiguration',
    answers: 'member',
    absent: () =>
      notConfigured('ObjectLockConfigurationNotFoundError', 'Object Lock configuration does not exist for this bucket'),
    check: checkObjectLock,
  },
  { name: 'BucketLogging', member: 'BucketLoggingStatus', answers: 'inside', absent: {} },
  {
    name: 'BucketNotificationConfiguration',
    member: 'NotificationConfiguration',
    answers: 'inside',
    absent: {},
    check: notificationConfiguration,
  },
  {
    name: 'BucketRequestPayment',
    member: 'RequestPaymentConfiguration',
    answers: 'inside',
    absent: { Payer: 'BucketOwner' },
  },
  { name: 'BucketAccelerateConfiguration', member: 'AccelerateConfiguration', answers: 'inside', absent: {} },
];

/** Under which name the row keeps it; CreateBucket sets some of them from the start. */
const keptAs = (name: string) => name.replace(/^Bucket(?=OwnershipControls)/, '');

function put({ name, member, check, beside = {} }: Configuration) {
  return (input: Members, context: Context): object => {
    const bucket = requireBucket(context, input['Bucket'] as string);
    const value = check ? check(input[member] as never, bucket, context, input) : input[member];
    const configurations = { ...bucket.configurations, [keptAs(name)]: value };
    context.store.table(buckets).put(bucket.name, { ...bucket, configurations });
    return beside;
  };
}

function get({ name, member, answers, absent, beside = {} }: Configuration) {
  return (input: Members, context: Context): object => {
    const kept = requireBucket(context, input['Bucket'] as string).configurations[keptAs(name)];
    if (kept !== undefined) return answers === 'member' ? { [member]: kept } : { ...(kept as object), ...beside };
    if (typeof absent === 'function') throw absent();
    return absent;
  };
}

function remove({ name }: Configuration) {
  return (input: Members, context: Context): object => {
    const bucket = requireBucket(context, input['Bucket'] as string);
    const { [keptAs(name)]: _, ...rest } = bucket.configurations;
    context.store.table(buckets).put(bucket.name, { ...bucket, configurations: rest });
    return {};
  };
}

/** The operations of all configurations, by name. */
export const configurationOperations: Readonly<Record<string, AnyHandler>> = Object.fromEntries(
  configurations.flatMap((one) => [
    [`Put${one.name}`, put(one)],
    [`Get${one.name}`, get(one)],
    ...(one.deletedBy ? [[one.deletedBy, remove(one)]] : []),
  ]),
);
