import { AwsError } from '../../../kernel/aws-error.ts';
import type { Context } from '../../../kernel/context.ts';
import { describe } from '../filters.ts';
import { type Handler, type KeyPair, keyPairs, newId, tagsFor } from '../model.ts';
import type { SshKeys } from '../ports.ts';
import { broughtFingerprint, madeFingerprint, privatePem, publicBlob, publicFingerprint } from '../ssh-keys.ts';

const unreadable = () => new AwsError('InvalidKey.Format', 'Key is not in valid OpenSSH public key format');

function keep(context: Context, pair: Omit<KeyPair, 'KeyPairId' | 'CreateTime'>): KeyPair {
  const rows = context.store.table(keyPairs);
  if (rows.list(({ KeyName }) => KeyName === pair.KeyName).length > 0)
    throw new AwsError('InvalidKeyPair.Duplicate', `The keypair already exists`, { members: { name: pair.KeyName } });
  const KeyPairId = newId(context, 'key');
  return rows.put(KeyPairId, { ...pair, KeyPairId, CreateTime: new Date(context.now) });
}

/** Only the public half comes here, so there is nothing to keep secret. */
export const importKeyPair: Handler<'ImportKeyPair'> = ({ KeyName, PublicKeyMaterial, TagSpecifications }, context) => {
  const text = Buffer.from(PublicKeyMaterial).toString('utf8').trim();
  const [type = '', encoded = ''] = text.split(/\s+/);
  if (type !== 'ssh-rsa' && type !== 'ssh-ed25519') throw unreadable();
  const bytes = Buffer.from(encoded, 'base64');
  if (!bytes.includes(Buffer.from(type))) throw unreadable();
  const KeyFingerprint = type === 'ssh-rsa' ? broughtFingerprint(bytes) : publicFingerprint(bytes);
  if (!KeyFingerprint) throw unreadable();
  const { KeyPairId, Tags } = keep(context, {
    ...{ KeyName, KeyFingerprint, PublicKey: text, Tags: tagsFor(TagSpecifications, 'key-pair') },
    KeyType: type === 'ssh-rsa' ? 'rsa' : 'ed25519',
  });
  return { KeyPairId, KeyName, KeyFingerprint, Tags };
};

/** The private half is in the answer and nowhere else: whoever loses it needs another pair. */
export const createKeyPair =
  (keys: SshKeys | undefined): Handler<'CreateKeyPair'> =>
  ({ KeyName, KeyType = 'rsa', KeyFormat = 'pem', TagSpecifications }, context) => {
    if (!keys) throw new Error('the service was given nothing to make keys with');
    if (KeyFormat !== 'pem') throw new AwsError('UnsupportedOperation', 'Only keys in the format pem are made here.');
    const privateKey = keys.privateKey(KeyType);
    const { KeyPairId, KeyFingerprint, Tags } = keep(context, {
      ...{ KeyName, KeyType, Tags: tagsFor(TagSpecifications, 'key-pair') },
      KeyFingerprint: madeFingerprint(KeyType, privateKey),
      PublicKey: `ssh-${KeyType} ${publicBlob(privateKey).toString('base64')} ${KeyName}`,
    });
    const check = Number.parseInt(context.ids.hex('ec2/key-check', 8), 16);
    return { KeyPairId, KeyName, KeyFingerprint, Tags, KeyMaterial: privatePem(KeyType, privateKey, check) };
  };

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
