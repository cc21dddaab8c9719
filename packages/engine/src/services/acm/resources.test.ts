import { expect, test } from 'vitest';
import { resourceLab } from '../../testing/resource-lab.ts';
import { code, describe, request, world } from './testing/acm-world.ts';

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
