import { AwsError } from '../../../kernel/aws-error.ts';
import type { Context } from '../../../kernel/context.ts';
import { page } from '../../../kernel/page.ts';
import { invalidMarker, keyDisabled, unsupported, validation } from '../errors.ts';
import { putKey, requireKeyById } from '../lookup.ts';
import type { Handler, Key } from '../model.ts';
import { day_ms } from '../plan-key.ts';
import type { KeyMaterial } from '../ports.ts';
import { rotated } from '../rotation.ts';
import { requireChangeable } from './keys.ts';

/** Only symmetric keys rotate (https://docs.aws.amazon.com/kms/latest/developerguide/rotate-keys.html). */
function requireRotatable(context: Context, KeyId: string): Key {
  const key = requireChangeable(context, KeyId);
  if (key.metadata.KeySpec !== 'SYMMETRIC_DEFAULT') throw unsupported('');
  if (key.metadata.KeyState === 'Disabled') throw keyDisabled(key.metadata.Arn);
  return key;
}

export const enableKeyRotation: Handler<'EnableKeyRotation'> = ({ KeyId, RotationPeriodInDays }, context) => {
  const key = requireRotatable(context, KeyId);
  const period_days = RotationPeriodInDays ?? (key.rotation.enabled ? key.rotation.period_days : 365);
  if (period_days < 90 || period_days > 2560)
    throw validation('RotationPeriodInDays must be between 90 and 2560 (inclusive)');
  const isSame = key.rotation.enabled && key.rotation.period_days === period_days;
  if (!isSame)
    putKey(context, { ...key, rotation: { enabled: true, period_days, nextAt: context.now + period_days * day_ms } });
  return {};
};

export const disableKeyRotation: Handler<'DisableKeyRotation'> = ({ KeyId }, context) => {
  const key = requireRotatable(context, KeyId);
  putKey(context, { ...key, rotation: { enabled: false, period_days: 365 } });
  return {};
};

export const getKeyRotationStatus: Handler<'GetKeyRotationStatus'> = ({ KeyId }, context) => {
  const { metadata, rotation } = requireKeyById(context, KeyId);
  if (metadata.KeyManager === 'AWS')
    return { KeyId: metadata.Arn, KeyRotationEnabled: true, RotationPeriodInDays: 365 };
  if (!rotation.enabled) return { KeyId: metadata.Arn, KeyRotationEnabled: false };
  return {
    KeyId: metadata.Arn,
    KeyRotationEnabled: true,
    RotationPeriodInDays: rotation.period_days,
    ...(rotation.nextAt === undefined ? {} : { NextRotationDate: new Date(rotation.nextAt) }),
  };
};

const onDemand_max = 10;

export const rotateKeyOnDemand =
  (material: KeyMaterial): Handler<'RotateKeyOnDemand'> =>
  ({ KeyId }, context) => {
    const key = requireRotatable(context, KeyId);
    if (key.rotations.filter(({ RotationType }) => RotationType === 'ON_DEMAND').length >= onDemand_max)
      throw new AwsError(
        'LimitExceededException',
        `The on-demand rotations limit has been reached for the given keyId. No more on-demand rotations can be performed for this key: ${key.metadata.Arn}`,
      );
    putKey(context, rotated(key, 'ON_DEMAND', context.now, material));
    return { KeyId: key.metadata.KeyId };
  };

export const listKeyRotations: Handler<'ListKeyRotations'> = ({ KeyId, Limit = 100, Marker }, context) => {
  const { rotations } = requireKeyById(context, KeyId);
  const { items, nextToken } = page(rotations, { token: Marker, size: Limit, invalid: invalidMarker });
  return { Rotations: items, Truncated: nextToken !== undefined, ...(nextToken ? { NextMarker: nextToken } : {}) };
};
