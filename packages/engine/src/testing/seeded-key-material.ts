import { createHash } from 'node:crypto';
import { systemKeyMaterial } from '../edges/system-key-material.ts';
import type { KeyMaterial } from '../services/kms/ports.ts';

/** The same bytes for the same seed. Pairs are not: node:crypto makes them of its own randomness only. */
export function seededKeyMaterial(seed = 1): KeyMaterial {
  let count = 0;
  const block = () => createHash('sha256').update(`${seed}/${count++}`).digest();
  return {
    random: (length) =>
      Buffer.concat(Array.from({ length: Math.ceil(length / 32) }, () => block())).subarray(0, length),
    privateKey: systemKeyMaterial().privateKey,
  };
}
