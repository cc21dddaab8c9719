import { execFileSync, spawnSync } from 'node:child_process';
import { createPrivateKey, generateKeyPairSync, X509Certificate } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { systemCertificateKeys } from '../../edges/system-certificate-keys.ts';
import { defineService } from '../../kernel/service.ts';
import { startLab } from '../../testing/lab.ts';
import { resourceLab } from '../../testing/resource-lab.ts';
import { route53 } from '../route53/index.ts';
import { acm } from './index.ts';
import { signCertificate } from './x509/sign-certificate.ts';

const balancer = 'arn:aws:elasticloadbalancing:us-east-1:000000000000:loadbalancer/app/web/1';

/** ACM beside a load balancer whose listener has the certificates `used`. */
function world() {
  const used: string[] = [];
  const elbv2 = defineService('elbv2', {
    operations: {
      DescribeLoadBalancers: () => ({ LoadBalancers: [{ LoadBalancerArn: balancer }] }),
      DescribeListeners: () => ({
        Listeners: [{ Certificates: used.map((CertificateArn) => ({ CertificateArn })) }],
      }),
    },
  });
  const lab = startLab({ services: () => [acm({ keys: systemCertificateKeys() }), elbv2, route53()] });
  return { lab, used };
}
type Lab = ReturnType<typeof world>['lab'];

const request = (lab: Lab, more: object = {}): string =>
  lab.acm.requestCertificate({ DomainName: 'www.example.com', ValidationMethod: 'DNS', ...more }).CertificateArn ?? '';
const describe = (lab: Lab, CertificateArn: string) => lab.acm.describeCertificate({ CertificateArn }).Certificate;
const code = (name: string) => expect.objectContaining({ code: name });

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

test('private authorities are not here', () => {
  const { lab } = world();
  const CertificateAuthorityArn = 'arn:aws:acm-pca:us-east-1:000000000000:certificate-authority/1';
  expect(() => request(lab, { CertificateAuthorityArn })).toThrow(code('NotImplemented'));
  expect(() => request(lab, { KeyAlgorithm: 'RSA_4096' })).toThrow(code('ValidationException'));
});

test('AWS::CertificateManager::Certificate is made, changed and deleted', () => {
  const { lab } = world();
  const resources = resourceLab(lab, 'AWS::CertificateManager::Certificate');
  const { HostedZone } = lab.route53.createHostedZone({ Name: 'example.com', CallerReference: '1' });
  const HostedZoneId = HostedZone?.Id ?? '';
  const properties = {
    DomainName: 'example.com',
    ValidationMethod: 'DNS',
    DomainValidationOptions: [{ DomainName: 'example.com', HostedZoneId }],
    Tags: [{ Key: 'a', Value: '1' }],
  };
  const { id } = resources.create(properties);
  expect(describe(lab, id)).toMatchObject({ Status: 'ISSUED', DomainName: 'example.com' });
  const record = describe(lab, id)?.DomainValidationOptions?.[0]?.ResourceRecord;
  expect(lab.route53.listResourceRecordSets({ HostedZoneId }).ResourceRecordSets).toContainEqual({
    Name: record?.Name,
    Type: 'CNAME',
    TTL: 300,
    ResourceRecords: [{ Value: record?.Value }],
  });
  const changed = {
    ...properties,
    CertificateTransparencyLoggingPreference: 'DISABLED',
    Tags: [{ Key: 'b', Value: '2' }],
  };
  resources.update(id, changed, properties);
  expect(describe(lab, id)?.Options?.CertificateTransparencyLoggingPreference).toBe('DISABLED');
  expect(
    lab.acm
      .listTagsForCertificate({ CertificateArn: id })
      .Tags?.map(({ Key }) => Key)
      .sort(),
  ).toEqual(['aws:cloudformation:stack-name', 'b']);
  resources.delete(id, changed);
  resources.delete(id, changed);
  expect(lab.acm.listCertificates({}).CertificateSummaryList).toEqual([]);
});
