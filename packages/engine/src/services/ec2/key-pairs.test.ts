import { createHash, createPrivateKey, createPublicKey, sign, verify } from 'node:crypto';
import { expect, test } from 'vitest';
import { systemSshKeys } from '../../edges/system-ssh-keys.ts';
import { startLab } from '../../testing/lab.ts';
import { resourceLab } from '../../testing/resource-lab.ts';
import { seededKeyMaterial } from '../../testing/seeded-key-material.ts';
import { kms } from '../kms/index.ts';
import { ssm } from '../ssm/index.ts';
import { ec2 } from './index.ts';
import { fieldsOf } from './ssh-keys.ts';

const world = () =>
  startLab({ services: () => [ec2({ sshKeys: systemSshKeys() }), ssm(), kms({ material: seededKeyMaterial() })] });

/** The values of an OpenSSH public key's line. */
const publicFields = (line = '') => fieldsOf(Buffer.from(line.split(' ')[1] ?? '', 'base64')) ?? [];

const shown = (lab: ReturnType<typeof world>, name: string) =>
  lab.ec2.describeKeyPairs({ KeyNames: [name], IncludePublicKey: true }).KeyPairs?.[0];

test('an RSA key comes as PKCS #1 of 2048 bits, known by the SHA-1 of its PKCS #8 form', () => {
  const lab = world();
  const { KeyMaterial = '', KeyFingerprint, KeyPairId } = lab.ec2.createKeyPair({ KeyName: 'me' });
  expect(KeyMaterial).toMatch(/^-----BEGIN RSA PRIVATE KEY-----\n[\s\S]*\n-----END RSA PRIVATE KEY-----$/);
  const key = createPrivateKey(KeyMaterial);
  expect(key.asymmetricKeyDetails?.modulusLength).toBe(2048);
  const digest = createHash('sha1')
    .update(key.export({ type: 'pkcs8', format: 'der' }))
    .digest('hex');
  expect(KeyFingerprint?.replaceAll(':', '')).toBe(digest);
  const pair = shown(lab, 'me');
  expect(pair).toMatchObject({ KeyPairId, KeyType: 'rsa', KeyFingerprint, PublicKey: expect.stringMatching(/ me$/) });
  const { n = '' } = createPublicKey(key).export({ format: 'jwk' });
  const [type, , modulus] = publicFields(pair?.PublicKey);
  expect([type?.toString(), modulus?.subarray(1).toString('base64url')]).toEqual(['ssh-rsa', n]);
  expect(() => lab.ec2.createKeyPair({ KeyName: 'me' })).toThrow('The keypair already exists');
});

test("an ED25519 key comes in OpenSSH's own format, and its halves belong together", () => {
  const lab = world();
  const { KeyMaterial = '', KeyFingerprint } = lab.ec2.createKeyPair({ KeyName: 'me', KeyType: 'ed25519' });
  const [first, ...lines] = KeyMaterial.split('\n');
  expect([first, lines.pop()]).toEqual(['-----BEGIN OPENSSH PRIVATE KEY-----', '-----END OPENSSH PRIVATE KEY-----']);
  const magic = 'openssh-key-v1\0';
  const whole = Buffer.from(lines.join(''), 'base64');
  expect(whole.subarray(0, magic.length).toString()).toBe(magic);
  const [cipher, derivation, options] = fieldsOf(whole.subarray(magic.length, magic.length + 20)) ?? [];
  expect([cipher, derivation, options].map(String)).toEqual(['none', 'none', '']);
  const [blob = Buffer.alloc(0), inner = Buffer.alloc(0)] = fieldsOf(whole.subarray(magic.length + 24)) ?? [];
  expect(inner.length % 8).toBe(0);
  expect(inner.subarray(0, 4)).toEqual(inner.subarray(4, 8));
  const own = inner.subarray(8 + 4 + 11 + 4, 8 + 4 + 11 + 4 + 32);
  const seed = inner.subarray(8 + 4 + 11 + 4 + 32 + 4, 8 + 4 + 11 + 4 + 32 + 4 + 32);
  const jwk = { kty: 'OKP', crv: 'Ed25519', x: own.toString('base64url') };
  const privateKey = createPrivateKey({ key: { ...jwk, d: seed.toString('base64url') }, format: 'jwk' });
  const message = Buffer.from('hello');
  expect(verify(null, message, createPublicKey({ key: jwk, format: 'jwk' }), sign(null, message, privateKey))).toBe(
    true,
  );
  expect(publicFields(shown(lab, 'me')?.PublicKey)[1]).toEqual(own);
  expect(KeyFingerprint).toBe(createHash('sha256').update(blob).digest('base64'));
});

test('a key is made in one format only', () => {
  expect(() => world().ec2.createKeyPair({ KeyName: 'me', KeyFormat: 'ppk' })).toThrow('format pem');
});

test('AWS::EC2::KeyPair keeps the private half in a parameter, and takes it away with the pair', () => {
  const lab = world();
  const resource = resourceLab(lab, 'AWS::EC2::KeyPair');
  const made = resource.create({ KeyName: 'stack', KeyType: 'ed25519' });
  const Name = `/ec2/keypair/${made.attributes?.['KeyPairId']}`;
  const read = () => lab.ssm.getParameter({ Name, WithDecryption: true }).Parameter;
  expect(read()).toMatchObject({ Type: 'SecureString', Value: expect.stringContaining('OPENSSH PRIVATE KEY') });
  resource.delete(made.id, { KeyName: 'stack' });
  expect(read).toThrow();
  const PublicKeyMaterial = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GJKl me';
  const brought = resource.create({ KeyName: 'brought', PublicKeyMaterial });
  expect(brought).toMatchObject({ id: 'brought', attributes: { KeyFingerprint: expect.stringMatching(/=$/) } });
  resource.delete('brought', { KeyName: 'brought', PublicKeyMaterial });
  expect(lab.ec2.describeKeyPairs({}).KeyPairs).toEqual([]);
});
