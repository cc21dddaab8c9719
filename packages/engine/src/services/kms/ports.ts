import type { KeySpec } from '@aws-sdk/client-kms';

/** Where secrets come from: the machine's randomness, or a seed. */
export interface KeyMaterial {
  random(length: number): Buffer;
  /** A private key of that kind, in PKCS #8 (DER). */
  privateKey(spec: KeySpec): Buffer;
}
