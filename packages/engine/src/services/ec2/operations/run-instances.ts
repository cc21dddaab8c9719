import type { IamInstanceProfileSpecification, Image } from '@aws-sdk/client-ec2';
import { AwsError, isAwsError } from '../../../kernel/aws-error.ts';
import type { Context } from '../../../kernel/context.ts';
import { asService } from '../../../kernel/create-context.ts';
import { endOf, stateCodes } from '../controllers/plan-instance.ts';
import { invalidParameter, missingParameter, notFound } from '../errors.ts';
import { instanceType } from '../instance-types.ts';
import { fromTemplate } from '../launch-template-data.ts';
import {
  type Handler,
  type In,
  type Instance,
  instances,
  keyPairs,
  networkInterfaces,
  newId,
  type Subnet,
  tagsFor,
} from '../model.ts';
import { defaultSubnets, requireDefaultVpc } from './default-vpc.ts';
import { publicAddress } from './gateways.ts';
import { requireVersion } from './launch-templates.ts';
import { makeInterface } from './network-interfaces.ts';
import { requireImage, sizeOf } from './own-images.ts';
import { groupOf } from './security-groups.ts';
import { requireSubnet } from './subnets.ts';
import { attach, makeVolume } from './volumes.ts';

type RunInput = In<'RunInstances'>;

/** Books instances. No guest runs behind them yet: what they would do is not done. */
export const runInstances: Handler<'RunInstances'> = (request, context) => {
  const input = completed(request, context);
  const parts = check(input, context);
  const reservationId = newId(context, 'r');
  const made = Array.from({ length: input.MaxCount }, (_, index) =>
    makeInstance(input, parts, { reservationId, index }, context),
  );
  return { ReservationId: reservationId, OwnerId: context.scope.account, Groups: [], Instances: made };
};

interface Parts {
  readonly image: Image;
  readonly subnet: Subnet;
  readonly groups: readonly string[] | undefined;
  readonly profile: Instance['IamInstanceProfile'];
}

function check(input: RunInput, context: Context): Parts {
  const { ImageId, InstanceType = 'm1.small', MinCount, MaxCount, KeyName } = input;
  if (!ImageId) throw missingParameter('ImageId');
  if (MinCount < 1 || MaxCount < MinCount)
    throw invalidParameter(`Value (${MinCount}) for parameter minCount is invalid.`);
  const image = requireImage(context, resolved(ImageId, context));
  if (image.State !== 'available')
    throw new AwsError('InvalidAMIID.Unavailable', `The image id '[${ImageId}]' is no longer available`);
  const type = instanceType(InstanceType);
  if (!type) throw invalidParameter(`Invalid value '${InstanceType}' for InstanceType.`);
  if (!type.ProcessorInfo?.SupportedArchitectures?.includes(image.Architecture as never))
    throw invalidParameter(
      `The architecture '${type.ProcessorInfo?.SupportedArchitectures?.join()}' of the specified instance type does not match the architecture '${image.Architecture}' of the specified AMI. Specify an instance type and an AMI that have matching architectures, and try again.`,
    );
  if (KeyName && context.store.table(keyPairs).list((pair) => pair.KeyName === KeyName).length === 0)
    throw new AwsError('InvalidKeyPair.NotFound', `The key pair '${KeyName}' does not exist`);
  const [first] = input.NetworkInterfaces ?? [];
  if (first) refuseTwice(input);
  const subnet = first?.SubnetId ?? input.SubnetId ?? defaultSubnet(input, context);
  return {
    image,
    subnet: requireSubnet(context, subnet),
    groups: first?.Groups ?? groupsOf(input, context),
    profile: profileOf(input.IamInstanceProfile, context),
  };
}

/** An image may be named by the parameter that has its id. */
function resolved(imageId: string, context: Context): string {
  if (!imageId.startsWith('resolve:ssm:')) return imageId;
  return context.ssm.getParameter({ Name: imageId.slice('resolve:ssm:'.length) }).Parameter?.Value ?? imageId;
}

/** With a launch template, what the request leaves open comes from it. */
function completed(request: RunInput, context: Context): RunInput {
  if (!request.LaunchTemplate) return request;
  return fromTemplate(request, requireVersion(context, request.LaunchTemplate));
}

/** An interface has its own subnet and groups. */
function refuseTwice({ SubnetId, SecurityGroupIds }: RunInput): void {
  const what = SubnetId
    ? 'an instance-level subnet ID'
    : SecurityGroupIds?.length
      ? 'instance-level security groups'
      : '';
  if (what)
    throw new AwsError(
      'InvalidParameterCombination',
      `Network interfaces and ${what} may not be specified on the same request`,
    );
}

