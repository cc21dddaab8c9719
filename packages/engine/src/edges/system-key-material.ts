import { generateKeyPairSync, randomBytes } from 'node:crypto';
import type { KeyMaterial } from '../services/kms/ports.ts';

const curves: Readonly<Record<string, string>> = {
  ECC_NIST_P256: 'P-256',
  ECC_NIST_P384: 'P-384',
  ECC_NIST_P521: 'P-521',
  ECC_SECG_P256K1: 'secp256k1',
};

/** Keys from the machine's own randomness. */
export const systemKeyMaterial = (): KeyMaterial => ({
  random: (length) => randomBytes(length),
  privateKey(spec) {
    const namedCurve = curves[spec];
    const { privateKey } = namedCurve
      ? generateKeyPairSync('ec', { namedCurve })
      : generateKeyPairSync('rsa', { modulusLength: Number(spec.replace('RSA_', '')) });
    return privateKey.export({ type: 'pkcs8', format: 'der' });
  },
});
