import { expect, test } from 'vitest';
import { startLab } from '../../testing/lab.ts';
import { resourceLab } from '../../testing/resource-lab.ts';
import { ec2 } from './index.ts';
import { permissionsOf, rulesOf } from './security-group-rules.ts';

function world() {
  const lab = startLab({ services: () => [ec2()] });
  const VpcId = lab.ec2.createVpc({ CidrBlock: '10.0.0.0/16' }).Vpc?.VpcId ?? '';
  const group = (GroupName: string) =>
    lab.ec2.createSecurityGroup({ GroupName, Description: GroupName, VpcId }).GroupId ?? '';
  const rules = (GroupId: string) =>
    lab.ec2.describeSecurityGroupRules({ Filters: [{ Name: 'group-id', Values: [GroupId] }] }).SecurityGroupRules ?? [];
  return { lab, group, rules };
}

const web = (CidrIp: string, Description?: string) => ({
  ...{ IpProtocol: 'tcp', FromPort: 443, ToPort: 443 },
  IpRanges: [{ CidrIp, ...(Description ? { Description } : {}) }],
});

test('each source of a permission is a rule with an id, an ARN and tags of its own', () => {
  const { lab, group, rules } = world();
  const GroupId = group('web');
  const { SecurityGroupRules: made = [] } = lab.ec2.authorizeSecurityGroupIngress({
    GroupId,
    IpPermissions: [
      { ...web('10.0.0.0/8'), UserIdGroupPairs: [{ GroupId }] },
      { IpProtocol: '6', FromPort: 22, ToPort: 22, IpRanges: [{ CidrIp: '192.0.2.9/24', Description: 'office' }] },
    ],
    TagSpecifications: [{ ResourceType: 'security-group-rule', Tags: [{ Key: 'Name', Value: 'in' }] }],
  });
  const Tags = [{ Key: 'Name', Value: 'in' }];
  expect(made).toMatchObject([
    { IsEgress: false, IpProtocol: 'tcp', FromPort: 443, ToPort: 443, CidrIpv4: '10.0.0.0/8', Tags },
    { ReferencedGroupInfo: { GroupId, UserId: '000000000000' } },
    { IpProtocol: 'tcp', CidrIpv4: '192.0.2.0/24', Description: 'office', GroupOwnerId: '000000000000' },
  ]);
  const id = made[0]?.SecurityGroupRuleId ?? '';
  expect(id).toMatch(/^sgr-[0-9a-f]{17}$/);
  expect(made[0]?.SecurityGroupRuleArn).toBe(`arn:aws:ec2:us-east-1:000000000000:security-group-rule/${id}`);
  const open = rules(GroupId).filter(({ IsEgress }) => IsEgress);
  expect(open).toMatchObject([{ IpProtocol: '-1', FromPort: -1, ToPort: -1, CidrIpv4: '0.0.0.0/0' }]);
  lab.ec2.createTags({ Resources: [id], Tags: [{ Key: 'Team', Value: 'a' }] });
  const Filters = [{ Name: 'tag:Team', Values: ['a'] }];
  expect(lab.ec2.describeSecurityGroupRules({ Filters }).SecurityGroupRules).toHaveLength(1);
  expect(() => lab.ec2.describeSecurityGroupRules({ SecurityGroupRuleIds: ['sgr-0'] })).toThrow(
    "The security group rule ID 'sgr-0' does not exist",
  );
});

test('a group shows sources with the same protocol and ports as one permission, and is found by them', () => {
  const { lab, group } = world();
  const GroupId = group('web');
  lab.ec2.authorizeSecurityGroupIngress({ GroupId, IpPermissions: [web('10.0.0.0/8', 'inside')] });
  lab.ec2.authorizeSecurityGroupIngress({ GroupId, IpPermissions: [web('192.0.2.0/24')] });
  const Filters = [{ Name: 'ip-permission.cidr', Values: ['192.0.2.0/24'] }];
  expect(lab.ec2.describeSecurityGroups({ Filters }).SecurityGroups).toMatchObject([
    {
      GroupId,
      IpPermissions: [
        {
          ...{ IpProtocol: 'tcp', FromPort: 443, ToPort: 443 },
          IpRanges: [{ CidrIp: '10.0.0.0/8', Description: 'inside' }, { CidrIp: '192.0.2.0/24' }],
        },
      ],
    },
  ]);
});

test('a rule is changed in place: it keeps its id and tags, and takes no other kind of source', () => {
  const { lab, group, rules } = world();
  const GroupId = group('web');
  const IpPermissions = [web('10.0.0.0/8', 'inside'), web('192.0.2.0/24')];
  const { SecurityGroupRules = [] } = lab.ec2.authorizeSecurityGroupIngress({ GroupId, IpPermissions });
  const [id = '', other = ''] = SecurityGroupRules.map((rule) => rule.SecurityGroupRuleId);
  const change = (SecurityGroupRuleId: string, source: object) =>
    lab.ec2.modifySecurityGroupRules({
      GroupId,
      SecurityGroupRules: [
        { SecurityGroupRuleId, SecurityGroupRule: { IpProtocol: 'tcp', FromPort: 443, ToPort: 443, ...source } },
      ],
    });
  change(id, { CidrIpv4: '172.16.0.0/12' });
  const found = rules(GroupId).find((rule) => rule.SecurityGroupRuleId === id);
  expect(found).toMatchObject({ CidrIpv4: '172.16.0.0/12', Tags: [] });
  expect(found?.Description).toBeUndefined();
  expect(() => change(other, { CidrIpv4: '172.16.0.0/12' })).toThrow(
    'the specified rule "peer: 172.16.0.0/12, TCP, from port: 443, to port: 443, ALLOW" already exists',
  );
  expect(() => change(id, { CidrIpv6: '::/0' })).toThrow('cannot be changed');
  expect(() => change('sgr-0', { CidrIpv4: '10.0.0.0/8' })).toThrow(
    expect.objectContaining({ code: 'InvalidSecurityGroupRuleId.NotFound' }),
  );
});

