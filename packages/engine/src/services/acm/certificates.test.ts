import { execFileSync, spawnSync } from 'node:child_process';
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { balancer, code, describe, type Lab, request, world } from './testing/acm-world.ts';

test('a certificate is issued at once, with the record that would validate it', () => {
  const { lab } = world();
  const arn = request(lab, { SubjectAlternativeNames: ['*.example.com', 'example.com', 'WWW.example.com'] });
  expect(arn).toMatch(/^arn:aws:acm:us-east-1:000000000000:certificate\/[0-9a-f-]{36}$/);
  const found = describe(lab, arn);
  expect(found).toMatchObject({
    DomainName: 'www.example.com',
    SubjectAlternativeNames: ['www.example.com', '*.example.com', 'example.com'],
    Status: 'ISSUED',
    Subject: 'CN=www.example.com',
    Issuer: 'Amazon',
    Type: 'AMAZON_ISSUED',
    KeyAlgorithm: 'RSA-2048',
    SignatureAlgorithm: 'SHA256WITHRSA',
    KeyUsages: [{ Name: 'DIGITAL_SIGNATURE' }, { Name: 'KEY_ENCIPHERMENT' }],
    ExtendedKeyUsages: [
      { Name: 'TLS_WEB_SERVER_AUTHENTICATION', OID: '1.3.6.1.5.5.7.3.1' },
      { Name: 'TLS_WEB_CLIENT_AUTHENTICATION', OID: '1.3.6.1.5.5.7.3.2' },
    ],
    InUseBy: [],
    RenewalEligibility: 'INELIGIBLE',
    Options: { CertificateTransparencyLoggingPreference: 'ENABLED', Export: 'DISABLED' },
  });
  const [www, wildcard, bare] = found?.DomainValidationOptions ?? [];
  expect(www).toMatchObject({
    ValidationStatus: 'SUCCESS',
    ValidationMethod: 'DNS',
    ResourceRecord: { Type: 'CNAME' },
  });
  expect(www?.ResourceRecord?.Name).toMatch(/^_[0-9a-f]{32}\.www\.example\.com\.$/);
  expect(www?.ResourceRecord?.Value).toMatch(/^_[0-9a-f]{32}\.[a-z]{10}\.acm-validations\.aws\.$/);
  expect(wildcard?.ResourceRecord).toEqual(bare?.ResourceRecord);
});

const hasOpenssl = spawnSync('openssl', ['version']).status === 0;
if (!hasOpenssl)
  process.stderr.write('\n*** no openssl on this machine: chains are checked by node:crypto alone ***\n\n');

test.each(['RSA_2048', 'EC_prime256v1', 'EC_secp384r1'] as const)(
  'a chain of %s holds up to the root',
  (KeyAlgorithm) => {
    const { lab } = world();
    const CertificateArn = request(lab, { KeyAlgorithm, SubjectAlternativeNames: ['*.example.org'] });
    const { Certificate = '', CertificateChain = '' } = lab.acm.getCertificate({ CertificateArn });
    const [leaf, root] = [new X509Certificate(Certificate), new X509Certificate(CertificateChain)];
    expect(leaf.checkIssued(root) && leaf.verify(root.publicKey) && root.verify(root.publicKey)).toBe(true);
    expect([leaf.ca, root.ca]).toEqual([false, true]);
    expect([leaf.checkHost('www.example.com'), leaf.checkHost('a.example.org'), leaf.checkHost('example.org')]).toEqual(
      ['www.example.com', '*.example.org', undefined],
    );
    if (hasOpenssl) expect(verifyByOpenssl(Certificate, CertificateChain, lab.context.now)).toContain('OK');
  },
);