/** Of the default VPC, in the zone that was asked for or the first. */
function defaultSubnet({ Placement }: RunInput, context: Context): string {
  const home = requireDefaultVpc(context);
  const zone = Placement?.AvailabilityZone;
  const found = defaultSubnets(context, home).find((subnet) => !zone || subnet.AvailabilityZone === zone);
  if (!found)
    throw new AwsError(
      'MissingInput',
      `No subnets found for the default VPC '${home.VpcId}'. Please specify a subnet.`,
    );
  return found.SubnetId;
}

/** Groups by their names are those of the default VPC. */
function groupsOf({ SecurityGroupIds = [], SecurityGroups = [] }: RunInput, context: Context): string[] | undefined {
  const ids = [...SecurityGroupIds, ...SecurityGroups.map((GroupName) => groupOf({ GroupName }, context).GroupId)];
  return ids.length > 0 ? ids : undefined;
}

function profileOf(
  wanted: IamInstanceProfileSpecification | undefined,
  context: Context,
): Instance['IamInstanceProfile'] {
  const name = wanted?.Name ?? wanted?.Arn?.split('/').at(-1);
  if (name === undefined) return undefined;
  try {
    const { InstanceProfile } = asService(context, 'ec2').iam.getInstanceProfile({ InstanceProfileName: name });
    return { Arn: InstanceProfile?.Arn, Id: InstanceProfile?.InstanceProfileId };
  } catch (error) {
    if (!isAwsError(error, 'NoSuchEntity')) throw error;
    throw invalidParameter(
      `Value (${name}) for parameter iamInstanceProfile.name is invalid. Invalid IAM Instance Profile name`,
    );
  }
}

interface Place {
  readonly reservationId: string;
  readonly index: number;
}

function makeInstance(
  input: RunInput,
  { image, subnet, groups, profile }: Parts,
  { reservationId, index }: Place,
  context: Context,
): Instance {
  const InstanceId = newId(context, 'i');
  const address = input.NetworkInterfaces?.[0]?.PrivateIpAddress ?? input.PrivateIpAddress;
  const eni = makeInterface(context, { SubnetId: subnet.SubnetId, Groups: groups, address });
  const Attachment = {
    ...{ AttachmentId: newId(context, 'eni-attach'), DeviceIndex: 0, Status: 'attached' as const },
    ...{ AttachTime: new Date(context.now), DeleteOnTermination: true },
  };
  context.store.table(networkInterfaces).put(eni.NetworkInterfaceId, {
    ...eni,
    Status: 'in-use',
    Attachment: { ...Attachment, InstanceId, InstanceOwnerId: context.scope.account },
  });
  const isPublic = input.NetworkInterfaces?.[0]?.AssociatePublicIpAddress ?? subnet.MapPublicIpOnLaunch ?? false;
  const changesAt_ms = endOf('pending', context.now);
  const instance: Instance = {
    InstanceId,
    ImageId: image.ImageId ?? '',
    InstanceType: (input.InstanceType ?? 'm1.small') as NonNullable<Instance['InstanceType']>,
    State: { Name: 'pending', Code: stateCodes.pending },
    StateTransitionReason: '',
    ...(changesAt_ms === undefined ? {} : { changesAt_ms }),
    AmiLaunchIndex: index,
    Architecture: image.Architecture,
    BlockDeviceMappings: [],
    ClientToken: input.ClientToken ?? '',
    EbsOptimized: input.EbsOptimized ?? false,
    EnaSupport: true,
    Hypervisor: 'xen',
    ...(profile ? { IamInstanceProfile: profile } : {}),
    ...(input.KeyName ? { KeyName: input.KeyName } : {}),
    LaunchTime: new Date(context.now),
    MetadataOptions: metadataOf(input, image),
    Monitoring: { State: input.Monitoring?.Enabled ? 'enabled' : 'disabled' },
    NetworkInterfaces: [{ ...eni, Status: 'in-use', Attachment }] as never,
    Placement: { AvailabilityZone: subnet.AvailabilityZone, Tenancy: 'default', GroupName: '' },
    PlatformDetails: image.PlatformDetails,
    PrivateDnsName: `ip-${eni.PrivateIpAddress.replaceAll('.', '-')}.ec2.internal`,
    PrivateIpAddress: eni.PrivateIpAddress,
    ...(isPublic ? { PublicIpAddress: publicAddress(context) } : {}),
    PublicDnsName: '',
    RootDeviceName: image.RootDeviceName,
    RootDeviceType: 'ebs',
    SecurityGroups: eni.Groups,
    SourceDestCheck: true,
    SubnetId: subnet.SubnetId,
    VpcId: subnet.VpcId,
    Tags: tagsFor(input.TagSpecifications, 'instance'),
    VirtualizationType: 'hvm',
    CpuOptions: { CoreCount: 1, ThreadsPerCore: 2 },
    CapacityReservationSpecification: { CapacityReservationPreference: 'open' },
    HibernationOptions: { Configured: false },
    EnclaveOptions: { Enabled: false },
    MaintenanceOptions: { AutoRecovery: 'default' },
    PrivateDnsNameOptions: {
      HostnameType: 'ip-name',
      EnableResourceNameDnsARecord: false,
      EnableResourceNameDnsAAAARecord: false,
    },
    terminationProtected: input.DisableApiTermination ?? false,
    stopProtected: input.DisableApiStop ?? false,
    shutdownBehavior: input.InstanceInitiatedShutdownBehavior ?? 'stop',
    ...(input.UserData ? { userData: input.UserData } : {}),
    ...(instanceType(input.InstanceType ?? '')?.BurstablePerformanceSupported
      ? {
          cpuCredits:
            input.CreditSpecification?.CpuCredits ?? (input.InstanceType?.startsWith('t2') ? 'standard' : 'unlimited'),
        }
      : {}),
    reservationId,
  };
  context.store.table(instances).put(InstanceId, instance);
  makeVolumes(input, image, instance, context);
  return shownInstance(context.store.table(instances).get(InstanceId) ?? instance);
}

