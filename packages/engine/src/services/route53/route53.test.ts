import { expect, test } from 'vitest';
import { systemSshKeys } from '../../edges/system-ssh-keys.ts';
import { startLab } from '../../testing/lab.ts';
import { resourceLab } from '../../testing/resource-lab.ts';
import { ec2 } from '../ec2/index.ts';
import { route53 } from './index.ts';

const world = () =>
  startLab({ services: () => [route53(), ec2({ readObject: () => undefined, sshKeys: systemSshKeys() })] });
type World = ReturnType<typeof world>;

let references = 0;
const makeZone = (lab: World, Name = 'example.com', more: object = {}) =>
  lab.route53.createHostedZone({ Name, CallerReference: `reference ${references++}`, ...more });
const idOf = ({ HostedZone }: ReturnType<typeof makeZone>) => HostedZone?.Id?.replace('/hostedzone/', '') ?? '';
const code = (name: string) => expect.objectContaining({ code: name });

function zoneWorld() {
  const lab = world();
  const HostedZoneId = idOf(makeZone(lab));
  type Changes = NonNullable<Parameters<typeof lab.route53.changeResourceRecordSets>[0]['ChangeBatch']['Changes']>;
  const change = (...Changes: Changes) =>
    lab.route53.changeResourceRecordSets({ HostedZoneId, ChangeBatch: { Changes } });
  const list = (more: object = {}) => lab.route53.listResourceRecordSets({ HostedZoneId, ...more });
  const names = (more: object = {}) =>
    list(more).ResourceRecordSets?.map(({ Name, Type, SetIdentifier }) =>
      [Name, Type, SetIdentifier].filter(Boolean).join(' '),
    );
  return { lab, HostedZoneId, change, list, names };
}

const address = (Name: string, Value = '192.0.2.1', more: object = {}) => ({
  Name,
  Type: 'A' as const,
  TTL: 60,
  ResourceRecords: [{ Value }],
  ...more,
});
const create = (ResourceRecordSet: ReturnType<typeof address>) => ({ Action: 'CREATE' as const, ResourceRecordSet });
const upsert = (ResourceRecordSet: ReturnType<typeof address>) => ({ Action: 'UPSERT' as const, ResourceRecordSet });
const remove = (ResourceRecordSet: ReturnType<typeof address>) => ({ Action: 'DELETE' as const, ResourceRecordSet });
const record = (Name: string, Type: string, ...values: string[]) =>
  ({ ...address(Name), Type, ResourceRecords: values.map((Value) => ({ Value })) }) as unknown as ReturnType<
    typeof address
  >;

test('a zone is made with its NS and SOA, found by its id, and deleted when nothing else is in it', () => {
  const lab = world();
  const made = makeZone(lab, 'Example.COM', { HostedZoneConfig: { Comment: 'ours' } });
  const id = idOf(made);
  expect(id).toMatch(/^Z[A-Z0-9]{20}$/);
  expect(made.Location).toBe(`https://route53.amazonaws.com/2013-04-01/hostedzone/${id}`);
  expect(made.HostedZone).toMatchObject({
    Name: 'example.com.',
    Config: { Comment: 'ours', PrivateZone: false },
    ResourceRecordSetCount: 2,
  });
  expect(made.DelegationSet?.NameServers).toEqual([
    expect.stringMatching(/^ns-\d+\.awsdns-\d\d\.com$/),
    expect.stringMatching(/\.net$/),
    expect.stringMatching(/\.org$/),
    expect.stringMatching(/\.co\.uk$/),
  ]);
  expect(lab.restart().route53.getHostedZone({ Id: `/hostedzone/${id}` })).toMatchObject({
    HostedZone: made.HostedZone,
    DelegationSet: made.DelegationSet,
  });
  expect(() =>
    lab.route53.createHostedZone({ Name: 'x.org', CallerReference: made.HostedZone?.CallerReference ?? '' }),
  ).toThrow(code('HostedZoneAlreadyExists'));
  expect(() => makeZone(lab, 'not a..name')).toThrow(code('InvalidDomainName'));
  expect(lab.route53.getHostedZoneCount({}).HostedZoneCount).toBe(1);
  expect(lab.route53.updateHostedZoneComment({ Id: id, Comment: 'new' }).HostedZone?.Config?.Comment).toBe('new');
  lab.route53.deleteHostedZone({ Id: id });
  expect(() => lab.route53.getHostedZone({ Id: id })).toThrow(`No hosted zone found with ID: ${id}`);
});

