import * as cdk from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { VirtualClock } from '../../packages/engine/src/kernel/clock.ts';
import { allServices } from '../../packages/engine/src/testing/all-services.ts';
import { type Lab, startLab } from '../../packages/engine/src/testing/lab.ts';
import { pushImage } from '../../packages/engine/src/testing/push-image.ts';
import { simulatedEdges } from '../../packages/engine/src/testing/simulated-edges.ts';
import { atMost, median, type Row } from './row.ts';

const rounds = 5;

interface Template {
  readonly Resources: Readonly<Record<string, object>>;
}

/** What deployments cost the engine in processor time: under the virtual clock all waiting is skipped, so that nothing else is left. */
export function virtualDeployments(): Row[] {
  const service = serviceTemplate();
  return [
    cost(`a CDK stack of ${Object.keys(service.Resources).length} resources with a service`, service, 150, (lab) => {
      pushImage(lab, image.repository, [image.tag], { Cmd: ['serve'] });
    }),
    cost('500 independent resources', manyResources(), 1000, () => {}),
  ];
}

function cost(what: string, template: Template, max_ms: number, prepare: (lab: Lab) => void): Row {
  // The first one loads the schemas of its types, as the first of an engine does.
  deploy(template, prepare);
  const taken = Array.from({ length: rounds }, () => deploy(template, prepare));
  return atMost(`${what}: processor time`, median(taken), max_ms, 'ms');
}

/** Processor milliseconds from the request to the stack's CREATE_COMPLETE. */
function deploy(template: Template, prepare: (lab: Lab) => void): number {
  const lab = startWorld();
  prepare(lab);
  const TemplateBody = JSON.stringify(template);
  const status = () => lab.cloudFormation.describeStacks({ StackName: 'bench' }).Stacks?.[0];
  const before = process.cpuUsage();
  lab.cloudFormation.createStack({ StackName: 'bench', TemplateBody, Capabilities: ['CAPABILITY_NAMED_IAM'] });
  lab.advance('10m');
  const { user, system } = process.cpuUsage(before);
  if (status()?.StackStatus !== 'CREATE_COMPLETE')
    throw new Error(`the stack is ${status()?.StackStatus}: ${status()?.StackStatusReason}`);
  return (user + system) / 1000;
}

function startWorld(): Lab {
  const clock = new VirtualClock();
  const edges = simulatedEdges(clock);
  return startLab({ clock, services: () => allServices(edges) });
}

const image = { repository: 'web', tag: '1' };

/** A network in two zones, a cluster, a load balancer and a service of two tasks behind it. */
function serviceTemplate(): Template {
  const app = new cdk.App({ analyticsReporting: false });
  const stack = new cdk.Stack(app, 'bench', { synthesizer: new cdk.LegacyStackSynthesizer() });
  const vpc = new ec2.Vpc(stack, 'Network', { maxAzs: 2 });
  const cluster = new ecs.Cluster(stack, 'Cluster', { vpc });
  const taskDefinition = new ecs.FargateTaskDefinition(stack, 'Task');
  const repository = ecr.Repository.fromRepositoryName(stack, 'Images', image.repository);
  taskDefinition.addContainer('app', {
    image: ecs.ContainerImage.fromEcrRepository(repository, image.tag),
    logging: ecs.LogDrivers.awsLogs({ streamPrefix: 'app' }),
    portMappings: [{ containerPort: 8080 }],
  });
  const service = new ecs.FargateService(stack, 'Service', { cluster, taskDefinition, desiredCount: 2 });
  const balancer = new elbv2.ApplicationLoadBalancer(stack, 'Balancer', { vpc, internetFacing: true });
  balancer.addListener('Http', { port: 80 }).addTargets('Web', { port: 8080, targets: [service] });
  return app.synth().getStackByName('bench').template as Template;
}

/** A hundred each of five kinds, none of which refers to another. */
function manyResources(): Template {
  const kinds: readonly (readonly [string, (index: number) => object])[] = [
    ['AWS::SSM::Parameter', (index) => ({ Type: 'String', Value: `${index}` })],
    ['AWS::SQS::Queue', () => ({ VisibilityTimeout: 60 })],
    ['AWS::SNS::Topic', (index) => ({ DisplayName: `topic ${index}` })],
    ['AWS::Logs::LogGroup', () => ({ RetentionInDays: 7 })],
    ['AWS::S3::Bucket', () => ({ VersioningConfiguration: { Status: 'Enabled' } })],
  ];
  const resources = kinds.flatMap(([Type, propertiesOf], kind) =>
    Array.from(
      { length: 100 },
      (_, index) => [`R${kind}x${index}`, { Type, Properties: propertiesOf(index) }] as const,
    ),
  );
  return { Resources: Object.fromEntries(resources) };
}
