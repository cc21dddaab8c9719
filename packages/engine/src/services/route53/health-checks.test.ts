import { expect, test } from 'vitest';
import { address, code, create, zoneWorld } from './testing/zone-world.ts';

test('health checks are kept, with their versions; tags are on zones and checks', () => {
  const { lab, change, HostedZoneId } = zoneWorld();
  const config = { Type: 'HTTPS', FullyQualifiedDomainName: 'example.com', ResourcePath: '/health' } as const;
  const make = (HealthCheckConfig: object = config) =>
    lab.route53.createHealthCheck({ CallerReference: 'one', HealthCheckConfig: HealthCheckConfig as typeof config });
  const { HealthCheck } = make();
  const HealthCheckId = HealthCheck?.Id ?? '';
  expect(HealthCheck).toMatchObject({
    HealthCheckVersion: 1,
    HealthCheckConfig: { Port: 443, RequestInterval: 30, FailureThreshold: 3, EnableSNI: true, Inverted: false },
  });
  expect(make().HealthCheck?.Id).toBe(HealthCheckId);
  expect(() => make({ ...config, ResourcePath: '/' })).toThrow(code('HealthCheckAlreadyExists'));
  expect(() => make({ Type: 'HTTP' })).toThrow(code('InvalidInput'));
  const changed = lab.route53.updateHealthCheck({
    HealthCheckId,
    FailureThreshold: 5,
    ResetElements: ['ResourcePath'],
  });
  expect(changed.HealthCheck).toMatchObject({ HealthCheckVersion: 2, HealthCheckConfig: { FailureThreshold: 5 } });
  expect(changed.HealthCheck?.HealthCheckConfig?.ResourcePath).toBeUndefined();
  expect(() => lab.route53.updateHealthCheck({ HealthCheckId, HealthCheckVersion: 1 })).toThrow(
    code('HealthCheckVersionMismatch'),
  );
  change(create(address('a.example.com', '192.0.2.1', { HealthCheckId })));
  expect(lab.route53.listHealthChecks({}).HealthChecks).toHaveLength(1);
  expect(lab.route53.getHealthCheckCount({}).HealthCheckCount).toBe(1);
  for (const [ResourceType, ResourceId] of [
    ['healthcheck', HealthCheckId],
    ['hostedzone', HostedZoneId],
  ] as const) {
    lab.route53.changeTagsForResource({
      ResourceType,
      ResourceId,
      AddTags: [
        { Key: 'a', Value: '1' },
        { Key: 'b', Value: '2' },
      ],
    });
    lab.route53.changeTagsForResource({ ResourceType, ResourceId, RemoveTagKeys: ['a'] });
    const expected = { ResourceType, ResourceId, Tags: [{ Key: 'b', Value: '2' }] };
    expect(lab.route53.listTagsForResource({ ResourceType, ResourceId }).ResourceTagSet).toEqual(expected);
    expect(lab.route53.listTagsForResources({ ResourceType, ResourceIds: [ResourceId] }).ResourceTagSets).toEqual([
      expected,
    ]);
  }
  lab.route53.deleteHealthCheck({ HealthCheckId });
  expect(() => lab.route53.getHealthCheck({ HealthCheckId })).toThrow(code('NoSuchHealthCheck'));
});
