import { createHash, createPrivateKey, createPublicKey } from 'node:crypto';
import type { KeyType } from '@aws-sdk/client-ec2';

/** A value with its length before it, as OpenSSH writes everything (RFC 4251, section 5). */
function field(value: Buffer | string): Buffer {
  const bytes = Buffer.from(value as Buffer);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}

/** The values of such a text; undefined where it is cut off. */
export function fieldsOf(bytes: Buffer): Buffer[] | undefined {
  const parts: Buffer[] = [];
  for (let at = 0; at < bytes.length; ) {
    if (at + 4 > bytes.length) return undefined;
    const end = at + 4 + bytes.readUInt32BE(at);
    if (end > bytes.length) return undefined;
    parts.push(bytes.subarray(at + 4, end));
    at = end;
  }
  return parts;
}

/** A number that begins with a set bit would be negative: it gets a zero before it. */
const positive = (bytes: Buffer): Buffer => ((bytes[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.alloc(1), bytes]) : bytes);

/** The public half in OpenSSH's bytes (RFC 4253, section 6.6; RFC 8709). */
export function publicBlob(privateKey: Buffer): Buffer {
  const key = createPublicKey(createPrivateKey({ key: privateKey, format: 'der', type: 'pkcs8' }));
  const { kty, n = '', e = '', x = '' } = key.export({ format: 'jwk' });
  const bytes = (text: string) => Buffer.from(text, 'base64url');
  const parts = kty === 'RSA' ? ['ssh-rsa', positive(bytes(e)), positive(bytes(n))] : ['ssh-ed25519', bytes(x)];
  return Buffer.concat(parts.map(field));
}

/** The private half as EC2 hands it out: PKCS #1 for RSA, OpenSSH's own format for ED25519. `check` is any number: readers compare its two copies. */
export function privatePem(type: KeyType, privateKey: Buffer, check: number): string {
  const key = createPrivateKey({ key: privateKey, format: 'der', type: 'pkcs8' });
  if (type === 'rsa') return String(key.export({ type: 'pkcs1', format: 'pem' })).trimEnd();
  const { d = '', x = '' } = key.export({ format: 'jwk' });
  const [seed, own] = [Buffer.from(d, 'base64url'), Buffer.from(x, 'base64url')];
  const checks = Buffer.alloc(8);
  checks.writeUInt32BE(check, 0);
  checks.writeUInt32BE(check, 4);
  const inner = Buffer.concat([checks, ...['ssh-ed25519', own, Buffer.concat([seed, own]), ''].map(field)]);
  const padding = Buffer.from(Array.from({ length: (8 - (inner.length % 8)) % 8 }, (_, index) => index + 1));
  const one = Buffer.from([0, 0, 0, 1]);
  const whole = Buffer.concat([
    ...[Buffer.from('openssh-key-v1\0'), field('none'), field('none'), field(''), one],
    ...[field(publicBlob(privateKey)), field(Buffer.concat([inner, padding]))],
  ]);
  const lines = whole.toString('base64').match(/.{1,70}/g) ?? [];
  return ['-----BEGIN OPENSSH PRIVATE KEY-----', ...lines, '-----END OPENSSH PRIVATE KEY-----'].join('\n');
}

/**
 * Of RSA keys that it made EC2 shows the SHA-1 of the private half's PKCS #8 form, of ED25519 keys the SHA-256 of the public half.
 * Source: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/verify-keys.html
 */
export const madeFingerprint = (type: KeyType, privateKey: Buffer): string =>
  type === 'rsa'
    ? colons(createHash('sha1').update(privateKey).digest('hex'))
    : publicFingerprint(publicBlob(privateKey));

export const publicFingerprint = (blob: Buffer): string => createHash('sha256').update(blob).digest('base64');

/** Of RSA keys that are brought it shows the MD5 of the public half's DER form; undefined for what is no key. */
export function broughtFingerprint(blob: Buffer): string | undefined {
  const [, exponent, modulus] = fieldsOf(blob) ?? [];
  if (!exponent?.length || !modulus?.length) return undefined;
  const number = (bytes: Buffer) => (bytes[0] === 0 ? bytes.subarray(1) : bytes).toString('base64url');
  const key = createPublicKey({ key: { kty: 'RSA', n: number(modulus), e: number(exponent) }, format: 'jwk' });
  return colons(
    createHash('md5')
      .update(key.export({ type: 'spki', format: 'der' }))
      .digest('hex'),
  );
}

const colons = (hex: string): string => hex.replace(/(..)(?=.)/g, '$1:');
