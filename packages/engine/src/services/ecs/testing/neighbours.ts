import type * as ec2 from '@aws-sdk/client-ec2';
import { AwsError } from '../../../kernel/aws-error.ts';
import type { BlobStore } from '../../../kernel/blob-store.ts';
import type { Context } from '../../../kernel/context.ts';
import { defineService, type Service } from '../../../kernel/service.ts';
import { table } from '../../../kernel/store.ts';

/** What the services around ECS were asked, and what they answer: as little of them as ECS's own stories need. */
export interface Neighbours {
  readonly services: readonly Service[];
  /** EventBridge entries, in order, with their detail parsed. */
  readonly events: {
    readonly detailType: string;
    readonly detail: Record<string, unknown> & { lastStatus?: string };
  }[];
  /** Log lines by stream. */
  readonly lines: Map<string, string[]>;
  readonly metrics: { readonly name: string; readonly value: number; readonly dimensions: Record<string, string> }[];
  /** Parameters that Systems Manager has. */
  readonly parameters: Map<string, string>;
  /** Secrets that Secrets Manager has, by ARN and stage. */
  readonly secrets: Map<string, string>;
  /** Who asked it for parameters. */
  readonly readers: string[];
}

interface Target {
  readonly key: string;
  readonly group: string;
  readonly id: string;
  readonly port: number;
  readonly registeredAt: number;
  readonly drainingSince?: number;
  readonly unhealthy?: boolean;
}
export const testTargets = table<Target, 'group'>('test/targets', { indexes: { group: (target) => target.group } });
const interfaces = table<{ readonly id: string; readonly address: string }>('test/interfaces');

/** How long a target takes to be found healthy, and to drain. */
export const healthyAfter_ms = 10_000;
export const drainFor_ms = 30_000;

export const targetGroup = 'arn:aws:elasticloadbalancing:us-east-1:000000000000:targetgroup/web/0123456789abcdef';

export function neighbours(blobs: BlobStore): Neighbours {
  const events: Neighbours['events'] = [];
  const lines: Neighbours['lines'] = new Map();
  const metrics: Neighbours['metrics'] = [];
  const parameters: Neighbours['parameters'] = new Map();
  const secrets: Neighbours['secrets'] = new Map();
  const readers: string[] = [];
  return {
    events,
    lines,
    metrics,
    parameters,
    secrets,
    readers,
    services: [
      network(),
      loadBalancer(),
      registry(blobs),
      identity(),
      parameterStore(parameters, readers),
      secretStore(secrets),
      bus(events),
      logs(lines),
      monitor(metrics),
    ],
  };
}

const secretStore = (secrets: Neighbours['secrets']) =>
  defineService('secretsManager', {
    operations: {
      GetSecretValue: ({ SecretId, VersionStage = 'AWSCURRENT' }) => {
        const SecretString = secrets.get(`${SecretId} ${VersionStage}`);
        if (SecretString === undefined)
          throw new AwsError('ResourceNotFoundException', "Secrets Manager can't find the specified secret.");
        return { SecretString };
      },
    },
  });

const zones = ['us-east-1a', 'us-east-1b', 'us-east-1c'];

const network = () =>
  defineService('ec2', {
    operations: {
      DescribeSubnets: ({ SubnetIds = [] }) => ({
        Subnets: SubnetIds.map((id): ec2.Subnet => {
          const [, letter = ''] = /^subnet-([abc])$/.exec(id) ?? [];
          if (!letter) throw new AwsError('InvalidSubnetID.NotFound', `The subnet ID '${id}' does not exist`);
          return { SubnetId: id, VpcId: 'vpc-1', AvailabilityZone: zones['abc'.indexOf(letter)] };
        }),
      }),
      DescribeSecurityGroups: ({ GroupIds = [] }) => ({
        SecurityGroups: GroupIds.map((id) => {
          if (!id.startsWith('sg-'))
            throw new AwsError('InvalidGroup.NotFound', `The security group '${id}' does not exist`);
          return { GroupId: id, VpcId: 'vpc-1' };
        }),
      }),
      CreateNetworkInterface: ({ SubnetId = '' }, context) => {
        const rows = context.store.table(interfaces);
        const number = context.store.table(interfaces).list().length + 10;
        const id = `eni-${context.ids.hex('eni', 17)}`;
        const address = `10.0.${'abc'.indexOf(SubnetId.slice(-1))}.${number}`;
        rows.put(id, { id, address });
        const zone = zones['abc'.indexOf(SubnetId.slice(-1))];
        return {
          NetworkInterface: {
            NetworkInterfaceId: id,
            PrivateIpAddress: address,
            AvailabilityZone: zone,
            MacAddress: '0a:00:00:00:00:01',
          },
        };
      },
      DeleteNetworkInterface: () => ({}),
    },
  });

