import { expect, test } from 'vitest';
import { resourceLab } from '../../testing/resource-lab.ts';
import { world } from './testing/zone-world.ts';

test('CloudFormation: a zone with its records, changed and deleted', () => {
  const lab = world();
  const [zone, set, group] = ['HostedZone', 'RecordSet', 'RecordSetGroup'].map((type) =>
    resourceLab(lab, `AWS::Route53::${type}`),
  ) as [ReturnType<typeof resourceLab>, ReturnType<typeof resourceLab>, ReturnType<typeof resourceLab>];
  const zoneProperties = { Name: 'example.com', HostedZoneTags: [{ Key: 'a', Value: '1' }] };
  const { id, attributes } = zone.create(zoneProperties);
  expect(attributes).toMatchObject({ Id: id, NameServers: expect.arrayContaining([expect.stringMatching(/\.com$/)]) });
  zone.update(id, { Name: 'example.com', HostedZoneConfig: { Comment: 'new' } }, zoneProperties);
  expect(lab.route53.getHostedZone({ Id: id }).HostedZone?.Config?.Comment).toBe('new');
  expect(
    lab.route53.listTagsForResource({ ResourceType: 'hostedzone', ResourceId: id }).ResourceTagSet?.Tags,
  ).toHaveLength(1);
  const names = () =>
    lab.route53
      .listResourceRecordSets({ HostedZoneId: id })
      .ResourceRecordSets?.slice(2)
      .map(({ Name, TTL }) => `${Name} ${TTL}`);
  const www = {
    HostedZoneName: 'example.com.',
    Name: 'www.example.com',
    Type: 'A',
    TTL: '60',
    ResourceRecords: ['192.0.2.1'],
  };
  expect(set.create(www).id).toBe('www.example.com');
  set.update('www.example.com', { ...www, TTL: '90' }, www);
  const sets = ['a', 'b'].map((name) => ({
    Name: `${name}.example.com`,
    Type: 'A',
    TTL: '60',
    ResourceRecords: ['192.0.2.1'],
  }));
  const all = { HostedZoneId: id, RecordSets: sets };
  const made = group.create(all).id;
  expect(names()).toEqual(['a.example.com. 60', 'b.example.com. 60', 'www.example.com. 90']);
  const fewer = { HostedZoneId: id, RecordSets: sets.slice(1) };
  group.update(made, fewer, all);
  expect(names()).toEqual(['b.example.com. 60', 'www.example.com. 90']);
  for (const _ of [1, 2]) group.delete(made, fewer);
  set.delete('www.example.com', { ...www, TTL: '90' });
  zone.delete(id, {});
  zone.delete(id, {});
  expect(() => set.create(www)).toThrow('no hosted zones with name example.com.');
});

test('CloudFormation: a health check', () => {
  const lab = world();
  const check = resourceLab(lab, 'AWS::Route53::HealthCheck');
  const properties = { HealthCheckConfig: { Type: 'TCP', IPAddress: '192.0.2.1', Port: 22 } };
  const { id } = check.create(properties);
  check.update(id, { HealthCheckConfig: { Type: 'TCP', IPAddress: '192.0.2.1', Port: 23 } }, properties);
  expect(lab.route53.getHealthCheck({ HealthCheckId: id }).HealthCheck?.HealthCheckConfig?.Port).toBe(23);
  check.delete(id, properties);
  check.delete(id, properties);
  expect(lab.route53.getHealthCheckCount({}).HealthCheckCount).toBe(0);
});
