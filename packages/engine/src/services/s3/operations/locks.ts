import type { ObjectLockConfiguration, ObjectLockRetention } from '@aws-sdk/client-s3';
import { AwsError } from '../../../kernel/aws-error.ts';
import { accessDenied, invalidArgument, invalidRequest, malformedXml } from '../errors.ts';
import { type Bucket, type Handler, type ObjectVersion, objects, versionKey } from '../model.ts';
import { requireBucket } from './buckets.ts';
import { requireObject } from './versions.ts';

const lockIn = ({ configurations }: Bucket) =>
  configurations['ObjectLockConfiguration'] as ObjectLockConfiguration | undefined;

const day_ms = 86_400_000;

/** What a new version is locked by: what the request says, else what the bucket does by default. */
export function lockOf(
  input: Readonly<Record<string, unknown>>,
  bucket: Bucket,
  now: number,
): Pick<ObjectVersion, 'retention' | 'legalHold'> {
  const configuration = lockIn(bucket);
  const [Mode, until, hold] = [
    input['ObjectLockMode'] as ObjectLockRetention['Mode'],
    input['ObjectLockRetainUntilDate'] as Date | undefined,
    input['ObjectLockLegalHoldStatus'] as ObjectVersion['legalHold'],
  ];
  if ((Mode ?? until ?? hold) !== undefined && !configuration)
    throw invalidRequest('Bucket is missing Object Lock Configuration');
  if ((Mode === undefined) !== (until === undefined))
    throw invalidArgument('x-amz-object-lock-retain-until-date and x-amz-object-lock-mode must both be supplied');
  if (until && until.getTime() <= now) throw invalidArgument('The retain until date must be in the future!');
  const usual = configuration?.Rule?.DefaultRetention;
  const days = usual?.Days ?? (usual?.Years ?? 0) * 365;
  const retention =
    Mode && until
      ? { Mode, RetainUntilDate: until }
      : usual?.Mode && days > 0
        ? { Mode: usual.Mode, RetainUntilDate: new Date(now + days * day_ms) }
        : undefined;
  return { ...(retention ? { retention } : {}), ...(hold ? { legalHold: hold } : {}) };
}

/** A version that is held, or retained still, cannot be removed; governance gives way to those who say so. */
export function requireUnlocked({ retention, legalHold }: ObjectVersion, now: number, bypass: boolean): void {
  const isRetained =
    (retention?.RetainUntilDate?.getTime() ?? 0) > now && !(bypass && retention?.Mode === 'GOVERNANCE');
  if (legalHold === 'ON' || isRetained) throw accessDenied('Access Denied because object protected by object lock.');
}

const noLock = () =>
  new AwsError('NoSuchObjectLockConfiguration', 'The specified object does not have a ObjectLock configuration', {
    status: 404,
  });

const requireLocking = (bucket: Bucket): void => {
  if (!lockIn(bucket)) throw invalidRequest('Bucket is missing Object Lock Configuration');
};

export const putObjectRetention: Handler<'PutObjectRetention'> = (input, context) => {
  requireLocking(requireBucket(context, input.Bucket));
  const version = requireObject(context, input);
  const { Mode, RetainUntilDate } = input.Retention ?? {};
  if ((Mode === undefined) !== (RetainUntilDate === undefined)) throw malformedXml();
  if (RetainUntilDate && RetainUntilDate.getTime() <= context.now)
    throw invalidArgument('The retain until date must be in the future!');
  const shortens = (RetainUntilDate?.getTime() ?? 0) < (version.retention?.RetainUntilDate?.getTime() ?? 0);
  if (shortens || Mode !== version.retention?.Mode)
    requireUnlocked({ ...version, legalHold: 'OFF' }, context.now, input.BypassGovernanceRetention ?? false);
  const { retention: _, ...rest } = version;
  const retention = Mode && RetainUntilDate ? { retention: { Mode, RetainUntilDate } } : {};
  context.store.table(objects).put(versionKey(version), { ...rest, ...retention });
  return {};
};

export const getObjectRetention: Handler<'GetObjectRetention'> = (input, context) => {
  requireLocking(requireBucket(context, input.Bucket));
  const { retention } = requireObject(context, input);
  if (!retention) throw noLock();
  return { Retention: retention };
};

export const putObjectLegalHold: Handler<'PutObjectLegalHold'> = (input, context) => {
  requireLocking(requireBucket(context, input.Bucket));
  const version = requireObject(context, input);
  const Status = input.LegalHold?.Status;
  if (Status !== 'ON' && Status !== 'OFF') throw malformedXml();
  context.store.table(objects).put(versionKey(version), { ...version, legalHold: Status });
  return {};
};

export const getObjectLegalHold: Handler<'GetObjectLegalHold'> = (input, context) => {
  requireLocking(requireBucket(context, input.Bucket));
  const { legalHold } = requireObject(context, input);
  if (!legalHold) throw noLock();
  return { LegalHold: { Status: legalHold } };
};
