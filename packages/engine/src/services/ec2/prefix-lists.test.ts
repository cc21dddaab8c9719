import { expect, test } from 'vitest';
import { startLab } from '../../testing/lab.ts';
import { resourceLab } from '../../testing/resource-lab.ts';
import { ec2 } from './index.ts';

function world() {
  const lab = startLab({ services: () => [ec2()] });
  const create = (...cidrs: string[]) =>
    lab.ec2.createManagedPrefixList({
      ...{ PrefixListName: 'offices', MaxEntries: 2, AddressFamily: 'IPv4' },
      Entries: cidrs.map((Cidr) => ({ Cidr })),
    }).PrefixList?.PrefixListId ?? '';
  const entries = (PrefixListId: string, TargetVersion?: number) =>
    lab.ec2
      .getManagedPrefixListEntries({ PrefixListId, ...(TargetVersion ? { TargetVersion } : {}) })
      .Entries?.map(({ Cidr }) => Cidr);
  return { lab, create, entries };
}

test('a list has versions, and whoever changes it must have seen the last one', () => {
  const { lab, create, entries } = world();
  const PrefixListId = create('192.0.2.0/24', '10.0.0.9/8');
  expect(entries(PrefixListId)).toEqual(['192.0.2.0/24', '10.0.0.0/8']);
  const change = (CurrentVersion: number) =>
    lab.ec2.modifyManagedPrefixList({
      ...{ PrefixListId, CurrentVersion, AddEntries: [{ Cidr: '198.51.100.0/24' }] },
      RemoveEntries: [{ Cidr: '10.0.0.0/8' }],
    }).PrefixList;
  expect(() => change(7)).toThrow('The prefix list has the incorrect version number.');
  expect(change(1)).toMatchObject({ Version: 2, State: 'modify-complete' });
  expect(entries(PrefixListId)).toEqual(['192.0.2.0/24', '198.51.100.0/24']);
  expect(entries(PrefixListId, 1)).toEqual(['192.0.2.0/24', '10.0.0.0/8']);
  lab.ec2.restoreManagedPrefixListVersion({ PrefixListId, PreviousVersion: 1, CurrentVersion: 2 });
  expect(entries(PrefixListId)).toEqual(['192.0.2.0/24', '10.0.0.0/8']);
  const more = { PrefixListId, CurrentVersion: 3, AddEntries: [{ Cidr: '198.51.100.0/24' }] };
  expect(() => lab.ec2.modifyManagedPrefixList(more)).toThrow('exceeds the maximum of 2');
  expect(() => lab.ec2.modifyManagedPrefixList({ ...more, MaxEntries: 3 })).toThrow('in the same request');
  lab.ec2.modifyManagedPrefixList({ PrefixListId, MaxEntries: 3 });
  expect(lab.ec2.modifyManagedPrefixList(more).PrefixList).toMatchObject({ Version: 4, MaxEntries: 3 });
  expect(() => entries(PrefixListId, 9)).toThrow('does not exist');
});

test("AWS's own lists are there by name; one's own is not deleted while a rule names it", () => {
  const { lab, create } = world();
  const PrefixListId = create('192.0.2.0/24');
  const Filters = [{ Name: 'prefix-list-name', Values: ['com.amazonaws.us-east-1.s3'] }];
  expect(lab.ec2.describeManagedPrefixLists({ Filters }).PrefixLists).toMatchObject([{ OwnerId: 'AWS' }]);
  const { GroupId } = lab.ec2.createSecurityGroup({ GroupName: 'web', Description: 'web' });
  const IpPermissions = [{ IpProtocol: '-1', PrefixListIds: [{ PrefixListId }] }];
  lab.ec2.authorizeSecurityGroupIngress({ GroupId, IpPermissions });
  expect(lab.ec2.getManagedPrefixListAssociations({ PrefixListId }).PrefixListAssociations).toEqual([
    { ResourceId: GroupId, ResourceOwner: '000000000000' },
  ]);
  expect(() => lab.ec2.deleteManagedPrefixList({ PrefixListId })).toThrow('has dependencies');
  lab.ec2.revokeSecurityGroupIngress({ GroupId, IpPermissions });
  lab.ec2.deleteManagedPrefixList({ PrefixListId });
  expect(() => lab.ec2.describeManagedPrefixLists({ PrefixListIds: [PrefixListId] })).toThrow(
    expect.objectContaining({ code: 'InvalidPrefixListID.NotFound' }),
  );
});

test.each([
  [{ PrefixListName: 'com.amazonaws.mine' }, 'cannot start with com.amazonaws'],
  [{ AddressFamily: 'IPv5' }, 'addressFamily is invalid'],
  [{ Entries: [{ Cidr: 'here' }] }, 'The CIDR here is not a valid IPv4 CIDR.'],
])('the list %j is refused', (change, message) => {
  const input = { PrefixListName: 'offices', MaxEntries: 2, AddressFamily: 'IPv4', ...change };
  expect(() => world().lab.ec2.createManagedPrefixList(input)).toThrow(message);
});

test('AWS::EC2::PrefixList changes what differs, in one version', () => {
  const { lab, entries } = world();
  const resource = resourceLab(lab, 'AWS::EC2::PrefixList');
  const before = { PrefixListName: 'a', AddressFamily: 'IPv4', MaxEntries: 2, Entries: [{ Cidr: '192.0.2.0/24' }] };
  const { id, attributes } = resource.create(before);
  expect(attributes).toMatchObject({ PrefixListId: id, Version: 1, OwnerId: '000000000000' });
  const after = {
    ...before,
    MaxEntries: 3,
    Entries: [{ Cidr: '10.0.0.0/8' }, { Cidr: '192.0.2.0/24', Description: 'x' }],
  };
  resource.update(id, after, before);
  expect(entries(id)).toEqual(['10.0.0.0/8', '192.0.2.0/24']);
  expect(lab.ec2.describeManagedPrefixLists({ PrefixListIds: [id] }).PrefixLists).toMatchObject([
    { Version: 2, MaxEntries: 3 },
  ]);
  resource.delete(id, after);
});
