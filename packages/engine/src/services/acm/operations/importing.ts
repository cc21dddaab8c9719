import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import type { Context } from '../../../kernel/context.ts';
import {
  brokenChain,
  expiredCertificate,
  invalidCertificate,
  invalidKey,
  keyDoesNotMatch,
  manyCertificates,
  notExportable,
  notReimportable,
  notSelfSigned,
  notYetValid,
  tagsOnReimport,
  unsupportedKey,
} from '../errors.ts';
import { putCertificate, requireCertificate } from '../lookup.ts';
import type { Handler } from '../model.ts';
import { readCertificate } from '../x509/read-certificate.ts';
import { checkTags } from './tags.ts';

const block = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;
const supportedKeys = /^(RSA-(1024|2048|3072|4096)|EC-(prime256v1|secp384r1|secp521r1))$/;
/** AES-256 and PBKDF2, as ACM encrypts what it exports. */
const exportCipher = 'aes-256-cbc';

export const importCertificate: Handler<'ImportCertificate'> = (input, context) => {
  const known = input.CertificateArn ? requireCertificate(context, input.CertificateArn) : undefined;
  if (known?.type === 'AMAZON_ISSUED') throw notReimportable(known.arn);
  if (known && input.Tags) throw tagsOnReimport();
  const chain = input.CertificateChain ? textOf(input.CertificateChain) : undefined;
  const certificate = checkCertificate(textOf(input.Certificate), chain, context);
  const privateKey = checkKey(textOf(input.PrivateKey), certificate);
  const pem = certificate.toString();
  const { commonName, domains } = readCertificate(pem);
  const { scope, ids, now } = context;
  const time = new Date(now);
  const { arn } = putCertificate(context, {
    arn: known?.arn ?? `arn:aws:acm:${scope.region}:${scope.account}:certificate/${ids.uuid('acm/certificate')}`,
    type: 'IMPORTED',
    domain: commonName ?? domains[0] ?? '',
    names: domains.length > 0 ? domains : commonName ? [commonName] : [],
    certificate: pem,
    ...(chain ? { chain } : {}),
    privateKey: String(privateKey.export({ type: 'pkcs8', format: 'pem' })),
    options: { CertificateTransparencyLoggingPreference: 'DISABLED' },
    tags: known?.tags ?? checkTags(input.Tags ?? []),
    createdAt: known?.createdAt ?? time,
    currentSince: time,
    wasExported: false,
  });
  return { CertificateArn: arn };
};

const textOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString();

function checkCertificate(text: string, chain: string | undefined, { now }: Context): X509Certificate {
  const found = text.match(block) ?? [];
  if (found.length > 1) throw manyCertificates();
  const certificate = parse(found[0]);
  if (Date.parse(certificate.validTo) < now) throw expiredCertificate();
  if (Date.parse(certificate.validFrom) > now) throw notYetValid();
  if (chain === undefined) {
    if (!isSignedBy(certificate, certificate)) throw notSelfSigned();
  } else checkChain(certificate, chain);
  return certificate;
}

function checkChain(certificate: X509Certificate, chain: string): void {
  const found = (chain.match(block) ?? []).map(parse);
  if (found.length === 0) throw invalidCertificate();
  found.forEach((issuer, index) => {
    if (!isSignedBy(found[index - 1] ?? certificate, issuer)) throw brokenChain(index);
  });
}

/** By name and signature: a self-signed certificate for a server does not say that it may sign. */
const isSignedBy = (certificate: X509Certificate, issuer: X509Certificate): boolean =>
  certificate.issuer === issuer.subject && certificate.verify(issuer.publicKey);

function parse(pem: string | undefined): X509Certificate {
  try {
    return new X509Certificate(pem ?? '');
  } catch {
    throw invalidCertificate();
  }
}

function checkKey(pem: string, certificate: X509Certificate): KeyObject {
  const key = parseKey(pem);
  if (!supportedKeys.test(readCertificate(certificate.toString()).keyAlgorithm ?? '')) throw unsupportedKey();
  if (!certificate.checkPrivateKey(key)) throw keyDoesNotMatch();
  return key;
}

/** A key under a passphrase cannot be imported. */
function parseKey(pem: string): KeyObject {
  try {
    return createPrivateKey(pem);
  } catch {
    throw invalidKey();
  }
}

export const exportCertificate: Handler<'ExportCertificate'> = ({ CertificateArn, Passphrase }, context) => {
  const known = requireCertificate(context, CertificateArn);
  if (known.options.Export !== 'ENABLED') throw notExportable(known.arn);
  putCertificate(context, { ...known, wasExported: true });
  const passphrase = textOf(Passphrase);
  const key = createPrivateKey(known.privateKey);
  return {
    Certificate: known.certificate,
    CertificateChain: known.chain,
    PrivateKey: String(key.export({ type: 'pkcs8', format: 'pem', cipher: exportCipher, passphrase })),
  };
};