test('a zone with records does not go', () => {
  const { lab, HostedZoneId, change } = zoneWorld();
  change(create(address('www.example.com')));
  expect(() => lab.route53.deleteHostedZone({ Id: HostedZoneId })).toThrow(code('HostedZoneNotEmpty'));
  change(remove(address('www.example.com')));
  lab.route53.deleteHostedZone({ Id: HostedZoneId });
});

test('zones are listed by id, and by name from the right', () => {
  const lab = world();
  const made = ['b.org', 'a.com', 'z.a.com', 'a.com'].map((name) => idOf(makeZone(lab, name)));
  const first = lab.route53.listHostedZones({ MaxItems: 3 });
  const rest = lab.route53.listHostedZones({ Marker: first.NextMarker });
  expect([...(first.HostedZones ?? []), ...(rest.HostedZones ?? [])].map(({ Id }) => Id?.slice(12))).toEqual(
    [...made].sort(),
  );
  const byName = lab.route53.listHostedZonesByName({});
  expect(byName.HostedZones?.map(({ Name }) => Name)).toEqual(['a.com.', 'a.com.', 'z.a.com.', 'b.org.']);
  const page = lab.route53.listHostedZonesByName({ DNSName: 'z.a.com', MaxItems: 1 });
  expect(page).toMatchObject({
    DNSName: 'z.a.com',
    IsTruncated: true,
    NextDNSName: 'b.org.',
    NextHostedZoneId: made[0],
  });
  expect(page.HostedZones?.map(({ Name }) => Name)).toEqual(['z.a.com.']);
  expect(() => lab.route53.listHostedZonesByName({ HostedZoneId: 'Z1' })).toThrow(code('InvalidInput'));
});

test('a private zone is for VPCs, of which it keeps one', () => {
  const lab = world();
  const vpc = () => ({
    VPCId: lab.ec2.createVpc({ CidrBlock: '10.0.0.0/16' }).Vpc?.VpcId,
    VPCRegion: 'us-east-1' as const,
  });
  const [first, second] = [vpc(), vpc()];
  const made = makeZone(lab, 'internal', { VPC: first });
  const HostedZoneId = idOf(made);
  expect(made).toMatchObject({ VPC: first, HostedZone: { Config: { PrivateZone: true } } });
  expect(made.DelegationSet).toBeUndefined();
  expect(() => makeZone(lab, 'internal', { VPC: first })).toThrow(code('ConflictingDomainExists'));
  expect(() => makeZone(lab, 'other', { VPC: { ...first, VPCId: 'vpc-1' } })).toThrow(code('InvalidVPCId'));
  expect(() => makeZone(lab, 'other', { HostedZoneConfig: { PrivateZone: true } })).toThrow(code('InvalidInput'));
  lab.route53.associateVPCWithHostedZone({ HostedZoneId, VPC: second });
  expect(lab.route53.getHostedZone({ Id: HostedZoneId }).VPCs).toEqual([first, second]);
  expect(
    lab.route53.listHostedZonesByVPC({ VPCId: second.VPCId ?? '', VPCRegion: 'us-east-1' }).HostedZoneSummaries,
  ).toEqual([{ HostedZoneId, Name: 'internal.', Owner: { OwningAccount: '000000000000' } }]);
  const leave = (VPC: typeof first) => lab.route53.disassociateVPCFromHostedZone({ HostedZoneId, VPC });
  leave(first);
  expect(() => leave(first)).toThrow(code('VPCAssociationNotFound'));
  expect(() => leave(second)).toThrow(code('LastVPCAssociation'));
  const open = idOf(makeZone(lab));
  expect(() => lab.route53.associateVPCWithHostedZone({ HostedZoneId: open, VPC: first })).toThrow(
    code('PublicZoneVPCAssociation'),
  );
  expect(lab.route53.listHostedZones({ HostedZoneType: 'PrivateHostedZone' }).HostedZones).toHaveLength(1);
});