const loadBalancer = () =>
  defineService('elbv2', {
    operations: {
      DescribeTargetGroups: ({ TargetGroupArns = [] }) => ({
        TargetGroups: TargetGroupArns.map((arn) => ({
          TargetGroupArn: arn,
          TargetType: 'ip' as const,
          LoadBalancerArns: ['arn:aws:elasticloadbalancing:us-east-1:000000000000:loadbalancer/app/web/1'],
        })),
      }),
      RegisterTargets: ({ TargetGroupArn = '', Targets = [] }, context) => {
        for (const { Id: id = '', Port: port = 0 } of Targets) {
          const key = `${TargetGroupArn}|${id}:${port}`;
          context.store
            .table(testTargets)
            .put(key, { key, group: TargetGroupArn, id, port, registeredAt: context.now });
        }
        return {};
      },
      DeregisterTargets: ({ TargetGroupArn = '', Targets = [] }, context) => {
        const rows = context.store.table(testTargets);
        for (const { Id, Port } of Targets) {
          const known = rows.get(`${TargetGroupArn}|${Id}:${Port}`);
          if (known) rows.put(known.key, { ...known, drainingSince: context.now });
        }
        return {};
      },
      DescribeTargetHealth: ({ TargetGroupArn = '' }, context) => ({
        TargetHealthDescriptions: context.store
          .table(testTargets)
          .by('group', TargetGroupArn)
          .flatMap((target) => {
            const state = stateOf(target, context);
            return state
              ? [
                  {
                    Target: { Id: target.id, Port: target.port },
                    TargetHealth: {
                      State: state,
                      ...(state === 'unhealthy' ? { Description: 'Health checks failed with these codes: [500]' } : {}),
                    },
                  },
                ]
              : [];
          }),
      }),
    },
  });

function stateOf(target: Target, { now }: Context) {
  if (target.drainingSince !== undefined)
    return now - target.drainingSince < drainFor_ms ? ('draining' as const) : undefined;
  if (target.unhealthy) return 'unhealthy' as const;
  return now - target.registeredAt < healthyAfter_ms ? ('initial' as const) : ('healthy' as const);
}

/** A registry that has every image but those called `missing`. */
function registry(blobs: BlobStore): Service {
  const config = blobs.put(
    Buffer.from(JSON.stringify({ config: { Cmd: ['serve'], Env: ['PATH=/usr/bin', 'FROM_IMAGE=1'] } })),
  );
  const imageManifest = JSON.stringify({
    schemaVersion: 2,
    config: { digest: config, mediaType: 'application/vnd.oci.image.config.v1+json' },
    layers: [],
  });
  const digest = `sha256:${'a'.repeat(64)}`;
  return defineService('ecr', {
    operations: {
      BatchGetImage: ({ repositoryName = '', imageIds = [] }) => {
        if (repositoryName === 'missing')
          throw new AwsError('RepositoryNotFoundException', 'The repository does not exist');
        if (imageIds[0]?.imageTag === 'missing')
          return { images: [], failures: [{ failureCode: 'ImageNotFound' as const }] };
        return { images: [{ imageManifest, imageId: { imageDigest: digest } }] };
      },
    },
  });
}

const identity = () =>
  defineService('sts', {
    operations: {
      AssumeRole: ({ RoleArn = '', RoleSessionName }, context) => {
        if (RoleArn.endsWith('/forbidden')) throw new AwsError('AccessDenied', 'not authorized', { status: 403 });
        return {
          Credentials: {
            AccessKeyId: `ASIA${context.ids.alphanumeric('key', 16)}`,
            SecretAccessKey: 'secret',
            SessionToken: `token-${RoleSessionName}`,
            Expiration: new Date(context.now + 3_600_000),
          },
        };
      },
    },
  });

const parameterStore = (parameters: Map<string, string>, readers: string[]) =>
  defineService('ssm', {
    operations: {
      GetParameters: ({ Names = [] }, { caller }) => {
        readers.push(caller.arn);
        return {
          Parameters: Names.flatMap((name) => {
            const value = parameters.get(name);
            return value === undefined ? [] : [{ Name: name, Value: value }];
          }),
          InvalidParameters: Names.filter((name) => !parameters.has(name)),
        };
      },
    },
  });

const bus = (events: Neighbours['events']) =>
  defineService('eventBridge', {
    operations: {
      PutEvents: ({ Entries = [] }) => {
        for (const { DetailType = '', Detail = '{}' } of Entries)
          events.push({ detailType: DetailType, detail: JSON.parse(Detail) });
        return { FailedEntryCount: 0, Entries: [] };
      },
    },
  });

const logs = (lines: Map<string, string[]>) =>
  defineService('logs', {
    operations: {
      CreateLogGroup: () => ({}),
      CreateLogStream: ({ logGroupName = '', logStreamName = '' }) => {
        if (logGroupName === 'missing')
          throw new AwsError('ResourceNotFoundException', 'The specified log group does not exist.');
        lines.set(logStreamName, []);
        return {};
      },
      PutLogEvents: ({ logStreamName = '', logEvents = [] }) => {
        lines.get(logStreamName)?.push(...logEvents.map(({ message = '' }) => message));
        return {};
      },
    },
  });

const monitor = (metrics: Neighbours['metrics']) =>
  defineService('cloudWatch', {
    operations: {
      PutMetricData: ({ MetricData = [] }) => {
        for (const { MetricName: name = '', Value, StatisticValues, Dimensions = [] } of MetricData)
          metrics.push({
            name,
            value: Value ?? (StatisticValues?.Sum ?? 0) / (StatisticValues?.SampleCount || 1),
            dimensions: Object.fromEntries(Dimensions.map(({ Name = '', Value: value = '' }) => [Name, value])),
          });
        return {};
      },
    },
  });
