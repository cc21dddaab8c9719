import { expect, test } from 'vitest';
import { startLab } from '../../testing/lab.ts';
import { resourceLab } from '../../testing/resource-lab.ts';
import { ec2 } from './index.ts';

function world() {
  const lab = startLab({ services: () => [ec2()] });
  const VpcId = lab.ec2.createVpc({ CidrBlock: '10.0.0.0/16' }).Vpc?.VpcId ?? '';
  const SubnetId = lab.ec2.createSubnet({ VpcId, CidrBlock: '10.0.0.0/24' }).Subnet?.SubnetId ?? '';
  const acls = (...more: { Name: string; Values: string[] }[]) =>
    lab.ec2.describeNetworkAcls({ Filters: [{ Name: 'vpc-id', Values: [VpcId] }, ...more] }).NetworkAcls ?? [];
  const home = () => acls({ Name: 'default', Values: ['true'] })[0];
  const ofSubnet = () => acls({ Name: 'association.subnet-id', Values: [SubnetId] })[0];
  const create = () => lab.ec2.createNetworkAcl({ VpcId }).NetworkAcl?.NetworkAclId ?? '';
  return { lab, VpcId, SubnetId, acls, home, ofSubnet, create };
}

const web = { RuleNumber: 100, Protocol: '6', RuleAction: 'allow', Egress: false, CidrBlock: '0.0.0.0/0' } as const;
const PortRange = { From: 443, To: 443 };

test("a new ACL denies everything; its VPC's own lets everything through and has every new subnet", () => {
  const { lab, SubnetId, home, create } = world();
  const NetworkAclId = create();
  const [made] = lab.ec2.describeNetworkAcls({ NetworkAclIds: [NetworkAclId] }).NetworkAcls ?? [];
  expect(made).toMatchObject({ IsDefault: false, Associations: [] });
  expect(made?.Entries?.map((one) => [one.Egress, one.RuleNumber, one.RuleAction])).toEqual([
    [true, 32767, 'deny'],
    [false, 32767, 'deny'],
  ]);
  expect(home()?.Entries).toHaveLength(4);
  expect(home()?.Associations).toMatchObject([{ SubnetId, NetworkAclId: home()?.NetworkAclId }]);
  lab.ec2.deleteSubnet({ SubnetId });
  expect(home()?.Associations).toEqual([]);
});

test('entries are known by number and direction, in the order in which they decide', () => {
  const { lab, create } = world();
  const NetworkAclId = create();
  const entries = () =>
    lab.ec2
      .describeNetworkAcls({ NetworkAclIds: [NetworkAclId] })
      .NetworkAcls?.[0]?.Entries?.filter(({ Egress }) => !Egress);
  lab.ec2.createNetworkAclEntry({ NetworkAclId, ...web, RuleNumber: 200, PortRange, Protocol: 'tcp' });
  lab.ec2.createNetworkAclEntry({ NetworkAclId, ...web, PortRange, CidrBlock: '10.0.0.9/8' });
  expect(entries()).toMatchObject([
    { RuleNumber: 100, CidrBlock: '10.0.0.0/8' },
    { RuleNumber: 200, Protocol: '6' },
    { RuleNumber: 32767 },
  ]);
  expect(() => lab.ec2.createNetworkAclEntry({ NetworkAclId, ...web, PortRange })).toThrow(
    'The network acl entry identified by 100 already exists.',
  );
  lab.ec2.replaceNetworkAclEntry({ NetworkAclId, ...web, RuleAction: 'deny', PortRange });
  expect(entries()?.[0]).toMatchObject({ RuleNumber: 100, RuleAction: 'deny', CidrBlock: '0.0.0.0/0' });
  lab.ec2.deleteNetworkAclEntry({ NetworkAclId, RuleNumber: 100, Egress: false });
  expect(entries()).toHaveLength(2);
  expect(() => lab.ec2.deleteNetworkAclEntry({ NetworkAclId, RuleNumber: 100, Egress: false })).toThrow(
    expect.objectContaining({ code: 'InvalidNetworkAclEntry.NotFound' }),
  );
});