test('a change is pending, then in sync', () => {
  const { lab, change } = zoneWorld();
  const Id = change(create(address('www.example.com'))).ChangeInfo?.Id ?? '';
  const status = () => lab.route53.getChange({ Id }).ChangeInfo?.Status;
  expect(status()).toBe('PENDING');
  lab.advance('1m');
  expect(status()).toBe('INSYNC');
  lab.advance('2d');
  change(create(address('a.example.com')));
  expect(status).toThrow(code('NoSuchChange'));
});

test('record sets are listed by name from the right, then type, then identifier, in pages', () => {
  const { change, list, names } = zoneWorld();
  change(
    create(address('www.example.com', '192.0.2.1', { SetIdentifier: 'b', Weight: 1 })),
    create(address('www.example.com', '192.0.2.2', { SetIdentifier: 'a', Weight: 1 })),
    create(record('www.example.com', 'AAAA', '2001:db8::1')),
    create(address('*.Example.com')),
    create(address('a.b.example.com')),
    create(record('example.com', 'MX', '10 mail.example.com')),
  );
  const all = [
    'example.com. MX',
    'example.com. NS',
    'example.com. SOA',
    '\\052.example.com. A',
    'a.b.example.com. A',
    'www.example.com. A a',
    'www.example.com. A b',
    'www.example.com. AAAA',
  ];
  expect(names()).toEqual(all);
  const first = list({ MaxItems: 5 });
  expect(first).toMatchObject({
    IsTruncated: true,
    NextRecordName: 'www.example.com.',
    NextRecordType: 'A',
    NextRecordIdentifier: 'a',
  });
  const from = {
    StartRecordName: first.NextRecordName,
    StartRecordType: first.NextRecordType,
    StartRecordIdentifier: first.NextRecordIdentifier,
  };
  expect(names(from)).toEqual(all.slice(5));
  expect(names({ StartRecordName: 'b.example.com' })).toEqual(all.slice(4));
  expect(() => list({ StartRecordType: 'A' })).toThrow(code('InvalidInput'));
});

test('a batch is done wholly or not at all, and says all that is wrong with it', () => {
  const { change, names } = zoneWorld();
  const before = names();
  const batch = () =>
    change(
      create(address('ok.example.com')),
      create(address('www.example.org')),
      remove(address('no.example.com')),
      create(record('example.com', 'CNAME', 'other.org')),
    );
  expect(batch).toThrow(
    "[RRSet with DNS name www.example.org. is not permitted in zone example.com., Tried to delete resource record set [name='no.example.com.', type='A'] but it was not found, RRSet of type CNAME with DNS name example.com. is not permitted at apex in zone example.com.]",
  );
  expect(names()).toEqual(before);
  change(create(address('www.example.com')));
  change(remove(address('www.example.com')), create(record('www.example.com', 'CNAME', 'other.org')));
  expect(names()).toEqual([...(before ?? []), 'www.example.com. CNAME']);
});

