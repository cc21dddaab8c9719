import { generateKeyPairSync } from 'node:crypto';
import type { CertificateKeys } from '../services/acm/ports.ts';

/** Keys from the machine's own randomness. */
export const systemCertificateKeys = (): CertificateKeys => ({
  privateKey(kind) {
    const { privateKey } =
      kind === 'RSA_2048'
        ? generateKeyPairSync('rsa', { modulusLength: 2048 })
        : generateKeyPairSync('ec', { namedCurve: kind.replace('EC_', '') });
    return String(privateKey.export({ type: 'pkcs8', format: 'pem' }));
  },
});
