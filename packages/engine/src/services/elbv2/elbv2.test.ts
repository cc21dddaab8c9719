import { expect, test } from 'vitest';
import { addresses, addressKey } from '../../kernel/addresses.ts';
import { VirtualClock } from '../../kernel/clock.ts';
import { defineService } from '../../kernel/service.ts';
import { type Lab, startLab } from '../../testing/lab.ts';
import { simulatedDataPlane } from '../../testing/simulated-data-plane.ts';
import { ec2 } from '../ec2/index.ts';
import { elbv2 } from './index.ts';

const listening = { host: '127.0.0.1', port: 40_001 };

function begin() {
  const clock = new VirtualClock();
  const dataPlane = simulatedDataPlane({ clock });
  const published: { MetricName?: string; Value?: number }[] = [];
  const cloudWatch = defineService('cloudWatch', {
    operations: {
      PutMetricData: (input) => {
        published.push(...(input.MetricData ?? []));
        return {};
      },
    },
  });
  const lab = startLab({ clock, services: () => [ec2(), elbv2({ dataPlane }), cloudWatch] });
  const VpcId = lab.ec2.createVpc({ CidrBlock: '10.0.0.0/16' }).Vpc?.VpcId ?? '';
  const subnets = ['a', 'b'].map(
    (zone, index) =>
      lab.ec2.createSubnet({ VpcId, CidrBlock: `10.0.${index}.0/24`, AvailabilityZone: `us-east-1${zone}` }).Subnet
        ?.SubnetId ?? '',
  );
  const balancer = lab.elbv2.createLoadBalancer({ Name: 'web', Subnets: subnets }).LoadBalancers?.[0];
  const group =
    lab.elbv2.createTargetGroup({
      Name: 'app',
      Protocol: 'HTTP',
      Port: 8080,
      VpcId,
      TargetType: 'ip',
      HealthCheckIntervalSeconds: 10,
      UnhealthyThresholdCount: 3,
      HealthyThresholdCount: 2,
    }).TargetGroups?.[0]?.TargetGroupArn ?? '';
  const listen = () =>
    lab.elbv2.createListener({
      LoadBalancerArn: balancer?.LoadBalancerArn ?? '',
      Port: 80,
      Protocol: 'HTTP',
      DefaultActions: [{ Type: 'forward', TargetGroupArn: group }],
    }).Listeners?.[0];
  const health = (of: Lab = lab) =>
    of.elbv2
      .describeTargetHealth({ TargetGroupArn: group })
      .TargetHealthDescriptions?.map((one) => one.TargetHealth?.State);
  const register = (...ids: string[]) => {
    lab.kernel.turn(() => {
      for (const id of ids) lab.context.store.table(addresses).put(addressKey(id, 8080), listening);
    });
    lab.elbv2.registerTargets({ TargetGroupArn: group, Targets: ids.map((Id) => ({ Id })) });
  };
  const deregister = (...ids: string[]) =>
    lab.elbv2.deregisterTargets({ TargetGroupArn: group, Targets: ids.map((Id) => ({ Id })) });
  return { lab, dataPlane, balancer, group, subnets, listen, health, register, deregister, published };
}

test('a balancer is provisioned, then active, and keeps its subnets from being deleted', () => {
  const { lab, balancer, subnets } = begin();
  const state = () => lab.elbv2.describeLoadBalancers({}).LoadBalancers?.[0]?.State?.Code;
  expect(state()).toBe('provisioning');
  lab.advance('2s');
  expect(state()).toBe('active');
  expect(() => lab.ec2.deleteSubnet({ SubnetId: subnets[0] ?? '' })).toThrow('dependencies');
  lab.elbv2.deleteLoadBalancer({ LoadBalancerArn: balancer?.LoadBalancerArn ?? '' });
  lab.ec2.deleteSubnet({ SubnetId: subnets[0] ?? '' });
});

test('a target is unused without a listener, healthy after one check, unhealthy after exactly threshold x interval', () => {
  const { lab, dataPlane, listen, health, register } = begin();
  register('10.0.0.10');
  lab.advance('1m');
  expect(health()).toEqual(['unused']);
  listen();
  lab.advance('1s');
  expect(health()).toEqual(['healthy']);
  dataPlane.answerProbes(() => ({ status: 500, latency_ms: 1 }));
  lab.advance('29s');
  expect(health()).toEqual(['healthy']);
  lab.advance('2s');
  expect(health()).toEqual(['unhealthy']);
  dataPlane.answerProbes(() => ({ status: 200, latency_ms: 1 }));
  lab.advance('11s');
  expect(health()).toEqual(['unhealthy']);
  lab.advance('10s');
  expect(health()).toEqual(['healthy']);
});

test('a draining target gets nothing new, and shows as draining until its delay is over, even when it has been idle for long', () => {
  const { lab, dataPlane, group, listen, health, register, deregister } = begin();
  listen();
  register('10.0.0.10', '10.0.0.11');
  lab.advance('5s');
  dataPlane.setInFlight({ targetGroup: group, target: '10.0.0.10:8080' }, 2);
  deregister('10.0.0.10', '10.0.0.11');
  lab.advance('1s');
  expect(dataPlane.serving(group)).toEqual([]);
  const drained = () => lab.events('elbv2/target-drained').map(({ data }) => data['target']);
  expect(drained()).toEqual(['10.0.0.11']);
  dataPlane.setInFlight({ targetGroup: group, target: '10.0.0.10:8080' }, 0);
  lab.advance('298s');
  expect(drained()).toEqual(['10.0.0.11', '10.0.0.10']);
  expect(health()).toEqual(['draining', 'draining']);
  lab.advance('2s');
  expect(health()).toEqual([]);
});