/** New images ask for tokens from the start (IMDSv2). */
const metadataOf = ({ MetadataOptions: given }: RunInput, { ImdsSupport }: Image): Instance['MetadataOptions'] => ({
  State: 'applied',
  HttpEndpoint: given?.HttpEndpoint ?? 'enabled',
  HttpTokens: given?.HttpTokens ?? (ImdsSupport === 'v2.0' ? 'required' : 'optional'),
  HttpPutResponseHopLimit: given?.HttpPutResponseHopLimit ?? (ImdsSupport === 'v2.0' ? 2 : 1),
  HttpProtocolIpv6: given?.HttpProtocolIpv6 ?? 'disabled',
  InstanceMetadataTags: given?.InstanceMetadataTags ?? 'disabled',
});

function makeVolumes(
  { BlockDeviceMappings = [], TagSpecifications }: RunInput,
  image: Image,
  instance: Instance,
  context: Context,
): void {
  const given = new Map(BlockDeviceMappings.map((mapping) => [mapping.DeviceName, mapping]));
  const root = image.RootDeviceName ?? '/dev/xvda';
  const fromImage = (image.BlockDeviceMappings ?? []).map((mapping) => ({
    ...mapping,
    Ebs: { ...mapping.Ebs, ...given.get(mapping.DeviceName)?.Ebs },
  }));
  const others = BlockDeviceMappings.filter(({ DeviceName }) => DeviceName !== root);
  for (const { DeviceName = root, Ebs } of [...fromImage, ...others]) {
    if (!Ebs) continue;
    const volume = makeVolume(context, {
      zone: instance.Placement?.AvailabilityZone ?? '',
      size: sizeOf(context, Ebs),
      type: Ebs.VolumeType ?? 'gp3',
      iops: Ebs.Iops,
      throughput: Ebs.Throughput,
      encrypted: Ebs.Encrypted,
      kmsKeyId: Ebs.KmsKeyId,
      snapshotId: Ebs.SnapshotId,
      tags: tagsFor(TagSpecifications, 'volume'),
    });
    attach(context, {
      ...{ VolumeId: volume.VolumeId, InstanceId: instance.InstanceId, Device: DeviceName },
      deleteOnTermination: Ebs.DeleteOnTermination ?? true,
    });
  }
}

export function requireInstance({ store }: Context, id: string): Instance {
  const found = store.table(instances).get(id);
  if (!found) throw notFound('InvalidInstanceID', 'instance', [id]);
  return found;
}

/** As DescribeInstances shows it. */
export const shownInstance = ({
  changesAt_ms: _at,
  userData: _data,
  terminationProtected: _t,
  stopProtected: _s,
  shutdownBehavior: _b,
  cpuCredits: _c,
  reservationId: _r,
  ...instance
}: Instance): Omit<Instance, never> => instance as Instance;