const www = 'RRSet with DNS name www.example.com., type A, SetIdentifier two cannot be created';
test.each([
  [
    'a set that is there',
    create(address('www.example.com')),
    "Tried to create resource record set [name='www.example.com.', type='A'] but it already exists",
  ],
  [
    'a deletion of other values',
    remove(address('www.example.com', '192.0.2.9')),
    "Tried to delete resource record set [name='www.example.com.', type='A'] but the values provided do not match the current values",
  ],
  [
    'a CNAME beside others',
    create(record('www.example.com', 'CNAME', 'a.org')),
    'RRSet of type CNAME with DNS name www.example.com. is not permitted as it conflicts with other records with the same DNS name in zone example.com.',
  ],
  [
    'others beside a CNAME',
    create(address('alias.example.com')),
    'RRSet of type A with DNS name alias.example.com. is not permitted because a conflicting RRSet of type CNAME with the same DNS name already exists in zone example.com.',
  ],
  [
    'a weighted set beside a simple one',
    create(address('www.example.com', '192.0.2.1', { SetIdentifier: 'two', Weight: 1 })),
    `${www} as a non-weighted set exists with the same name and type.`,
  ],
  [
    'a multivalue set beside a simple one',
    create(address('www.example.com', '192.0.2.1', { SetIdentifier: 'two', MultiValueAnswer: true })),
    `${www} because a non multivalue answer rrset exists with the same name and type.`,
  ],
  [
    'a simple set beside a weighted one',
    create(address('weighted.example.com')),
    'RRSet with DNS name weighted.example.com., type A cannot be created as other RRSets exist with the same name and type.',
  ],
  [
    'weighted sets of two TTLs',
    create(address('weighted.example.com', '192.0.2.1', { TTL: 5, SetIdentifier: 'b', Weight: 1 })),
    'weighted sets must contain the same TTL.',
  ],
  [
    'no IPv4 address',
    create(address('a.example.com', '192.0.2')),
    "Invalid Resource Record: 'FATAL problem: ARRDATAIllegalIPv4Address (Value is not a valid IPv4 address) encountered with '192.0.2''",
  ],
  ['no IPv6 address', create(record('a.example.com', 'AAAA', 'x')), 'AAAARRDATAIllegalIPv6Address'],
  [
    'a text without quotes',
    create(record('a.example.com', 'TXT', 'v=spf1')),
    'InvalidCharacterString (Value should be enclosed in quotation marks)',
  ],
  [
    'a text that is too long',
    create(record('a.example.com', 'TXT', `"${'x'.repeat(256)}"`)),
    'CharacterStringTooLong (Value is too long)',
  ],
  [
    'an MX without a priority',
    create(record('a.example.com', 'MX', 'mail.example.com')),
    "MX record doesn't have 2 fields",
  ],
  [
    'a value twice',
    create(record('a.example.com', 'A', '192.0.2.1', '192.0.2.1')),
    "Duplicate Resource Record: '192.0.2.1'",
  ],
  [
    'a health check that is not there',
    create(address('a.example.com', '192.0.2.1', { HealthCheckId: 'no' })),
    'A health check with id no does not exist.',
  ],
  ['an alias to nothing', create(alias('a.example.com', 'no.example.com')), 'but that target was not found'],
  [
    'an alias out of its zone',
    create(alias('a.example.com', 'www.example.org')),
    'but the alias target name does not lie within the target zone',
  ],
  ['the zone’s own NS', remove(address('ns')), ''],
])('refused: %s', (what, given, message) => {
  const { change, list, HostedZoneId } = zoneWorld();
  change(
    create(address('www.example.com')),
    create(record('alias.example.com', 'CNAME', 'other.org')),
    create(address('weighted.example.com', '192.0.2.1', { SetIdentifier: 'a', Weight: 1 })),
  );
  if (what === 'the zone’s own NS') {
    const ns = list().ResourceRecordSets?.find(({ Type }) => Type === 'NS') as never;
    expect(() => change(remove(ns))).toThrow('A HostedZone must contain at least one NS record for the zone itself.');
    return;
  }
  const { AliasTarget } = given.ResourceRecordSet as { AliasTarget?: { HostedZoneId: string } };
  if (AliasTarget) AliasTarget.HostedZoneId = HostedZoneId;
  expect(() => change(given)).toThrow(code('InvalidChangeBatch'));
  expect(() => change(given)).toThrow(message);
});

function alias(Name: string, DNSName: string) {
  const AliasTarget = { HostedZoneId: 'Z1', DNSName, EvaluateTargetHealth: false };
  return { Name, Type: 'A', AliasTarget } as unknown as ReturnType<typeof address>;
}

