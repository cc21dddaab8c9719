import type { KeySpec, KeyUsageType } from '@aws-sdk/client-kms';
import { type Properties, type ResourceContext, resource } from '../../../cloudformation/resource-handler.ts';
import { isAwsError } from '../../../kernel/aws-error.ts';

interface KeyProperties {
  readonly KeyPolicy?: Properties | string;
  readonly Description?: string;
  readonly Enabled?: boolean;
  readonly EnableKeyRotation?: boolean;
  readonly RotationPeriodInDays?: number;
  readonly KeySpec?: KeySpec;
  readonly KeyUsage?: KeyUsageType;
  readonly MultiRegion?: boolean;
  readonly PendingWindowInDays?: number;
  readonly Tags?: unknown;
}

const text = (policy: Properties | string): string => (typeof policy === 'string' ? policy : JSON.stringify(policy));

const tagsOf = (context: ResourceContext, own: unknown) =>
  context.tags(own).map(({ Key, Value }) => ({ TagKey: Key, TagValue: Value }));

function setRotation(
  KeyId: string,
  { EnableKeyRotation, RotationPeriodInDays }: KeyProperties,
  { kms }: ResourceContext,
) {
  if (EnableKeyRotation) kms.enableKeyRotation({ KeyId, ...(RotationPeriodInDays ? { RotationPeriodInDays } : {}) });
  else kms.disableKeyRotation({ KeyId });
}

/** AWS::KMS::Key. `Ref` is the key id. Deleting it schedules the key's deletion. */
export const key = resource<KeyProperties>({
  create(properties, context) {
    const { kms } = context;
    const { KeyMetadata } = kms.createKey({
      Policy: properties.KeyPolicy === undefined ? undefined : text(properties.KeyPolicy),
      Description: properties.Description,
      KeySpec: properties.KeySpec,
      KeyUsage: properties.KeyUsage,
      MultiRegion: properties.MultiRegion,
      Tags: tagsOf(context, properties.Tags),
    });
    const KeyId = KeyMetadata?.KeyId ?? '';
    if (properties.EnableKeyRotation) setRotation(KeyId, properties, context);
    if (properties.Enabled === false) kms.disableKey({ KeyId });
    return { id: KeyId, attributes: { Arn: KeyMetadata?.Arn, KeyId } };
  },

  update(KeyId, properties, previous, context) {
    const { kms } = context;
    if (properties.Enabled !== false && previous.Enabled === false) kms.enableKey({ KeyId });
    if (properties.KeyPolicy !== undefined)
      kms.putKeyPolicy({ KeyId, PolicyName: 'default', Policy: text(properties.KeyPolicy) });
    kms.updateKeyDescription({ KeyId, Description: properties.Description ?? '' });
    const { EnableKeyRotation, RotationPeriodInDays } = properties;
    if (EnableKeyRotation !== previous.EnableKeyRotation || RotationPeriodInDays !== previous.RotationPeriodInDays)
      setRotation(KeyId, properties, context);
    const Tags = tagsOf(context, properties.Tags);
    const TagKeys = tagsOf(context, previous.Tags)
      .map(({ TagKey }) => TagKey)
      .filter((name) => !Tags.some(({ TagKey }) => TagKey === name));
    if (TagKeys.length > 0) kms.untagResource({ KeyId, TagKeys });
    kms.tagResource({ KeyId, Tags });
    if (properties.Enabled === false && previous.Enabled !== false) kms.disableKey({ KeyId });
    return undefined;
  },

  delete(KeyId, { PendingWindowInDays }, { kms }) {
    try {
      kms.scheduleKeyDeletion({ KeyId, ...(PendingWindowInDays ? { PendingWindowInDays } : {}) });
    } catch (error) {
      // Gone already, or on its way.
      if (!isAwsError(error, 'NotFoundException') && !isAwsError(error, 'KMSInvalidStateException')) throw error;
    }
  },
});

interface AliasProperties {
  readonly AliasName: string;
  readonly TargetKeyId: string;
}

/** AWS::KMS::Alias. `Ref` is its name. */
export const alias = resource<AliasProperties>({
  create(properties, { kms }) {
    kms.createAlias({ ...properties });
    return { id: properties.AliasName };
  },
  update(AliasName, { TargetKeyId }, _, { kms }) {
    kms.updateAlias({ AliasName, TargetKeyId });
    return undefined;
  },
  delete(AliasName, _, { kms }) {
    try {
      kms.deleteAlias({ AliasName });
    } catch (error) {
      if (!isAwsError(error, 'NotFoundException')) throw error;
    }
  },
});