function verifyByOpenssl(certificate: string, root: string, now: number): string {
  const folder = mkdtempSync(join(tmpdir(), 'rockpool-acm-'));
  try {
    const file = (name: string, content: string) => {
      writeFileSync(join(folder, name), content);
      return join(folder, name);
    };
    const time = String(Math.floor(now / 1000));
    const files = ['-CAfile', file('root.pem', root), file('leaf.pem', certificate)];
    const checks = ['-x509_strict', '-purpose', 'sslserver', '-verify_hostname', 'www.example.com'];
    return execFileSync('openssl', ['verify', ...checks, '-attime', time, ...files], { encoding: 'utf8' });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test('all certificates of an engine have one root, which outlives it', () => {
  const { lab } = world();
  const chainOf = (from: Lab) => from.acm.getCertificate({ CertificateArn: request(from) }).CertificateChain;
  const first = chainOf(lab);
  expect(chainOf(lab.restart())).toBe(first);
});

test('the same token asks for the same certificate, within an hour', () => {
  const { lab } = world();
  const first = request(lab, { IdempotencyToken: 'once' });
  expect(request(lab, { IdempotencyToken: 'once' })).toBe(first);
  expect(request(lab, { IdempotencyToken: 'once', DomainName: 'other.example.com' })).not.toBe(first);
  lab.advance('2h');
  expect(request(lab, { IdempotencyToken: 'once' })).not.toBe(first);
});

test('mails would go to a domain above; another is refused', () => {
  const { lab } = world();
  const to = (ValidationDomain: string, DomainName = 'www.example.com') =>
    request(lab, { ValidationMethod: 'EMAIL', DomainValidationOptions: [{ DomainName, ValidationDomain }] });
  expect(describe(lab, to('example.com'))?.DomainValidationOptions).toEqual([
    expect.objectContaining({
      ValidationDomain: 'example.com',
      ValidationMethod: 'EMAIL',
      ValidationEmails: expect.arrayContaining(['postmaster@example.com']),
    }),
  ]);
  expect(() => to('ample.com')).toThrow(code('InvalidDomainValidationOptionsException'));
  expect(() => to('example.org', 'example.org')).toThrow(code('InvalidDomainValidationOptionsException'));
});

test('a certificate that a listener has cannot be deleted', () => {
  const { lab, used } = world();
  const CertificateArn = request(lab);
  used.push(CertificateArn);
  expect(describe(lab, CertificateArn)).toMatchObject({ InUseBy: [balancer], RenewalEligibility: 'ELIGIBLE' });
  expect(() => lab.acm.deleteCertificate({ CertificateArn })).toThrow(
    `Certificate ${CertificateArn} in account 000000000000 is in use.`,
  );
  used.pop();
  lab.acm.deleteCertificate({ CertificateArn });
  expect(() => describe(lab, CertificateArn)).toThrow(
    `Certificate with arn ${CertificateArn} not found in account 000000000000`,
  );
});

test('a certificate expires after 198 days; one in use can be renewed, and keeps its ARN', () => {
  const { lab, used } = world();
  const CertificateArn = request(lab);
  lab.advance('199d');
  expect(describe(lab, CertificateArn)?.Status).toBe('EXPIRED');
  expect(() => lab.acm.renewCertificate({ CertificateArn })).toThrow(code('ValidationException'));
  const before = describe(lab, CertificateArn)?.Serial;
  used.push(CertificateArn);
  lab.acm.renewCertificate({ CertificateArn });
  const after = describe(lab, CertificateArn);
  expect(after).toMatchObject({ Status: 'ISSUED', RenewalSummary: { RenewalStatus: 'SUCCESS' } });
  expect(after?.Serial).not.toBe(before);
});

test('only what was asked for as exportable is exported, its key under the passphrase', () => {
  const { lab } = world();
  const Passphrase = Buffer.from('secret');
  expect(() => lab.acm.exportCertificate({ CertificateArn: request(lab), Passphrase })).toThrow(
    'is not a private certificate',
  );
  const CertificateArn = request(lab, { Options: { Export: 'ENABLED' } });
  const { Certificate = '', PrivateKey = '' } = lab.acm.exportCertificate({ CertificateArn, Passphrase });
  expect(PrivateKey).toContain('BEGIN ENCRYPTED PRIVATE KEY');
  const key = createPrivateKey({ key: PrivateKey, passphrase: 'secret' });
  expect(new X509Certificate(Certificate).checkPrivateKey(key)).toBe(true);
});

test('lists are of RSA keys unless others are asked for, newest first, in pages', () => {
  const { lab } = world();
  const first = request(lab);
  lab.advance('1m');
  const [curve, second] = [request(lab, { KeyAlgorithm: 'EC_prime256v1' }), request(lab)];
  const list = (more: object = {}) => lab.acm.listCertificates(more);
  const arns = (more?: object) => list(more).CertificateSummaryList?.map(({ CertificateArn }) => CertificateArn);
  expect(arns()).toEqual([second, first]);
  expect(arns({ Includes: { keyTypes: ['EC_prime256v1'] } })).toEqual([curve]);
  expect(arns({ CertificateStatuses: ['EXPIRED'] })).toEqual([]);
  expect(arns({ SortBy: 'CREATED_AT', SortOrder: 'ASCENDING' })).toEqual([first, second]);
  const { NextToken } = list({ MaxItems: 1 });
  expect(arns({ MaxItems: 1, NextToken })).toEqual([first]);
});

test('tags are put, listed and taken away, by value where one is named', () => {
  const { lab } = world();
  const CertificateArn = request(lab, { Tags: [{ Key: 'a', Value: '1' }] });
  const tags = () => lab.acm.listTagsForCertificate({ CertificateArn }).Tags;
  lab.acm.addTagsToCertificate({ CertificateArn, Tags: [{ Key: 'a', Value: '2' }, { Key: 'b' }] });
  expect(tags()).toEqual([{ Key: 'a', Value: '2' }, { Key: 'b' }]);
  lab.acm.removeTagsFromCertificate({ CertificateArn, Tags: [{ Key: 'a', Value: '1' }, { Key: 'b' }] });
  expect(tags()).toEqual([{ Key: 'a', Value: '2' }]);
  lab.acm.tagResource({ ResourceArn: CertificateArn, Tags: [{ Key: 'c' }] });
  lab.acm.untagResource({ ResourceArn: CertificateArn, TagKeys: ['a'] });
  expect(lab.acm.listTagsForResource({ ResourceArn: CertificateArn }).Tags).toEqual([{ Key: 'c' }]);
  expect(() => lab.acm.addTagsToCertificate({ CertificateArn, Tags: [{ Key: 'aws:x' }] })).toThrow('AWS internal tags');
  const many = Array.from({ length: 50 }, (_, index) => ({ Key: `many${index}` }));
  expect(() => lab.acm.addTagsToCertificate({ CertificateArn, Tags: many })).toThrow(code('TooManyTagsException'));
});

test('options: transparency can change, export cannot; the days before an expiry are kept', () => {
  const { lab } = world();
  const CertificateArn = request(lab);
  lab.acm.updateCertificateOptions({
    CertificateArn,
    Options: { CertificateTransparencyLoggingPreference: 'DISABLED' },
  });
  expect(describe(lab, CertificateArn)?.Options?.CertificateTransparencyLoggingPreference).toBe('DISABLED');
  expect(() => lab.acm.updateCertificateOptions({ CertificateArn, Options: { Export: 'ENABLED' } })).toThrow(
    code('ValidationException'),
  );
  expect(lab.acm.getAccountConfiguration({}).ExpiryEvents).toEqual({ DaysBeforeExpiry: 45 });
  lab.acm.putAccountConfiguration({ ExpiryEvents: { DaysBeforeExpiry: 10 }, IdempotencyToken: 'a' });
  expect(lab.acm.getAccountConfiguration({}).ExpiryEvents).toEqual({ DaysBeforeExpiry: 10 });
});
