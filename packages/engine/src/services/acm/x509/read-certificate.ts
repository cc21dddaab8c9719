import { X509Certificate } from 'node:crypto';
import type { ExtendedKeyUsage, KeyAlgorithm, KeyUsage } from '@aws-sdk/client-acm';

/** What a certificate says of itself, in ACM's words. */
export interface CertificateFacts {
  readonly subject: string;
  readonly commonName: string | undefined;
  /** Organisation of who signed it, or else its common name. */
  readonly issuer: string;
  readonly serial: string;
  readonly domains: readonly string[];
  readonly notBefore: Date;
  readonly notAfter: Date;
  readonly keyAlgorithm: KeyAlgorithm | undefined;
  readonly signatureAlgorithm: string;
  readonly keyUsages: KeyUsage[];
  readonly extendedKeyUsages: ExtendedKeyUsage[];
}

const known = new Map<string, CertificateFacts>();
const known_max = 1000;

/** Reads a certificate in PEM; throws where it is none. */
export function readCertificate(pem: string): CertificateFacts {
  const found = known.get(pem);
  if (found) return found;
  if (known.size >= known_max) known.clear();
  const facts = factsOf(new X509Certificate(pem));
  known.set(pem, facts);
  return facts;
}

function factsOf(certificate: X509Certificate): CertificateFacts {
  const subject = lines(certificate.subject);
  const issuer = lines(certificate.issuer);
  const serial = certificate.serialNumber.toLowerCase();
  return {
    subject: subject.join(','),
    commonName: attribute(subject, 'CN'),
    issuer: attribute(issuer, 'O') ?? attribute(issuer, 'CN') ?? '',
    serial: (serial.match(/../g) ?? []).join(':'),
    domains: (certificate.subjectAltName?.split(', ') ?? []).flatMap((name) => /^DNS:(.*)$/.exec(name)?.[1] ?? []),
    notBefore: new Date(certificate.validFrom),
    notAfter: new Date(certificate.validTo),
    keyAlgorithm: keyAlgorithmOf(certificate),
    signatureAlgorithm: signatureOf(certificate),
    keyUsages: keyUsages(certificate.raw).map((Name) => ({ Name })),
    extendedKeyUsages: (certificate.keyUsage ?? []).map((OID) => ({
      Name: extendedNames[OID] ?? ('CUSTOM' as const),
      OID,
    })),
  };
}

const lines = (name: string | undefined): string[] => (name ?? '').split('\n').filter((line) => line !== '');
const attribute = (parts: readonly string[], name: string): string | undefined =>
  parts.find((part) => part.startsWith(`${name}=`))?.slice(name.length + 1);

/** ACM writes them with a hyphen where its model has an underscore (terraform-provider-aws issue 21788 works around it). */
function keyAlgorithmOf({ publicKey }: X509Certificate): KeyAlgorithm | undefined {
  const { modulusLength, namedCurve } = publicKey.asymmetricKeyDetails ?? {};
  const name = modulusLength ? `RSA-${modulusLength}` : namedCurve ? `EC-${namedCurve}` : undefined;
  return name as KeyAlgorithm | undefined;
}

const signatures: Readonly<Record<string, string>> = {
  '2a864886f70d010105': 'SHA1WITHRSA',
  '2a864886f70d01010b': 'SHA256WITHRSA',
  '2a864886f70d01010c': 'SHA384WITHRSA',
  '2a864886f70d01010d': 'SHA512WITHRSA',
  '2a8648ce3d040302': 'SHA256WITHECDSA',
  '2a8648ce3d040303': 'SHA384WITHECDSA',
  '2a8648ce3d040304': 'SHA512WITHECDSA',
};

/** The first algorithm that a certificate names is that of its signature. */
function signatureOf({ raw }: X509Certificate): string {
  const places = Object.entries(signatures).map(([oid, name]) => ({ name, at: raw.indexOf(Buffer.from(oid, 'hex')) }));
  const [first] = places.filter(({ at }) => at >= 0).sort((a, b) => a.at - b.at);
  return first?.name ?? '';
}

const usageNames = [
  'DIGITAL_SIGNATURE',
  'NON_REPUDIATION',
  'KEY_ENCIPHERMENT',
  'DATA_ENCIPHERMENT',
  'KEY_AGREEMENT',
  'CERTIFICATE_SIGNING',
  'CRL_SIGNING',
  'ENCIPHER_ONLY',
] as const;

/** The bits of the extension 2.5.29.15, which node:crypto does not show. */
function keyUsages(raw: Buffer): NonNullable<KeyUsage['Name']>[] {
  const place = raw.indexOf(Buffer.from('0603551d0f', 'hex'));
  if (place < 0) return [];
  const rest = raw.subarray(place + 5);
  const octets = rest[0] === 0x01 ? rest.subarray(3) : rest;
  const bits = octets[5] ?? 0;
  return usageNames.filter((_, index) => (bits & (0x80 >> index)) !== 0);
}

const extendedNames: Readonly<Record<string, NonNullable<ExtendedKeyUsage['Name']>>> = {
  '1.3.6.1.5.5.7.3.1': 'TLS_WEB_SERVER_AUTHENTICATION',
  '1.3.6.1.5.5.7.3.2': 'TLS_WEB_CLIENT_AUTHENTICATION',
  '1.3.6.1.5.5.7.3.3': 'CODE_SIGNING',
  '1.3.6.1.5.5.7.3.4': 'EMAIL_PROTECTION',
  '1.3.6.1.5.5.7.3.8': 'TIME_STAMPING',
  '1.3.6.1.5.5.7.3.9': 'OCSP_SIGNING',
};
