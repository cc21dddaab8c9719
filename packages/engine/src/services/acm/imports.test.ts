import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { expect, test } from 'vitest';
import { code, describe, type Lab, request, world } from './testing/acm-world.ts';
import { signCertificate } from './x509/sign-certificate.ts';

/** A certificate that somebody else's tools made. */
function foreign(lab: Lab, options: { readonly notAfter?: number; readonly bits?: number } = {}) {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: options.bits ?? 2048 });
  const subject = [
    ['O', 'Somebody'],
    ['CN', 'shop.example.com'],
  ] as const;
  const certificate = signCertificate({
    serial: '03e9',
    subject,
    publicKey,
    notBefore: new Date(lab.context.now - 1000),
    notAfter: new Date(lab.context.now + (options.notAfter ?? 86_400_000)),
    domains: ['shop.example.com'],
    issuer: { subject, privateKey },
  });
  const key = String(privateKey.export({ type: 'pkcs8', format: 'pem' }));
  return { Certificate: Buffer.from(certificate), PrivateKey: Buffer.from(key) };
}

test('a certificate of one’s own is imported, and imported again under the same ARN', () => {
  const { lab } = world();
  const { CertificateArn = '' } = lab.acm.importCertificate({ ...foreign(lab), Tags: [{ Key: 'a' }] });
  expect(describe(lab, CertificateArn)).toMatchObject({
    DomainName: 'shop.example.com',
    DomainValidationOptions: [{ DomainName: 'shop.example.com' }],
    Type: 'IMPORTED',
    Issuer: 'Somebody',
    Subject: 'O=Somebody,CN=shop.example.com',
    Serial: '03:e9',
    Status: 'ISSUED',
    Options: { CertificateTransparencyLoggingPreference: 'DISABLED' },
  });
  expect(lab.acm.getCertificate({ CertificateArn }).CertificateChain).toBeUndefined();
  const again = foreign(lab);
  expect(() => lab.acm.importCertificate({ ...again, CertificateArn, Tags: [] })).toThrow(
    'Tagging is not permitted on re-import.',
  );
  expect(lab.acm.importCertificate({ ...again, CertificateArn }).CertificateArn).toBe(CertificateArn);
  expect(lab.acm.getCertificate({ CertificateArn }).Certificate).toBe(String(again.Certificate));
  expect(lab.acm.listTagsForCertificate({ CertificateArn }).Tags).toEqual([{ Key: 'a' }]);
  expect(() => lab.acm.importCertificate({ ...again, CertificateArn: request(lab) })).toThrow(
    code('ValidationException'),
  );
  expect(() => lab.acm.updateCertificateOptions({ CertificateArn, Options: {} })).toThrow(
    code('InvalidStateException'),
  );
});

test('an import must be one valid certificate with its key and its chain', () => {
  const { lab } = world();
  const [mine, other] = [foreign(lab), foreign(lab)];
  const importing = (change: object) => () => lab.acm.importCertificate({ ...mine, ...change });
  const text = (value: string) => Buffer.from(value);
  expect(importing({ Certificate: text('no') })).toThrow('The certificate is not PEM-encoded or is not valid.');
  expect(importing({ Certificate: Buffer.concat([mine.Certificate, other.Certificate]) })).toThrow(
    'more than one certificate',
  );
  expect(importing({ PrivateKey: text('no') })).toThrow('The private key is not PEM-encoded or is not valid.');
  expect(importing({ PrivateKey: other.PrivateKey })).toThrow('does not match');
  expect(importing(foreign(lab, { notAfter: -500 }))).toThrow('The certificate has expired, is not valid.');
  expect(importing({ CertificateChain: other.Certificate })).toThrow('the invalid certificate is: 0');
  const CertificateArn = request(lab, { Options: { Export: 'ENABLED' } });
  const { Certificate, CertificateChain, PrivateKey } = lab.acm.exportCertificate({
    CertificateArn,
    Passphrase: text('four'),
  });
  const key = createPrivateKey({ key: PrivateKey ?? '', passphrase: 'four' }).export({ type: 'pkcs8', format: 'pem' });
  const issued = { Certificate: text(Certificate ?? ''), PrivateKey: text(String(key)) };
  expect(importing(issued)).toThrow('Provided certificate is not a valid self signed.');
  expect(importing({ ...issued, CertificateChain: text(CertificateChain ?? '') })().CertificateArn).toMatch(
    /^arn:aws:acm:/,
  );
});