test('a target registered again while it drains stays, and an answer about its former self does not count', () => {
  const { lab, dataPlane, group, listen, health, register, deregister } = begin();
  listen();
  register('10.0.0.10');
  lab.advance('5s');
  dataPlane.setInFlight({ targetGroup: group, target: '10.0.0.10:8080' }, 1);
  deregister('10.0.0.10');
  lab.advance('10s');
  register('10.0.0.10');
  dataPlane.setInFlight({ targetGroup: group, target: '10.0.0.10:8080' }, 0);
  lab.advance('10m');
  expect(health()).toEqual(['healthy']);
});

test('a drain outlives the engine', () => {
  const { lab, dataPlane, group, listen, health, register, deregister } = begin();
  listen();
  register('10.0.0.10');
  lab.advance('5s');
  dataPlane.setInFlight({ targetGroup: group, target: '10.0.0.10:8080' }, 1);
  deregister('10.0.0.10');
  lab.advance('100s');
  const again = lab.restart();
  again.advance('199s');
  expect(health(again)).toEqual(['draining']);
  again.advance('2s');
  expect(health(again)).toEqual([]);
});

test('a target whose security group does not admit the balancer times out', () => {
  const { lab, group, subnets, balancer, listen, health, register } = begin();
  const VpcId = balancer?.VpcId ?? '';
  const GroupId = lab.ec2.createSecurityGroup({ GroupName: 'app', Description: 'app', VpcId }).GroupId ?? '';
  const eni = lab.ec2.createNetworkInterface({ SubnetId: subnets[0] ?? '', Groups: [GroupId] }).NetworkInterface;
  listen();
  register(eni?.PrivateIpAddress ?? '');
  lab.advance('40s');
  expect(
    lab.elbv2.describeTargetHealth({ TargetGroupArn: group }).TargetHealthDescriptions?.[0]?.TargetHealth,
  ).toMatchObject({ State: 'unhealthy', Reason: 'Target.Timeout' });
  lab.ec2.authorizeSecurityGroupIngress({
    GroupId,
    IpPermissions: [
      {
        IpProtocol: 'tcp',
        FromPort: 8080,
        ToPort: 8080,
        UserIdGroupPairs: [{ GroupId: balancer?.SecurityGroups?.[0] }],
      },
    ],
  });
  lab.advance('21s');
  expect(health()).toEqual(['healthy']);
});

test('rules by priority, the default last; priorities are unique', () => {
  const { lab, group, listen } = begin();
  const ListenerArn = listen()?.ListenerArn ?? '';
  const rule = (Priority: number, path: string) =>
    lab.elbv2.createRule({
      ListenerArn,
      Priority,
      Conditions: [{ Field: 'path-pattern', Values: [path] }],
      Actions: [{ Type: 'forward', TargetGroupArn: group }],
    }).Rules?.[0]?.RuleArn ?? '';
  const [first, second] = [rule(20, '/b'), rule(10, '/a')];
  expect(() => rule(10, '/c')).toThrow("Priority '10' is currently in use");
  const order = () => lab.elbv2.describeRules({ ListenerArn }).Rules?.map((one) => one.Priority);
  expect(order()).toEqual(['10', '20', 'default']);
  lab.elbv2.setRulePriorities({
    RulePriorities: [
      { RuleArn: first, Priority: 10 },
      { RuleArn: second, Priority: 20 },
    ],
  });
  expect(lab.elbv2.describeRules({ ListenerArn }).Rules?.map((one) => one.RuleArn)).toMatchObject([
    first,
    second,
    expect.anything(),
  ]);
  expect(() => lab.elbv2.deleteTargetGroup({ TargetGroupArn: group })).toThrow('is currently in use');
});

test('what is counted becomes metrics each minute', () => {
  const { lab, dataPlane, group, published, register, listen } = begin();
  const listener = listen()?.ListenerArn ?? '';
  register('10.0.0.10');
  lab.advance('90s');
  published.length = 0;
  const times = { count: 10, sum_ms: 100, min_ms: 10, max_ms: 10, values_ms: [10], counts: [10] };
  dataPlane.count({
    listeners: [
      {
        listener,
        requests: 12,
        redirects: 0,
        fixedResponses: 0,
        ownStatuses: { 502: 2 },
        newConnections: 3,
        activeConnections: 1,
        activeConnectionsMax: 1,
        rejectedConnections: 0,
        receivedBytes: 10,
        sentBytes: 20,
        upgrades: 0,
      },
    ],
    targets: [
      {
        listener,
        targetGroup: group,
        target: '10.0.0.10:8080',
        requests: 12,
        statuses: { '1xx': 0, '2xx': 10, '3xx': 0, '4xx': 0, '5xx': 0 },
        responseTime: times,
        connectionErrors: 2,
        receivedBytes: 10,
        sentBytes: 20,
      },
    ],
  });
  lab.advance('1m');
  const value = (name: string) => published.find((one) => one.MetricName === name)?.Value;
  expect([
    value('RequestCount'),
    value('HTTPCode_ELB_502_Count'),
    value('HTTPCode_Target_2XX_Count'),
    value('HealthyHostCount'),
    value('TargetConnectionErrorCount'),
  ]).toEqual([12, 2, 10, 1, 2]);
});

test.each([
  ['one subnet', { Subnets: ['one'] }, 'At least two subnets'],
  ['a network balancer', { Type: 'network' as const }, 'is not implemented here'],
  ['a bad name', { Name: '-web' }, 'hyphen'],
])('%s is refused', (_, input, message) => {
  const { lab, subnets } = begin();
  const Subnets = 'Subnets' in input ? subnets.slice(0, 1) : subnets;
  expect(() => lab.elbv2.createLoadBalancer({ Name: 'other', ...input, Subnets })).toThrow(message);
});
