import { authorizer } from '../../../authorization/authorizer.ts';
import { VirtualClock } from '../../../kernel/clock.ts';
import { simulatedRuntime } from '../../../runtimes/simulated/simulated-runtime.ts';
import { type Lab, startLab } from '../../../testing/lab.ts';
import { memoryBlobs } from '../../../testing/memory.ts';
import { simulatedDataPlane } from '../../../testing/simulated-data-plane.ts';
import { cloudWatch } from '../../cloudwatch/index.ts';
import { ec2 } from '../../ec2/index.ts';
import { elbv2 } from '../../elbv2/index.ts';
import { eventBridge } from '../../eventbridge/index.ts';
import { identityOf } from '../../iam/identity-policies.ts';
import { iam } from '../../iam/index.ts';
import { ssm } from '../../ssm/index.ts';
import { sts } from '../../sts/index.ts';
import { ecs } from '../index.ts';
import { neighbours } from './neighbours.ts';

type Registration = Parameters<Lab['ecs']['registerTaskDefinition']>[0];
type Container = Registration['containerDefinitions'][number];

/** ECS among real EC2, IAM and load balancers, permissions judged, with a cluster `default` that instances can join. */
export function startInstancePlatform() {
  const clock = new VirtualClock();
  const blobs = memoryBlobs();
  const runtime = simulatedRuntime({ clock });
  const registry = neighbours(blobs).services.filter(({ name }) => name === 'ecr');
  const lab = startLab({
    clock,
    authorize: authorizer({ identityOf }),
    services: () => [
      ...[sts(), iam(), ssm(), ec2(), cloudWatch(), eventBridge(), ...registry],
      elbv2({ dataPlane: simulatedDataPlane({ clock }) }),
      ecs({ runtime, blobs, endpoint: () => 'http://127.0.0.1:4566', clock }),
    ],
  });
  lab.ecs.createCluster({});
  const VpcId = lab.ec2.createVpc({ CidrBlock: '10.0.0.0/16' }).Vpc?.VpcId ?? '';
  const subnets = ['a', 'b'].map(
    (zone, index) =>
      lab.ec2.createSubnet({ VpcId, CidrBlock: `10.0.${index}.0/24`, AvailabilityZone: `us-east-1${zone}` }).Subnet
        ?.SubnetId ?? '',
  );
  createProfile(lab);
  return { lab, runtime, VpcId, subnets };
}

export type InstancePlatform = ReturnType<typeof startInstancePlatform>;

export const agentActions = ['ecs:RegisterContainerInstance'];

function createProfile(lab: Lab): void {
  const document = (statement: object) => JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
  lab.iam.createRole({
    RoleName: 'instances',
    AssumeRolePolicyDocument: document({
      Effect: 'Allow',
      Principal: { Service: 'ec2.amazonaws.com' },
      Action: 'sts:AssumeRole',
    }),
  });
  lab.iam.putRolePolicy({
    RoleName: 'instances',
    PolicyName: 'agent',
    PolicyDocument: document({ Effect: 'Allow', Action: agentActions, Resource: '*' }),
  });
  lab.iam.createInstanceProfile({ InstanceProfileName: 'instances' });
  lab.iam.addRoleToInstanceProfile({ InstanceProfileName: 'instances', RoleName: 'instances' });
}

/** Starts instances in the zones, one after the other in turn, and waits until they run. Their ids. */
export function launch(
  { lab, subnets }: InstancePlatform,
  count: number,
  more: { readonly userData?: string; readonly InstanceType?: 't3.micro' | 't3.large' } = {},
): string[] {
  const { userData = '#!/bin/bash\necho ECS_CLUSTER=default >> /etc/ecs/ecs.config\n', InstanceType = 't3.micro' } =
    more;
  const ImageId = lab.ssm.getParameter({
    Name: '/aws/service/ecs/optimized-ami/amazon-linux-2023/recommended/image_id',
  }).Parameter?.Value;
  const ids = Array.from({ length: count }, (_, index) => {
    const { Instances = [] } = lab.ec2.runInstances({
      ...{ ImageId, InstanceType, MinCount: 1, MaxCount: 1, SubnetId: subnets[index % subnets.length] },
      IamInstanceProfile: { Name: 'instances' },
      UserData: Buffer.from(userData).toString('base64'),
    });
    return Instances[0]?.InstanceId ?? '';
  });
  lab.advance('15s');
  return ids;
}

const image = '000000000000.dkr.ecr.us-east-1.amazonaws.com/web:1';

/** A definition of one container that instances can run. */
export function define(
  { lab }: InstancePlatform,
  family: string,
  { container = {}, ...more }: Partial<Registration> & { readonly container?: Partial<Container> } = {},
): string {
  const { taskDefinition } = lab.ecs.registerTaskDefinition({
    family,
    networkMode: 'bridge',
    containerDefinitions: [
      { name: 'app', image, cpu: 256, memory: 128, portMappings: [{ containerPort: 8080 }], ...container },
    ],
    ...more,
  });
  return taskDefinition?.taskDefinitionArn ?? '';
}

export const describe = ({ lab }: InstancePlatform, service: string) =>
  lab.ecs.describeServices({ services: [service] }).services?.[0];

export const events = (platform: InstancePlatform, service: string): string[] =>
  (describe(platform, service)?.events ?? []).map(({ message = '' }) => message).reverse();

/** The tasks of a service that are wanted, as DescribeTasks answers them. */
export function tasksOf({ lab }: InstancePlatform, serviceName: string) {
  const { taskArns = [] } = lab.ecs.listTasks({ serviceName });
  return taskArns.length > 0 ? (lab.ecs.describeTasks({ tasks: taskArns }).tasks ?? []) : [];
}

export function instances({ lab }: InstancePlatform) {
  const { containerInstanceArns = [] } = lab.ecs.listContainerInstances({});
  return containerInstanceArns.length > 0
    ? (lab.ecs.describeContainerInstances({ containerInstances: containerInstanceArns }).containerInstances ?? [])
    : [];
}

/** How many tasks of a service are on each of its instances, most first. */
export const spread = (platform: InstancePlatform, service: string): number[] => {
  const counts = new Map<string, number>();
  for (const { containerInstanceArn = '' } of tasksOf(platform, service))
    counts.set(containerInstanceArn, (counts.get(containerInstanceArn) ?? 0) + 1);
  return [...counts.values()].sort((a, b) => b - a);
};
