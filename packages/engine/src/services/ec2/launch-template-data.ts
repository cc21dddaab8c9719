import type { ResponseLaunchTemplateData } from '@aws-sdk/client-ec2';
import type { In, Instance, LaunchTemplateVersion, Volume } from './model.ts';

/** What a request says itself counts; all else is the template's. The instance is marked with the version that it is of. */
export function fromTemplate(
  request: In<'RunInstances'>,
  { LaunchTemplateId, VersionNumber, LaunchTemplateData }: LaunchTemplateVersion,
): In<'RunInstances'> {
  const { TagSpecifications = [], ...merged } = { ...(LaunchTemplateData as object), ...given(request) };
  const Tags = [
    { Key: 'aws:ec2launchtemplate:id', Value: LaunchTemplateId },
    { Key: 'aws:ec2launchtemplate:version', Value: String(VersionNumber) },
  ];
  return { ...merged, TagSpecifications: [...TagSpecifications, { ResourceType: 'instance', Tags }] };
}

const given = <T extends object>(request: T): T =>
  Object.fromEntries(Object.entries(request).filter(([, value]) => value !== undefined)) as T;

/** What a template would have to say to start another instance like this one. */
export function dataOf(instance: Instance, volumes: readonly Volume[]): ResponseLaunchTemplateData {
  const { ImageId, InstanceType, KeyName, EbsOptimized, IamInstanceProfile, Placement, Tags = [] } = instance;
  return given({
    ...{ ImageId, InstanceType, KeyName, EbsOptimized },
    BlockDeviceMappings: mappingsOf(instance, volumes),
    ...(IamInstanceProfile ? { IamInstanceProfile: { Arn: IamInstanceProfile.Arn } } : {}),
    NetworkInterfaces: instance.NetworkInterfaces?.map(({ Groups, SubnetId, Attachment, Description }) => ({
      DeviceIndex: Attachment?.DeviceIndex,
      DeleteOnTermination: Attachment?.DeleteOnTermination,
      ...{ SubnetId, Description, Groups: Groups?.flatMap(({ GroupId }) => GroupId ?? []) },
    })),
    Monitoring: { Enabled: instance.Monitoring?.State === 'enabled' },
    Placement: { AvailabilityZone: Placement?.AvailabilityZone, Tenancy: Placement?.Tenancy },
    DisableApiTermination: instance.terminationProtected,
    DisableApiStop: instance.stopProtected,
    InstanceInitiatedShutdownBehavior: instance.shutdownBehavior,
    UserData: instance.userData,
    ...(instance.cpuCredits ? { CreditSpecification: { CpuCredits: instance.cpuCredits } } : {}),
    ...(Tags.length > 0 ? { TagSpecifications: [{ ResourceType: 'instance' as const, Tags }] } : {}),
  });
}

const mappingsOf = ({ BlockDeviceMappings = [] }: Instance, volumes: readonly Volume[]) =>
  BlockDeviceMappings.map(({ DeviceName, Ebs }) => {
    const volume = volumes.find(({ VolumeId }) => VolumeId === Ebs?.VolumeId);
    const { Encrypted, Iops, SnapshotId, Size, VolumeType, Throughput } = volume ?? {};
    const DeleteOnTermination = Ebs?.DeleteOnTermination;
    return {
      DeviceName,
      Ebs: { DeleteOnTermination, Encrypted, Iops, SnapshotId, VolumeSize: Size, VolumeType, Throughput },
    };
  });
