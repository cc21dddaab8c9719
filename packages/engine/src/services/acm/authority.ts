import { createPrivateKey, createPublicKey } from 'node:crypto';
import type { Context } from '../../kernel/context.ts';
import { type Authority, authorities } from './model.ts';
import type { CertificateKeys, IssuedKey } from './ports.ts';
import { type Name, signCertificate } from './x509/sign-certificate.ts';

const day_ms = 86_400_000;
const rootLife_ms = 30 * 365 * day_ms;
/** How long certificates of ACM are valid: https://docs.aws.amazon.com/acm/latest/userguide/acm-certificate-characteristics.html */
const life_ms = 198 * day_ms;
const rootName: Name = [
  ['O', 'Rockpool'],
  ['CN', 'Rockpool local certificate authority'],
];

/** The engine's authority, made when it is first asked for. */
export function requireAuthority({ store, ids, now }: Context, keys: CertificateKeys): Authority {
  const rows = store.table(authorities);
  const known = rows.get('root');
  if (known) return known;
  const pem = keys.privateKey('RSA_2048');
  const privateKey = createPrivateKey(pem);
  const certificate = signCertificate({
    serial: ids.hex('acm/serial', 32),
    subject: rootName,
    publicKey: createPublicKey(privateKey),
    notBefore: midnight(now),
    notAfter: new Date(midnight(now).getTime() + rootLife_ms),
    issuer: { subject: rootName, privateKey },
  });
  return rows.put('root', { certificate, privateKey: pem });
}

/** A new key with a certificate for these names, the first of which is its subject. Valid from the beginning of the day, as ACM's are. */
export function issue(
  wanted: { readonly names: readonly string[]; readonly kind: IssuedKey },
  context: Context,
  keys: CertificateKeys,
): { readonly certificate: string; readonly chain: string; readonly privateKey: string } {
  const authority = requireAuthority(context, keys);
  const privateKey = keys.privateKey(wanted.kind);
  const notBefore = midnight(context.now);
  const certificate = signCertificate({
    serial: context.ids.hex('acm/serial', 32),
    subject: [['CN', wanted.names[0] ?? '']],
    publicKey: createPublicKey(privateKey),
    notBefore,
    notAfter: new Date(notBefore.getTime() + life_ms - 1000),
    domains: wanted.names,
    issuer: { subject: rootName, privateKey: createPrivateKey(authority.privateKey) },
  });
  return { certificate, chain: authority.certificate, privateKey };
}

const midnight = (now: number): Date => new Date(now - (now % day_ms));