test.each([
  [{ RuleNumber: 32767 }, 'InvalidParameterValue'],
  [{ CidrBlock: 'all' }, 'InvalidParameterValue'],
  [{ CidrBlock: undefined }, 'MissingParameter'],
  [{ PortRange: undefined }, 'MissingParameter'],
  [{ NetworkAclId: 'acl-0' }, 'InvalidNetworkAclID.NotFound'],
])('the entry with %j is refused', (change, code) => {
  const { lab, create } = world();
  const entry = { NetworkAclId: create(), ...web, PortRange, ...change };
  expect(() => lab.ec2.createNetworkAclEntry(entry as typeof web & { NetworkAclId: string })).toThrow(
    expect.objectContaining({ code }),
  );
});

test('a subnet is handed from one ACL to another, and an ACL with subnets is not deleted', () => {
  const { lab, VpcId, SubnetId, home, ofSubnet, create } = world();
  const NetworkAclId = create();
  const AssociationId = ofSubnet()?.Associations?.[0]?.NetworkAclAssociationId ?? '';
  const { NewAssociationId } = lab.ec2.replaceNetworkAclAssociation({ AssociationId, NetworkAclId });
  expect(ofSubnet()).toMatchObject({
    NetworkAclId,
    Associations: [{ NetworkAclAssociationId: NewAssociationId, SubnetId }],
  });
  expect(home()?.Associations).toEqual([]);
  expect(() => lab.ec2.replaceNetworkAclAssociation({ AssociationId, NetworkAclId })).toThrow('does not exist');
  expect(() => lab.ec2.deleteNetworkAcl({ NetworkAclId })).toThrow('has dependencies and cannot be deleted.');
  lab.ec2.deleteSubnet({ SubnetId });
  expect(() => lab.ec2.deleteVpc({ VpcId })).toThrow('has dependencies and cannot be deleted.');
  lab.ec2.deleteNetworkAcl({ NetworkAclId });
  expect(() => lab.ec2.deleteNetworkAcl({ NetworkAclId: home()?.NetworkAclId ?? '' })).toThrow(
    'Cannot delete default network ACL',
  );
  lab.ec2.deleteVpc({ VpcId });
});

test('templates make ACLs, their entries and whose subnets are', () => {
  const { lab, VpcId, SubnetId, home, ofSubnet } = world();
  const acl = resourceLab(lab, 'AWS::EC2::NetworkAcl');
  const entry = resourceLab(lab, 'AWS::EC2::NetworkAclEntry');
  const association = resourceLab(lab, 'AWS::EC2::SubnetNetworkAclAssociation');
  const { id: NetworkAclId } = acl.create({ VpcId });
  const properties = { ...web, NetworkAclId, Protocol: 6, PortRange };
  const made = entry.create(properties);
  entry.update(made.id, { ...properties, RuleAction: 'deny' }, properties);
  const given = association.create({ NetworkAclId, SubnetId });
  expect(ofSubnet()).toMatchObject({
    NetworkAclId,
    Associations: [{ NetworkAclAssociationId: given.attributes?.['AssociationId'] }],
    Entries: [{}, { RuleNumber: 100, RuleAction: 'deny', PortRange }, {}],
  });
  association.delete(given.id, { NetworkAclId, SubnetId });
  expect(ofSubnet()).toEqual(home());
  entry.delete(made.id, properties);
  acl.delete(NetworkAclId, { VpcId });
  expect(resourceLab(lab, 'AWS::EC2::Subnet').create({ VpcId, CidrBlock: '10.0.1.0/24' }).attributes).toMatchObject({
    NetworkAclAssociationId: home()?.Associations?.[1]?.NetworkAclAssociationId,
  });
});