test('the same set twice in a batch is refused; deleted and made anew it is not', () => {
  const { change, list } = zoneWorld();
  expect(() => change(create(address('www.example.com')), upsert(address('www.example.com', '192.0.2.2')))).toThrow(
    "The request contains an invalid set of changes for a resource record set 'A www.example.com.'",
  );
  change(upsert(address('www.example.com')));
  change(remove(address('www.example.com')), create(address('www.example.com', '192.0.2.2')));
  expect(list().ResourceRecordSets?.at(-1)).toEqual(address('www.example.com.', '192.0.2.2'));
});

test('a set has values or an alias, and one routing with an identifier', () => {
  const { change } = zoneWorld();
  const where = (name: string, id = 'null') =>
    `in Change with [Action=CREATE, Name=${name}, Type=A, SetIdentifier=${id}]`;
  const refused = (set: object) => () => change(create(set as never));
  expect(refused({ Name: 'a.example.com', Type: 'A' })).toThrow(
    `Invalid request: Expected exactly one of [AliasTarget, all of [TTL, and ResourceRecords], or TrafficPolicyInstanceId], but found none ${where('a.example.com.')}`,
  );
  expect(refused({ ...address('a.example.com'), ...alias('a.example.com', 'b.org') })).toThrow(
    'but found more than one',
  );
  expect(refused(address('a.example.com', '192.0.2.1', { Weight: 1 }))).toThrow(
    `Invalid request: Missing field 'SetIdentifier' ${where('a.example.com.')}`,
  );
  expect(refused(address('a.example.com', '192.0.2.1', { SetIdentifier: 'x' }))).toThrow(
    `but found none ${where('a.example.com.', 'x')}`,
  );
  expect(
    refused(address('a.example.com', '192.0.2.1', { SetIdentifier: 'x', Weight: 1, Region: 'us-east-1' })),
  ).toThrow('but found more than one');
});

test('latency, failover and geolocation sets stand beside each other once each', () => {
  const { change, names } = zoneWorld();
  const routed = (name: string, SetIdentifier: string, more: object) =>
    create(address(name, '192.0.2.1', { SetIdentifier, ...more }));
  change(
    routed('l.example.com', 'a', { Region: 'us-east-1' }),
    routed('l.example.com', 'b', { Region: 'eu-west-1' }),
    routed('f.example.com', 'a', { Failover: 'PRIMARY' }),
    routed('f.example.com', 'b', { Failover: 'SECONDARY' }),
    routed('g.example.com', 'a', { GeoLocation: { CountryCode: 'DE' } }),
    routed('g.example.com', 'b', { GeoLocation: { CountryCode: '*' } }),
  );
  expect(names()).toHaveLength(8);
  expect(() => change(routed('l.example.com', 'c', { Region: 'us-east-1' }))).toThrow('already exists');
  expect(() => change(routed('f.example.com', 'c', { Failover: 'PRIMARY' }))).toThrow('already exists');
});

test('TestDNSAnswer answers with values, through aliases and wildcards', () => {
  const { lab, change, HostedZoneId } = zoneWorld();
  const pointer = alias('alias.example.com', 'www.example.com');
  (pointer as unknown as { AliasTarget: { HostedZoneId: string } }).AliasTarget.HostedZoneId = HostedZoneId;
  change(create(address('www.example.com')), create(address('*.w.example.com', '192.0.2.2')), create(pointer));
  const ask = (RecordName: string) => {
    const { RecordData, ResponseCode } = lab.route53.testDNSAnswer({ HostedZoneId, RecordName, RecordType: 'A' });
    return [ResponseCode, ...(RecordData ?? [])];
  };
  expect(ask('www.example.com')).toEqual(['NOERROR', '192.0.2.1']);
  expect(ask('alias.example.com')).toEqual(['NOERROR', '192.0.2.1']);
  expect(ask('x.y.w.example.com')).toEqual(['NOERROR', '192.0.2.2']);
  expect(ask('example.com')).toEqual(['NOERROR']);
  expect(ask('no.example.com')).toEqual(['NXDOMAIN']);
});

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
