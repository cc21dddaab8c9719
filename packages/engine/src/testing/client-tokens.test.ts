import { expect, test } from 'vitest';
import { rootCaller } from '../kernel/caller.ts';
import { fuzzedEngine } from './fuzz/fuzzed-engine.ts';
import { labScope } from './lab.ts';

/** An account with a network, asked as a client asks. */
function furnished() {
  const { kernel, advance } = fuzzedEngine(1);
  const ec2 = (operation: string, input: object) =>
    kernel.request('ec2', operation, input, { scope: labScope, caller: rootCaller(labScope.account) }) as never;
  const { Vpc } = ec2('CreateVpc', { CidrBlock: '10.1.0.0/16' }) as { Vpc: { VpcId: string } };
  const subnet = { VpcId: Vpc.VpcId, CidrBlock: '10.1.0.0/24', AvailabilityZone: 'us-east-1a' };
  const { Subnet } = ec2('CreateSubnet', subnet) as { Subnet: { SubnetId: string } };
  const { Images } = ec2('DescribeImages', {}) as { Images: { ImageId: string; Architecture: string }[] };
  const image = Images.find(({ Architecture }) => Architecture === 'x86_64')?.ImageId;
  return { kernel, advance, ec2, vpc: Vpc.VpcId, subnet: Subnet.SubnetId, image };
}

test.each<[string, (account: ReturnType<typeof furnished>) => object, object]>([
  ['CreateRouteTable', ({ vpc }) => ({ VpcId: vpc }), { TagSpecifications: [] }],
  ['CreateNetworkInterface', ({ subnet }) => ({ SubnetId: subnet }), { Description: 'other' }],
  ['CreateVolume', () => ({ AvailabilityZone: 'us-east-1a', Size: 8 }), { Size: 9 }],
  ['CreateNatGateway', ({ subnet }) => ({ SubnetId: subnet, ConnectivityType: 'private' }), { TagSpecifications: [] }],
  [
    'CreateVpcEndpoint',
    ({ vpc }) => ({ VpcId: vpc, ServiceName: 'com.amazonaws.us-east-1.s3' }),
    { PolicyDocument: '{}' },
  ],
  [
    'CreateFlowLogs',
    ({ vpc }) => ({
      ...{ ResourceIds: [vpc], ResourceType: 'VPC', TrafficType: 'ALL', LogDestinationType: 's3' },
      LogDestination: 'arn:aws:s3:::fuzzed',
    }),
    { TrafficType: 'REJECT' },
  ],
  [
    'RunInstances',
    ({ subnet, image }) => ({ ImageId: image, InstanceType: 't3.micro', MinCount: 1, MaxCount: 1, SubnetId: subnet }),
    { MaxCount: 2 },
  ],
])('EC2 %s does once what is asked twice with one token, and nothing else with it', (operation, of, other) => {
  const account = furnished();
  const input = { ...of(account), ClientToken: 'token-1' };
  const first = account.ec2(operation, input);
  // Whichever order its members come in.
  expect(account.ec2(operation, Object.fromEntries(Object.entries(input).reverse()))).toEqual(first);
  expect(() => account.ec2(operation, { ...input, ...other })).toThrow(
    'Arguments on this idempotent request are inconsistent with arguments used in previous request(s).',
  );
  const without = { ...input, ClientToken: undefined };
  if (operation !== 'CreateFlowLogs') expect(account.ec2(operation, without)).not.toEqual(first);
});

test('a token is forgotten after a day', () => {
  const { ec2, advance } = furnished();
  const input = { AvailabilityZone: 'us-east-1a', Size: 8, ClientToken: 'token-1' };
  const first = ec2('CreateVolume', input);
  advance(86_400_000);
  expect(ec2('CreateVolume', { ...input, Size: 9 })).not.toEqual(first);
});

test('ECS RunTask starts no second task for a token, and names the first one to whoever asks for another with it', () => {
  const { kernel, subnet } = furnished();
  const origin = { scope: labScope, caller: rootCaller(labScope.account) };
  const input = {
    cluster: 'web',
    taskDefinition: 'web',
    launchType: 'FARGATE',
    clientToken: 'token-1',
    networkConfiguration: { awsvpcConfiguration: { subnets: [subnet] } },
  };
  const definition = {
    ...{ family: 'web', networkMode: 'awsvpc', requiresCompatibilities: ['FARGATE'], cpu: '256', memory: '512' },
    containerDefinitions: [{ name: 'app', image: 'example.com/web:1' }],
  };
  const run = (asked: object) => kernel.request('ecs', 'RunTask', asked, origin) as { tasks: { taskArn: string }[] };
  kernel.request('ecs', 'RegisterTaskDefinition', definition, origin);
  const first = run(input);
  expect(first.tasks).toHaveLength(1);
  expect(run(input)).toEqual(first);
  const conflict = { code: 'ConflictException', members: { resourceIds: [first.tasks[0]?.taskArn] } };
  expect(() => run({ ...input, count: 2 })).toThrow(expect.objectContaining(conflict) as Error);
  expect(kernel.request('ecs', 'ListTasks', { cluster: 'web' }, origin)).toMatchObject({
    taskArns: [first.tasks[0]?.taskArn],
  });
});
