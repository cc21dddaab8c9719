import { expect, test } from 'vitest';
import { VirtualClock } from '../../kernel/clock.ts';
import { simulatedRuntime } from '../../runtimes/simulated/simulated-runtime.ts';
import { type Lab, startLab } from '../../testing/lab.ts';
import { memoryBlobs } from '../../testing/memory.ts';
import { pushImage } from '../../testing/push-image.ts';
import { simulatedDataPlane } from '../../testing/simulated-data-plane.ts';
import { cloudWatch } from '../cloudwatch/index.ts';
import { ec2 } from '../ec2/index.ts';
import { ecr } from '../ecr/index.ts';
import { elbv2 } from '../elbv2/index.ts';
import { eventBridge } from '../eventbridge/index.ts';
import { iam } from '../iam/index.ts';
import { logs } from '../logs/index.ts';
import { ssm } from '../ssm/index.ts';
import { sts } from '../sts/index.ts';
import { ecs } from './index.ts';
import { tasks } from './model.ts';

/** ECS among its real neighbours: a network, a load balancer, an image in the registry, a role, a log group and a parameter. */
function startPlatform() {
  const clock = new VirtualClock();
  const blobs = memoryBlobs();
  const dataPlane = simulatedDataPlane({ clock });
  const runtime = simulatedRuntime({
    clock,
    behave: () => ({
      output: [{ after_ms: 100, lines: ['ready'] }],
      usage: () => ({ cpu_percentOfCore: 5, memory_bytes: 1e8 }),
    }),
  });
  dataPlane.answerProbes(({ port }, path) => {
    const answer = runtime.answer(port, path);
    return answer ? { status: answer.status, latency_ms: 5 } : { error: 'refused', latency_ms: 1 };
  });
  const endpoint = () => 'http://127.0.0.1:4566';
  const lab = startLab({
    clock,
    services: () => [
      sts(),
      iam(),
      ssm(),
      ec2(),
      logs(),
      cloudWatch(),
      eventBridge(),
      ecr({ blobs, endpoint: () => '127.0.0.1:4566' }),
      elbv2({ dataPlane }),
      ecs({ runtime, blobs, endpoint, clock }),
    ],
  });
  return {
    lab,
    clock,
    runtime,
    dataPlane,
    image: `${pushImage(lab, 'shop/web', ['v1'], { Cmd: ['serve'], StopSignal: 'SIGQUIT' })}:v1`,
    network: createNetwork(lab),
    roleArn: createRole(lab),
  };
}

function createNetwork(lab: Lab) {
  const VpcId = lab.ec2.createVpc({ CidrBlock: '10.0.0.0/16' }).Vpc?.VpcId ?? '';
  const subnets = ['a', 'b'].map(
    (zone, index) =>
      lab.ec2.createSubnet({ VpcId, CidrBlock: `10.0.${index}.0/24`, AvailabilityZone: `us-east-1${zone}` }).Subnet
        ?.SubnetId ?? '',
  );
  const LoadBalancerArn =
    lab.elbv2.createLoadBalancer({ Name: 'web', Subnets: subnets }).LoadBalancers?.[0]?.LoadBalancerArn ?? '';
  const created = lab.elbv2.createTargetGroup({
    Name: 'web',
    Protocol: 'HTTP',
    Port: 8080,
    VpcId,
    TargetType: 'ip',
    HealthCheckIntervalSeconds: 10,
    HealthyThresholdCount: 2,
    UnhealthyThresholdCount: 2,
  });
  const targetGroupArn = created.TargetGroups?.[0]?.TargetGroupArn ?? '';
  lab.elbv2.createListener({
    LoadBalancerArn,
    Port: 80,
    Protocol: 'HTTP',
    DefaultActions: [{ Type: 'forward', TargetGroupArn: targetGroupArn }],
  });
  lab.advance('1m');
  return { subnets, targetGroupArn };
}

function createRole(lab: Lab): string {
  const Statement = [{ Effect: 'Allow', Principal: { Service: 'ecs-tasks.amazonaws.com' }, Action: 'sts:AssumeRole' }];
  return (
    lab.iam.createRole({
      RoleName: 'web',
      AssumeRolePolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement }),
    }).Role?.Arn ?? ''
  );
}

