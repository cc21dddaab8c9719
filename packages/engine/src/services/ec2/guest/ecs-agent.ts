import { isAwsError } from '../../../kernel/aws-error.ts';
import { serviceCaller } from '../../../kernel/caller.ts';
import type { Context } from '../../../kernel/context.ts';
import { asService } from '../../../kernel/create-context.ts';
import { imagesOf } from '../images.ts';
import { instanceType } from '../instance-types.ts';
import { arn, type Instance } from '../model.ts';
import type { Ec2Ports, ReadObject } from '../ports.ts';
import { type AgentConfig, copiedConfig, readAgentConfig } from './agent-config.ts';

/** What an agent of today says that it can. Source: developer guide, "Amazon ECS task definition differences", and amazon-ecs-agent's agent/app/agent_capability.go */
const capabilities = [
  ...['json-file', 'awslogs', 'none'].map((driver) => `com.amazonaws.ecs.capability.logging-driver.${driver}`),
  'com.amazonaws.ecs.capability.task-iam-role',
  'com.amazonaws.ecs.capability.task-iam-role-network-host',
  'com.amazonaws.ecs.capability.ecr-auth',
  'com.amazonaws.ecs.capability.privileged-container',
  'ecs.capability.execution-role-awslogs',
  'ecs.capability.execution-role-ecr-pull',
  'ecs.capability.secrets.ssm.environment-variables',
  'ecs.capability.secrets.asm.environment-variables',
  'ecs.capability.container-health-check',
  'ecs.capability.container-ordering',
  'ecs.capability.task-eni',
];

/** Ports of SSH, Docker and the agent itself. Source: API reference, PortMapping. */
const reservedPorts = ['22', '2375', '2376', '51678', '51679', '51680'];
/** What the system and the agent take of an instance's memory, about as much as an instance of AWS has less than its type says. */
const systemShare = 0.03;

/** What a machine with an image for ECS does when it has started: its agent registers it with a cluster, with the keys of its profile's role. */
export function startAgent(instance: Instance, context: Context, { readObject }: Pick<Ec2Ports, 'readObject'>): void {
  const image = imagesOf(context.scope.region).find(({ ImageId }) => ImageId === instance.ImageId);
  if (!image?.Name?.includes('-ecs-')) return;
  const userData = Buffer.from(instance.userData ?? '', 'base64').toString('utf8');
  try {
    const role = instanceRole(instance, context);
    if (!role) tell(instance, 'its ECS agent has no keys: the instance has no profile with a role', context);
    else register(instance, readAgentConfig(configText(userData, context.as(role), readObject)), context.as(role));
  } catch (error) {
    if (!isAwsError(error)) throw error;
    tell(instance, `its ECS agent could not register: ${error.message}`, context);
  }
}

/** User data, or the object that it copies over the configuration: read with the instance's own keys, as `aws s3 cp` would. */
function configText(userData: string, asRole: Context, readObject: ReadObject): string {
  const copied = copiedConfig(userData);
  if (!copied) return userData;
  asRole.s3.headObject({ Bucket: copied.bucket, Key: copied.key });
  return Buffer.from(readObject(asRole, copied.bucket, copied.key) ?? []).toString('utf8');
}

function register(instance: Instance, config: AgentConfig, context: Context): void {
  const { VCpuInfo, MemoryInfo } = instanceType(instance.InstanceType ?? '') ?? {};
  const memory = Math.floor((MemoryInfo?.SizeInMiB ?? 0) * (1 - systemShare)) - config.reservedMemory_mib;
  const { containerInstance } = context.ecs.registerContainerInstance({
    cluster: config.cluster,
    instanceIdentityDocument: JSON.stringify({ instanceId: instance.InstanceId }),
    totalResources: [
      { name: 'CPU', type: 'INTEGER', integerValue: (VCpuInfo?.DefaultVCpus ?? 0) * 1024 },
      { name: 'MEMORY', type: 'INTEGER', integerValue: memory },
      { name: 'PORTS', type: 'STRINGSET', stringSetValue: [...reservedPorts] },
      { name: 'PORTS_UDP', type: 'STRINGSET', stringSetValue: [] },
    ],
    versionInfo: { agentVersion: '1.100.0', agentHash: '', dockerVersion: 'DockerVersion: 25.0.8' },
    attributes: [...capabilities.map((name) => ({ name })), ...config.attributes],
    ...(config.tags.length > 0 ? { tags: [...config.tags] } : {}),
  });
  tell(instance, `its ECS agent has registered it as ${containerInstance?.containerInstanceArn}`, context);
}

/** The session that the machine has of its profile's role. */
function instanceRole({ InstanceId, IamInstanceProfile }: Instance, context: Context) {
  const profile = IamInstanceProfile?.Arn?.split('/').at(-1);
  if (!profile) return undefined;
  const { InstanceProfile } = asService(context, 'ec2').iam.getInstanceProfile({ InstanceProfileName: profile });
  const RoleArn = InstanceProfile?.Roles?.[0]?.Arn;
  if (!RoleArn) return undefined;
  const { account } = context.scope;
  const { AssumedRoleUser } = context
    .as(serviceCaller(account, 'ec2.amazonaws.com', arn(context, 'instance', InstanceId)))
    .sts.assumeRole({ RoleArn, RoleSessionName: InstanceId });
  return {
    kind: 'role' as const,
    account,
    arn: AssumedRoleUser?.Arn ?? '',
    userId: AssumedRoleUser?.AssumedRoleId ?? '',
  };
}

function tell({ InstanceId }: Instance, what: string, context: Context): void {
  context.emit({
    type: 'ec2/ecs-agent',
    subject: arn(context, 'instance', InstanceId),
    message: `instance ${InstanceId}: ${what}`,
  });
}
