import { expect, test } from 'vitest';
import { startLab } from '../../testing/lab.ts';
import { ec2 } from './index.ts';

function world() {
  const lab = startLab({ services: () => [ec2()] });
  const elsewhere = lab.context.in({ region: 'eu-west-1' });
  const there = <T>(work: (services: typeof elsewhere) => T): T => lab.kernel.turn(() => work(elsewhere));
  const vpc = (CidrBlock: string) => lab.ec2.createVpc({ CidrBlock }).Vpc?.VpcId ?? '';
  const VpcId = vpc('10.0.0.0/16');
  const far = there((services) => services.ec2.createVpc({ CidrBlock: '10.1.0.0/16' })).Vpc?.VpcId ?? '';
  const peer = (PeerVpcId: string, more: object = {}) =>
    lab.ec2.createVpcPeeringConnection({ VpcId, PeerVpcId, ...more }).VpcPeeringConnection;
  const code = (id: string) =>
    lab.ec2.describeVpcPeeringConnections({ VpcPeeringConnectionIds: [id] }).VpcPeeringConnections?.[0]?.Status?.Code;
  return { lab, there, vpc, VpcId, far, peer, code };
}

test('a connection is asked for here and accepted there; both see the same', () => {
  const { lab, there, far, peer, code } = world();
  const made = peer(far, { PeerRegion: 'eu-west-1' });
  const VpcPeeringConnectionId = made?.VpcPeeringConnectionId ?? '';
  expect(made).toMatchObject({
    Status: { Code: 'pending-acceptance', Message: 'Pending Acceptance by 000000000000' },
    AccepterVpcInfo: { VpcId: far, Region: 'eu-west-1', CidrBlock: '10.1.0.0/16' },
  });
  there((services) => services.ec2.acceptVpcPeeringConnection({ VpcPeeringConnectionId }));
  expect(code(VpcPeeringConnectionId)).toBe('active');
  expect(() => lab.ec2.acceptVpcPeeringConnection({ VpcPeeringConnectionId })).toThrow(
    expect.objectContaining({ code: 'InvalidStateTransition' }),
  );
  const AccepterPeeringConnectionOptions = { AllowDnsResolutionFromRemoteVpc: true };
  lab.ec2.modifyVpcPeeringConnectionOptions({ VpcPeeringConnectionId, AccepterPeeringConnectionOptions });
  const Filters = [{ Name: 'status-code', Values: ['active'] }];
  expect(
    there((services) => services.ec2.describeVpcPeeringConnections({ Filters })).VpcPeeringConnections,
  ).toMatchObject([{ VpcPeeringConnectionId, AccepterVpcInfo: { PeeringOptions: AccepterPeeringConnectionOptions } }]);
  lab.ec2.deleteVpcPeeringConnection({ VpcPeeringConnectionId });
  expect(code(VpcPeeringConnectionId)).toBe('deleted');
  expect(() => code('pcx-0')).toThrow("The vpcPeeringConnection ID 'pcx-0' does not exist");
});

test('a connection to what is not there, or overlaps, fails; one may be rejected', () => {
  const { lab, vpc, peer, code } = world();
  expect(peer('vpc-0')?.Status?.Code).toBe('failed');
  expect(peer(vpc('10.0.0.0/20'))?.Status?.Message).toContain('overlapping CIDR range');
  const VpcPeeringConnectionId = peer(vpc('10.2.0.0/16'))?.VpcPeeringConnectionId ?? '';
  lab.ec2.rejectVpcPeeringConnection({ VpcPeeringConnectionId });
  expect(code(VpcPeeringConnectionId)).toBe('rejected');
});

test('rules of a peered VPC that name a group are told of', () => {
  const { lab, VpcId, vpc, peer } = world();
  const other = vpc('10.2.0.0/16');
  const VpcPeeringConnectionId = peer(other)?.VpcPeeringConnectionId ?? '';
  const group = (GroupName: string, of: string) =>
    lab.ec2.createSecurityGroup({ GroupName, Description: GroupName, VpcId: of }).GroupId ?? '';
  const [mine, theirs] = [group('mine', VpcId), group('theirs', other)];
  const IpPermissions = [{ IpProtocol: '-1', UserIdGroupPairs: [{ GroupId: mine }] }];
  lab.ec2.authorizeSecurityGroupIngress({ GroupId: theirs, IpPermissions });
  lab.ec2.authorizeSecurityGroupIngress({ GroupId: group('beside', VpcId), IpPermissions });
  expect(lab.ec2.describeSecurityGroupReferences({ GroupId: [mine] }).SecurityGroupReferenceSet).toEqual([
    { GroupId: mine, ReferencingVpcId: other, VpcPeeringConnectionId },
  ]);
});
