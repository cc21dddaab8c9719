import { expect, test } from 'vitest';
import { address, code, create, record, remove, upsert, zoneWorld } from './testing/zone-world.ts';

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
