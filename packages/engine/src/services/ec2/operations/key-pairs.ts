import { createHash, createPublicKey } from 'node:crypto';
import { AwsError } from '../../../kernel/aws-error.ts';
import { describe } from '../filters.ts';
import { type Handler, keyPairs, newId, tagsFor } from '../model.ts';

const duplicate = (name: string) =>
  new AwsError('InvalidKeyPair.Duplicate', `The keypair already exists`, { members: { name } });
const unreadable = () => new AwsError('InvalidKey.Format', 'Key is not in valid OpenSSH public key format');

/** Only the public half comes here, so there is nothing to keep secret. */
export const importKeyPair: Handler<'ImportKeyPair'> = ({ KeyName, PublicKeyMaterial, TagSpecifications }, context) => {
  const rows = context.store.table(keyPairs);
  if (rows.list((pair) => pair.KeyName === KeyName).length > 0) throw duplicate(KeyName);
  const text = Buffer.from(PublicKeyMaterial).toString('utf8').trim();
  const [type = '', encoded = ''] = text.split(/\s+/);
  if (type !== 'ssh-rsa' && type !== 'ssh-ed25519') throw unreadable();
  const bytes = Buffer.from(encoded, 'base64');
  if (!bytes.includes(Buffer.from(type))) throw unreadable();
  const KeyPairId = newId(context, 'key');
  const pair = rows.put(KeyPairId, {
    KeyPairId,
    KeyName,
    KeyFingerprint: type === 'ssh-rsa' ? rsaFingerprint(bytes) : createHash('sha256').update(bytes).digest('base64'),
    KeyType: type === 'ssh-rsa' ? 'rsa' : 'ed25519',
    PublicKey: text,
    CreateTime: new Date(context.now),
    Tags: tagsFor(TagSpecifications, 'key-pair'),
  });
  return { KeyPairId, KeyName, KeyFingerprint: pair.KeyFingerprint, Tags: pair.Tags };
};

/** Of keys that are brought EC2 shows the MD5 of the DER form (EC2 user guide, "Verify the fingerprint of your key pair"). */
function rsaFingerprint(openSsh: Buffer): string {
  const parts: Buffer[] = [];
  for (let at = 0; at + 4 <= openSsh.length; ) {
    const length = openSsh.readUInt32BE(at);
    parts.push(openSsh.subarray(at + 4, at + 4 + length));
    at += 4 + length;
  }
  const [, exponent, modulus] = parts;
  if (!exponent?.length || !modulus?.length) throw unreadable();
  const number = (bytes: Buffer) => bytes.toString('base64url');
  const key = createPublicKey({
    key: { kty: 'RSA', n: number(bytesWithoutSign(modulus)), e: number(bytesWithoutSign(exponent)) },
    format: 'jwk',
  });
  const digest = createHash('md5')
    .update(key.export({ type: 'spki', format: 'der' }))
    .digest('hex');
  return digest.replace(/(..)(?=.)/g, '$1:');
}

const bytesWithoutSign = (bytes: Buffer): Buffer => (bytes[0] === 0 ? bytes.subarray(1) : bytes);

export const describeKeyPairs: Handler<'DescribeKeyPairs'> = (input, context) => {
  const ids = { wanted: input.KeyPairIds, code: 'InvalidKeyPair', kind: 'key pair' };
  const { rows } = describe(context, keyPairs, { Filters: input.Filters }, ids);
  const missing = (input.KeyNames ?? []).find((name) => !rows.some(({ KeyName }) => KeyName === name));
  if (missing !== undefined) throw new AwsError('InvalidKeyPair.NotFound', `The key pair '${missing}' does not exist`);
  const found = rows.filter(({ KeyName }) => !input.KeyNames?.length || input.KeyNames.includes(KeyName));
  return { KeyPairs: found.map(({ PublicKey, ...pair }) => (input.IncludePublicKey ? { ...pair, PublicKey } : pair)) };
};

/** One that is not there is none to delete, which EC2 says is fine. */
export const deleteKeyPair: Handler<'DeleteKeyPair'> = ({ KeyName, KeyPairId }, context) => {
  const rows = context.store.table(keyPairs);
  const [found] = rows.list((pair) => pair.KeyName === KeyName || pair.KeyPairId === KeyPairId);
  if (found) rows.delete(found.KeyPairId);
  return { Return: true, ...(found ? { KeyPairId: found.KeyPairId } : {}) };
};