function createService({ lab, image, network, roleArn }: ReturnType<typeof startPlatform>) {
  lab.ecs.createCluster({});
  lab.logs.createLogGroup({ logGroupName: '/web' });
  lab.ssm.putParameter({ Name: '/web/key', Value: 'hush', Type: 'SecureString' });
  lab.ecs.registerTaskDefinition({
    family: 'web',
    requiresCompatibilities: ['FARGATE'],
    networkMode: 'awsvpc',
    cpu: '256',
    memory: '512',
    executionRoleArn: roleArn,
    taskRoleArn: roleArn,
    containerDefinitions: [
      {
        name: 'app',
        image,
        portMappings: [{ containerPort: 8080 }],
        secrets: [{ name: 'KEY', valueFrom: '/web/key' }],
        logConfiguration: {
          logDriver: 'awslogs',
          options: { 'awslogs-group': '/web', 'awslogs-region': 'us-east-1', 'awslogs-stream-prefix': 'web' },
        },
      },
    ],
  });
  lab.ecs.createService({
    serviceName: 'web',
    taskDefinition: 'web',
    desiredCount: 2,
    launchType: 'FARGATE',
    networkConfiguration: { awsvpcConfiguration: { subnets: network.subnets } },
    loadBalancers: [{ targetGroupArn: network.targetGroupArn, containerName: 'app', containerPort: 8080 }],
  });
  lab.advance('2m');
}

const describeWeb = (lab: Lab) => lab.ecs.describeServices({ services: ['web'] }).services?.[0];
const health = (lab: Lab, TargetGroupArn: string) =>
  lab.elbv2
    .describeTargetHealth({ TargetGroupArn })
    .TargetHealthDescriptions?.map(({ TargetHealth }) => TargetHealth?.State)
    .sort();

test('among its real neighbours a service comes up, is found healthy, logs, and is measured', () => {
  const platform = startPlatform();
  const { lab, network } = platform;
  createService(platform);
  expect(describeWeb(lab)).toMatchObject({ runningCount: 2, deployments: [{ rolloutState: 'COMPLETED' }] });
  expect(health(lab, network.targetGroupArn)).toEqual(['healthy', 'healthy']);
  expect(lab.logs.filterLogEvents({ logGroupName: '/web' }).events?.map(({ message }) => message)).toEqual([
    'ready',
    'ready',
  ]);
  const now = lab.clock.now();
  const cpu = lab.cloudWatch.getMetricStatistics({
    Namespace: 'AWS/ECS',
    MetricName: 'CPUUtilization',
    Dimensions: [
      { Name: 'ClusterName', Value: 'default' },
      { Name: 'ServiceName', Value: 'web' },
    ],
    StartTime: new Date(now - 300_000),
    EndTime: new Date(now),
    Period: 60,
    Statistics: ['Average'],
  });
  expect(cpu.Datapoints?.[0]?.Average).toBe(20);
});

test('a scale-in gives back the address, and the target is drained before the stop signal of the image goes out', () => {
  const platform = startPlatform();
  const { lab, network, runtime, dataPlane } = platform;
  createService(platform);
  const rows = lab.context.store.table(tasks).list();
  for (const { network: own } of rows)
    dataPlane.setInFlight({ targetGroup: network.targetGroupArn, target: `${own?.privateAddress}:8080` }, 1);
  lab.ecs.updateService({ service: 'web', desiredCount: 1 });
  expect(health(lab, network.targetGroupArn)).toEqual(['draining', 'healthy']);
  lab.advance('1m');
  expect(runtime.running()).toHaveLength(2);
  lab.advance('6m');
  expect(runtime.running()).toHaveLength(1);
  expect(lab.events('ecs/container-signalled')).toMatchObject([{ data: { signal: 'SIGQUIT' } }]);
  const { NetworkInterfaces = [] } = lab.ec2.describeNetworkInterfaces({});
  expect(NetworkInterfaces.filter(({ Description }) => Description?.includes(':attachment/'))).toHaveLength(1);
  expect(describeWeb(lab)).toMatchObject({ runningCount: 1 });
});

test('a task whose target answers nothing any more is replaced', () => {
  const platform = startPlatform();
  const { lab, dataPlane, runtime } = platform;
  createService(platform);
  const ill = lab.context.store.table(tasks).list()[0]?.containers[0]?.bindings[0]?.hostPort;
  dataPlane.answerProbes(({ port }, path) => {
    const answer = port === ill ? undefined : runtime.answer(port, path);
    return answer ? { status: answer.status, latency_ms: 5 } : { error: 'refused', latency_ms: 1 };
  });
  lab.advance('8m');
  expect(describeWeb(lab)).toMatchObject({ runningCount: 2 });
  expect(lab.context.store.table(tasks).list(({ failure }) => failure === 'unhealthy')).toHaveLength(1);
});
