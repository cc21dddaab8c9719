import type { RotationType } from '@aws-sdk/client-kms';
import type { Key } from './model.ts';
import { day_ms } from './plan-key.ts';
import type { KeyMaterial } from './ports.ts';
import { makeMaterial } from './specs.ts';

/** The key with new material; a rotation by its period sets the next. */
export function rotated(key: Key, RotationType: RotationType, now: number, material: KeyMaterial): Key {
  const { metadata, rotation } = key;
  const byPeriod = RotationType === 'AUTOMATIC';
  return {
    ...key,
    materials: [...key.materials, makeMaterial(metadata.KeySpec, material)],
    rotation: byPeriod ? { ...rotation, nextAt: now + rotation.period_days * day_ms } : rotation,
    rotations: [...key.rotations, { KeyId: metadata.KeyId, RotationDate: new Date(now), RotationType }],
  };
}
