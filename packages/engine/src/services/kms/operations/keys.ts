import type { CreateKeyRequest } from '@aws-sdk/client-kms';
import type { Context } from '../../../kernel/context.ts';
import { page } from '../../../kernel/page.ts';
import {
  invalidMarker,
  managedByAws,
  notImplemented,
  notPendingDeletion,
  pendingDeletion,
  validation,
} from '../errors.ts';
import { checkPolicy, defaultPolicy } from '../key-policy.ts';
import { aliasArn, keyArn, putKey, requireKey, requireKeyById } from '../lookup.ts';
import { aliases, type Handler, type Key, type KeyMetadata, keys } from '../model.ts';
import { day_ms } from '../plan-key.ts';
import type { KeyMaterial } from '../ports.ts';
import { algorithmsOf, makeMaterial, usageOf } from '../specs.ts';
import { checkTags } from './tags.ts';

export const createKey =
  (material: KeyMaterial): Handler<'CreateKey'> =>
  (input, context) => ({ KeyMetadata: makeKey(input, 'CUSTOMER', context, material).metadata });

function makeKey(
  input: CreateKeyRequest,
  KeyManager: KeyMetadata['KeyManager'],
  context: Context,
  material: KeyMaterial,
): Key {
  const { Origin = 'AWS_KMS', MultiRegion = false, Description = '', Tags = [], Policy } = input;
  if (Origin !== 'AWS_KMS') throw notImplemented(`the key origin ${Origin}`);
  const { ids, scope } = context;
  const KeySpec = input.KeySpec ?? input.CustomerMasterKeySpec ?? 'SYMMETRIC_DEFAULT';
  const KeyUsage = usageOf(KeySpec, input.KeyUsage);
  const KeyId = MultiRegion ? `mrk-${ids.hex('kms/key', 32)}` : ids.uuid('kms/key');
  const Arn = keyArn(KeyId, context);
  const replicas = {
    MultiRegionKeyType: 'PRIMARY' as const,
    PrimaryKey: { Arn, Region: scope.region },
    ReplicaKeys: [],
  };
  const key: Key = {
    metadata: {
      AWSAccountId: scope.account,
      KeyId,
      Arn,
      CreationDate: new Date(context.now),
      Enabled: true,
      Description,
      KeyUsage,
      KeyState: 'Enabled',
      Origin,
      KeyManager,
      CustomerMasterKeySpec: KeySpec as NonNullable<KeyMetadata['CustomerMasterKeySpec']>,
      KeySpec,
      ...algorithmsOf(KeySpec, KeyUsage),
      MultiRegion,
      ...(MultiRegion ? { MultiRegionConfiguration: replicas } : {}),
    },
    materials: [makeMaterial(KeySpec, material)],
    policy: Policy ? checkPolicy(Policy) : defaultPolicy(scope.account),
    rotation: { enabled: false, period_days: 365 },
    rotations: [],
    tags: checkTags(Tags),
  };
  context.emit({
    type: 'kms/key-created',
    subject: Arn,
    message: `the key ${KeyId} is created`,
    data: { keyId: KeyId, spec: KeySpec },
  });
  return putKey(context, key);
}

/** The key by any name. The key behind an alias `alias/aws/<service>` is made when it is first used, as the services of AWS do. */
export function requireKeyOrManaged(context: Context, given: string, material: KeyMaterial): Key {
  const name = given.startsWith('arn:') ? (given.split(':')[5] ?? '') : given;
  const service = /^alias\/aws\/([\w/-]+)$/.exec(name)?.[1];
  if (service !== undefined && !context.store.table(aliases).get(name)) {
    const Description = `Default key that protects my ${service} data when no other key is defined`;
    const { metadata } = makeKey({ Description }, 'AWS', context, material);
    const date = new Date(context.now);
    context.store.table(aliases).put(name, {
      AliasName: name,
      AliasArn: aliasArn(name, context),
      TargetKeyId: metadata.KeyId,
      CreationDate: date,
      LastUpdatedDate: date,
    });
  }
  return requireKey(context, given);
}

export const describeKey =
  (material: KeyMaterial): Handler<'DescribeKey'> =>
  ({ KeyId }, context) => ({ KeyMetadata: requireKeyOrManaged(context, KeyId, material).metadata });

export const listKeys: Handler<'ListKeys'> = ({ Limit = 100, Marker }, { store }) => {
  const rows = store.table(keys).list();
  const { items, nextToken } = page(rows, { token: Marker, size: Limit, invalid: invalidMarker });
  return {
    Keys: items.map(({ metadata }) => ({ KeyId: metadata.KeyId, KeyArn: metadata.Arn })),
    Truncated: nextToken !== undefined,
    ...(nextToken ? { NextMarker: nextToken } : {}),
  };
};

/** A key that its owner may change: not one of AWS's, not one that is about to go. */
export function requireChangeable(context: Context, KeyId: string): Key {
  const key = requireKeyById(context, KeyId);
  if (key.metadata.KeyManager === 'AWS') throw managedByAws(key.metadata.Arn);
  if (key.metadata.KeyState === 'PendingDeletion') throw pendingDeletion(key.metadata.Arn);
  return key;
}

const change = (context: Context, key: Key, members: Partial<KeyMetadata>): Key =>
  putKey(context, { ...key, metadata: { ...key.metadata, ...members } });

export const updateKeyDescription: Handler<'UpdateKeyDescription'> = ({ KeyId, Description }, context) => {
  change(context, requireChangeable(context, KeyId), { Description });
  return {};
};

export const enableKey: Handler<'EnableKey'> = ({ KeyId }, context) => {
  change(context, requireChangeable(context, KeyId), { Enabled: true, KeyState: 'Enabled' });
  return {};
};

export const disableKey: Handler<'DisableKey'> = ({ KeyId }, context) => {
  change(context, requireChangeable(context, KeyId), { Enabled: false, KeyState: 'Disabled' });
  return {};
};

export const scheduleKeyDeletion: Handler<'ScheduleKeyDeletion'> = ({ KeyId, PendingWindowInDays = 30 }, context) => {
  const key = requireChangeable(context, KeyId);
  if (PendingWindowInDays < 7 || PendingWindowInDays > 30)
    throw validation('PendingWindowInDays must be between 7 and 30 (inclusive)');
  const DeletionDate = new Date(context.now + PendingWindowInDays * day_ms);
  change(context, key, { Enabled: false, KeyState: 'PendingDeletion', DeletionDate });
  return { KeyId: key.metadata.Arn, DeletionDate, KeyState: 'PendingDeletion', PendingWindowInDays };
};

/** The key is disabled afterwards, whatever it was. */
export const cancelKeyDeletion: Handler<'CancelKeyDeletion'> = ({ KeyId }, context) => {
  const key = requireKeyById(context, KeyId);
  if (key.metadata.KeyState !== 'PendingDeletion') throw notPendingDeletion(key.metadata.Arn);
  const { DeletionDate: _, ...metadata } = key.metadata;
  putKey(context, { ...key, metadata: { ...metadata, KeyState: 'Disabled' } });
  return { KeyId: key.metadata.Arn };
};
