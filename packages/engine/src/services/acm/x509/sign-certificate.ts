import { createHash, createPublicKey, type KeyObject, sign } from 'node:crypto';
import {
  bitString,
  constructed,
  integer,
  nothing,
  objectIdentifier,
  octetString,
  primitive,
  sequence,
  set,
  time,
  utf8,
  yes,
} from './der.ts';

/** A name as certificates have it, its parts in order: `[['CN', 'example.com']]`. */
export type Name = readonly (readonly [attribute: keyof typeof attributes, text: string])[];

/** What is to be certified (RFC 5280). */
export interface ToSign {
  readonly serial: string;
  readonly subject: Name;
  readonly publicKey: KeyObject;
  readonly notBefore: Date;
  readonly notAfter: Date;
  /** The names it is for; an authority has none. */
  readonly domains?: readonly string[];
  readonly issuer: { readonly subject: Name; readonly privateKey: KeyObject };
}

const attributes = { C: '2.5.4.6', O: '2.5.4.10', OU: '2.5.4.11', CN: '2.5.4.3' };
const digitalSignature = 0x80;
const keyEncipherment = 0x20;
const signsCertificates = 0x06;

const algorithms = {
  rsa: () => sequence(objectIdentifier('1.2.840.113549.1.1.11'), nothing()),
  ec: () => sequence(objectIdentifier('1.2.840.10045.4.3.2')),
};

/** A signed certificate of version 3, as PEM. */
export function signCertificate(wanted: ToSign): string {
  const { issuer } = wanted;
  const algorithm = algorithms[issuer.privateKey.asymmetricKeyType === 'ec' ? 'ec' : 'rsa']();
  const content = sequence(
    constructed(0, integer('02')),
    integer(wanted.serial),
    algorithm,
    nameOf(issuer.subject),
    sequence(time(wanted.notBefore), time(wanted.notAfter)),
    nameOf(wanted.subject),
    keyInfo(wanted.publicKey),
    constructed(3, sequence(...extensions(wanted))),
  );
  const signature = sign('sha256', content, issuer.privateKey);
  return pem(sequence(content, algorithm, bitString(signature)));
}

const nameOf = (name: Name): Buffer =>
  sequence(...name.map(([attribute, text]) => set(sequence(objectIdentifier(attributes[attribute]), utf8(text)))));

const keyInfo = (key: KeyObject): Buffer => key.export({ type: 'spki', format: 'der' });

function extensions({ publicKey, domains, issuer }: ToSign): Buffer[] {
  const authorityKey = createPublicKey(issuer.privateKey);
  const identifiers = [
    extension('2.5.29.14', octetString(keyIdentifier(publicKey))),
    extension('2.5.29.35', sequence(primitive(0, keyIdentifier(authorityKey)))),
  ];
  if (!domains)
    return [
      ...identifiers,
      critical('2.5.29.19', sequence(yes())),
      critical('2.5.29.15', bitString(Buffer.from([signsCertificates | digitalSignature]), 1)),
    ];
  return [
    ...identifiers,
    extension('2.5.29.17', sequence(...domains.map((domain) => primitive(2, Buffer.from(domain))))),
    critical('2.5.29.15', bitString(Buffer.from([digitalSignature | keyEncipherment]), 5)),
    extension('2.5.29.37', sequence(objectIdentifier('1.3.6.1.5.5.7.3.1'), objectIdentifier('1.3.6.1.5.5.7.3.2'))),
    critical('2.5.29.19', sequence()),
  ];
}

const extension = (identifier: string, content: Buffer): Buffer =>
  sequence(objectIdentifier(identifier), octetString(content));
const critical = (identifier: string, content: Buffer): Buffer =>
  sequence(objectIdentifier(identifier), yes(), octetString(content));

const keyIdentifier = (key: KeyObject): Buffer => createHash('sha1').update(keyInfo(key)).digest();

function pem(der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n');
}
