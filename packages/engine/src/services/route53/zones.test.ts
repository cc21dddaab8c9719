import { expect, test } from 'vitest';
import { address, code, create, idOf, makeZone, remove, world, zoneWorld } from './testing/zone-world.ts';

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
