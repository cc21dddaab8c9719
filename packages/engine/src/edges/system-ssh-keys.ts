import { generateKeyPairSync } from 'node:crypto';
import type { SshKeys } from '../services/ec2/ports.ts';

/** Keys from the machine's own randomness, as long as EC2 makes them. */
export const systemSshKeys = (): SshKeys => ({
  privateKey(type) {
    const { privateKey } =
      type === 'ed25519' ? generateKeyPairSync('ed25519') : generateKeyPairSync('rsa', { modulusLength: 2048 });
    return privateKey.export({ type: 'pkcs8', format: 'der' });
  },
});
