import type { Bucket, ObjectVersion } from '../model.ts';

/** What happened to an object. */
export interface Happening {
  /** `ObjectCreated:Put`, `ObjectRemoved:DeleteMarkerCreated` and so on, without `s3:`. */
  readonly name: string;
  /** The operation, as EventBridge's events tell it. */
  readonly reason?: string;
}

/** Where and when, and who did it. */
export interface Circumstances {
  readonly bucket: Bucket;
  readonly now: number;
  readonly requestId: string;
  /** The unique id of who did it. */
  readonly principalId: string;
  readonly requester: string;
}

/** Rises with every change of a key, so that the order of two events can be told. */
const sequencer = (now: number, { sequence }: ObjectVersion) =>
  (now.toString(16).padStart(12, '0') + sequence.toString(16).padStart(4, '0')).toUpperCase();

const plainTag = ({ etag }: ObjectVersion) => etag.replaceAll('"', '');
const emptyTag = 'd41d8cd98f00b204e9800998ecf8427e';
const isDeletion = (name: string) => /^(ObjectRemoved|LifecycleExpiration):/.test(name);

/** Keys in notifications are encoded as in forms. */
const formEncoded = (key: string) => encodeURIComponent(key).replaceAll('%20', '+').replaceAll('%2F', '/');

/** The record that Lambda, SNS and SQS get (https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html). */
export function eventRecord(
  { name }: Happening,
  version: ObjectVersion,
  { bucket, now, requestId, principalId }: Circumstances,
  configurationId: string,
): object {
  const versioned = bucket.versioning ? { versionId: version.versionId } : {};
  const content = name.endsWith(':DeleteMarkerCreated')
    ? { eTag: emptyTag }
    : isDeletion(name)
      ? {}
      : { size: version.size, eTag: plainTag(version) };
  return {
    eventVersion: /^Object(Created|Removed):/.test(name) ? '2.1' : '2.3',
    eventSource: 'aws:s3',
    awsRegion: bucket.region,
    eventTime: new Date(now).toISOString(),
    eventName: name,
    userIdentity: { principalId: `AWS:${principalId}` },
    requestParameters: { sourceIPAddress: '127.0.0.1' },
    responseElements: { 'x-amz-request-id': requestId, 'x-amz-id-2': requestId },
    s3: {
      s3SchemaVersion: '1.0',
      configurationId,
      bucket: {
        name: bucket.name,
        ownerIdentity: { principalId: bucket.account },
        arn: `arn:aws:s3:::${bucket.name}`,
      },
      object: { key: formEncoded(version.key), ...content, ...versioned, sequencer: sequencer(now, version) },
    },
  };
}

const detailTypes: readonly (readonly [RegExp, string])[] = [
  [/^ObjectCreated:/, 'Object Created'],
  [/^(ObjectRemoved|LifecycleExpiration):/, 'Object Deleted'],
  [/^ObjectTagging:Put/, 'Object Tags Added'],
  [/^ObjectTagging:Delete/, 'Object Tags Deleted'],
  [/^ObjectAcl:Put/, 'Object ACL Updated'],
];

/** The event that EventBridge gets, where it has one (https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html). */
export function bridgeEvent(
  { name, reason }: Happening,
  version: ObjectVersion,
  { bucket, now, requestId, requester }: Circumstances,
): { readonly DetailType: string; readonly detail: object } | undefined {
  const DetailType = detailTypes.find(([pattern]) => pattern.test(name))?.[1];
  if (!DetailType) return undefined;
  const deletion = isDeletion(name);
  const ordered = deletion || DetailType === 'Object Created';
  const isMarker = name.endsWith(':DeleteMarkerCreated');
  const byLifecycle = name.startsWith('LifecycleExpiration:');
  return {
    DetailType,
    detail: {
      version: '0',
      bucket: { name: bucket.name },
      object: {
        key: version.key,
        ...(isMarker ? { etag: emptyTag } : deletion ? {} : { etag: plainTag(version) }),
        ...(DetailType === 'Object Created' ? { size: version.size } : {}),
        ...(bucket.versioning ? { 'version-id': version.versionId } : {}),
        ...(ordered ? { sequencer: sequencer(now, version) } : {}),
      },
      'request-id': requestId,
      requester: byLifecycle ? 's3.amazonaws.com' : requester,
      ...(byLifecycle ? {} : { 'source-ip-address': '127.0.0.1' }),
      ...(ordered && reason ? { reason } : {}),
      ...(deletion ? { 'deletion-type': isMarker ? 'Delete Marker Created' : 'Permanently Deleted' } : {}),
    },
  };
}