test('rules are revoked by their ids in their direction, and described anew', () => {
  const { lab, group, rules } = world();
  const GroupId = group('web');
  const { SecurityGroupRules = [] } = lab.ec2.authorizeSecurityGroupIngress({
    GroupId,
    IpPermissions: [web('10.0.0.0/8')],
  });
  const SecurityGroupRuleId = SecurityGroupRules[0]?.SecurityGroupRuleId ?? '';
  lab.ec2.updateSecurityGroupRuleDescriptionsIngress({
    GroupId,
    SecurityGroupRuleDescriptions: [{ SecurityGroupRuleId, Description: 'by id' }],
  });
  expect(rules(GroupId)[1]?.Description).toBe('by id');
  lab.ec2.updateSecurityGroupRuleDescriptionsIngress({ GroupId, IpPermissions: [web('10.0.0.0/8', 'by text')] });
  expect(rules(GroupId)[1]?.Description).toBe('by text');
  expect(() => lab.ec2.revokeSecurityGroupEgress({ GroupId, SecurityGroupRuleIds: [SecurityGroupRuleId] })).toThrow(
    'does not exist',
  );
  expect(lab.ec2.revokeSecurityGroupIngress({ GroupId, SecurityGroupRuleIds: [SecurityGroupRuleId] })).toMatchObject({
    Return: true,
    RevokedSecurityGroupRules: [{ SecurityGroupRuleId, CidrIpv4: '10.0.0.0/8' }],
  });
  expect(() => lab.ec2.revokeSecurityGroupIngress({ GroupId, IpPermissions: [web('10.0.0.0/8')] })).toThrow(
    'The specified rule does not exist in this security group.',
  );
});

test.each([
  [{ IpProtocol: 'tcp', IpRanges: [{ CidrIp: '10.0.0.0/8' }] }, 'Must specify both from and to ports with TCP/UDP.'],
  [web('10.0.0.0/33'), 'CIDR block 10.0.0.0/33 is malformed'],
  [{ IpProtocol: '-1', UserIdGroupPairs: [{ GroupId: 'sg-0' }] }, "The security group 'sg-0' does not exist"],
  [{ IpProtocol: '-1' }, 'The request must contain the parameter IpPermissions'],
])('the permission %j is refused', (permission, message) => {
  const { lab, group } = world();
  const GroupId = group('web');
  expect(() => lab.ec2.authorizeSecurityGroupIngress({ GroupId, IpPermissions: [permission] })).toThrow(message);
});

test('a group that a rule of another names is not deleted; with its group a rule goes, too', () => {
  const { lab, group, rules } = world();
  const [GroupId, other] = [group('web'), group('clients')];
  const IpPermissions = [{ IpProtocol: '-1', UserIdGroupPairs: [{ GroupId: other }] }];
  lab.ec2.authorizeSecurityGroupIngress({ GroupId, IpPermissions });
  expect(() => lab.ec2.deleteSecurityGroup({ GroupId: other })).toThrow(`resource ${other} has a dependent object`);
  lab.ec2.deleteSecurityGroup({ GroupId });
  expect(rules(GroupId)).toEqual([]);
  lab.ec2.deleteSecurityGroup({ GroupId: other });
});

test.each(['Ingress', 'Egress'])('AWS::EC2::SecurityGroup%s is a rule: Ref is its id', (direction) => {
  const { lab, group, rules } = world();
  const GroupId = group('web');
  const resource = resourceLab(lab, `AWS::EC2::SecurityGroup${direction}`);
  const properties = { GroupId, IpProtocol: 'udp', FromPort: 53, ToPort: 53, CidrIp: '10.0.0.0/8', Description: 'one' };
  const { id, attributes } = resource.create(properties);
  const found = () => rules(GroupId).find(({ SecurityGroupRuleId }) => SecurityGroupRuleId === id);
  expect(attributes).toEqual({ Id: id });
  expect(found()).toMatchObject({ IsEgress: direction === 'Egress', FromPort: 53, Description: 'one' });
  resource.update(id, { ...properties, Description: 'two' }, properties);
  expect(found()?.Description).toBe('two');
  resource.delete(id, properties);
  expect(found()).toBeUndefined();
});

test('a permission and the rules it is made of say the same', () => {
  const permission = {
    ...{ IpProtocol: 'tcp', FromPort: 80, ToPort: 81, Ipv6Ranges: [{ CidrIpv6: '::/0' }] },
    IpRanges: [{ CidrIp: '10.0.0.0/8' }, { CidrIp: '192.0.2.1/32', Description: 'one' }],
    PrefixListIds: [{ PrefixListId: 'pl-1' }],
    UserIdGroupPairs: [{ GroupId: 'sg-1', UserId: '000000000000' }],
  };
  expect(permissionsOf(rulesOf(permission, '000000000000'))).toEqual([permission]);
});
