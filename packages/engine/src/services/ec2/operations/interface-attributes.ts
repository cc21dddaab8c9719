import type { NetworkInterfaceAttachment } from '@aws-sdk/client-ec2';
import { AwsError } from '../../../kernel/aws-error.ts';
import type { Context } from '../../../kernel/context.ts';
import { invalidParameter, missingParameter } from '../errors.ts';
import { type Handler, instances, type NetworkInterface, networkInterfaces, newId } from '../model.ts';
import { freeAddress, requireInterface } from './network-interfaces.ts';
import { requireInstance } from './run-instances.ts';
import { requireSecurityGroup } from './security-groups.ts';

/** Changes an interface, and what the instance that has it shows of it. */
export function changeInterface(context: Context, eni: NetworkInterface, change: Partial<NetworkInterface>): void {
  const changed = context.store.table(networkInterfaces).put(eni.NetworkInterfaceId, { ...eni, ...change });
  const instance = context.store.table(instances).get(eni.Attachment?.InstanceId ?? '');
  if (!instance) return;
  const isPrimary = eni.Attachment?.DeviceIndex === 0;
  context.store.table(instances).put(instance.InstanceId, {
    ...instance,
    NetworkInterfaces: instance.NetworkInterfaces?.map((one) =>
      one.NetworkInterfaceId === eni.NetworkInterfaceId ? (changed as typeof one) : one,
    ),
    ...(isPrimary ? { SecurityGroups: changed.Groups, SourceDestCheck: changed.SourceDestCheck } : {}),
  });
}

export const groupsNamed = (context: Context, ids: readonly string[]) =>
  ids.map((id) => requireSecurityGroup(context, id)).map(({ GroupId, GroupName }) => ({ GroupId, GroupName }));

export const modifyNetworkInterfaceAttribute: Handler<'ModifyNetworkInterfaceAttribute'> = (input, context) => {
  const eni = requireInterface(context, input.NetworkInterfaceId);
  const { Description, SourceDestCheck, Groups, Attachment } = input;
  if (Attachment && Attachment.AttachmentId !== eni.Attachment?.AttachmentId)
    throw attachmentNotFound(Attachment.AttachmentId);
  changeInterface(context, eni, {
    ...(Description?.Value === undefined ? {} : { Description: Description.Value }),
    ...(SourceDestCheck?.Value === undefined ? {} : { SourceDestCheck: SourceDestCheck.Value }),
    ...(Groups ? { Groups: groupsNamed(context, Groups) } : {}),
    ...(Attachment ? { Attachment: { ...eni.Attachment, DeleteOnTermination: Attachment.DeleteOnTermination } } : {}),
  });
  return {};
};

export const describeNetworkInterfaceAttribute: Handler<'DescribeNetworkInterfaceAttribute'> = (input, context) => {
  const { NetworkInterfaceId, Description, SourceDestCheck, Groups, Attachment } = requireInterface(
    context,
    input.NetworkInterfaceId,
  );
  if (input.Attribute === 'description') return { NetworkInterfaceId, Description: { Value: Description } };
  if (input.Attribute === 'sourceDestCheck') return { NetworkInterfaceId, SourceDestCheck: { Value: SourceDestCheck } };
  if (input.Attribute === 'groupSet') return { NetworkInterfaceId, Groups };
  return { NetworkInterfaceId, ...(Attachment ? { Attachment } : {}) };
};

/** Addresses beside the primary one: these, or as many of the lowest free ones. An address of another interface moves only where that is asked for. */
export const assignPrivateIpAddresses: Handler<'AssignPrivateIpAddresses'> = (input, context) => {
  const { NetworkInterfaceId, PrivateIpAddresses, SecondaryPrivateIpAddressCount: count, AllowReassignment } = input;
  if (!PrivateIpAddresses?.length && !count) throw missingParameter('secondaryPrivateIpAddressCount');
  const { SubnetId } = requireInterface(context, NetworkInterfaceId);
  const wanted = PrivateIpAddresses?.length ? PrivateIpAddresses : Array.from({ length: count ?? 0 }, () => undefined);
  const AssignedPrivateIpAddresses = wanted.map((address) => {
    if (address && AllowReassignment) takeAway(context, SubnetId, address);
    const PrivateIpAddress = freeAddress(context, SubnetId, { wanted: address });
    const eni = requireInterface(context, NetworkInterfaceId);
    const added = [...(eni.PrivateIpAddresses ?? []), { Primary: false, PrivateIpAddress }];
    changeInterface(context, eni, { PrivateIpAddresses: added });
    return { PrivateIpAddress };
  });
  return { NetworkInterfaceId, AssignedPrivateIpAddresses };
};

const without = ({ PrivateIpAddresses = [] }: NetworkInterface, addresses: readonly string[]) =>
  PrivateIpAddresses.filter((one) => one.Primary || !addresses.includes(one.PrivateIpAddress ?? ''));

function takeAway(context: Context, SubnetId: string, address: string): void {
  for (const eni of context.store.table(networkInterfaces).by('subnet', SubnetId))
    if (eni.PrivateIpAddresses?.some((one) => !one.Primary && one.PrivateIpAddress === address))
      changeInterface(context, eni, { PrivateIpAddresses: without(eni, [address]) });
}

export const unassignPrivateIpAddresses: Handler<'UnassignPrivateIpAddresses'> = (input, context) => {
  const { NetworkInterfaceId, PrivateIpAddresses: addresses = [] } = input;
  const eni = requireInterface(context, NetworkInterfaceId);
  const PrivateIpAddresses = without(eni, addresses);
  if (PrivateIpAddresses.length !== (eni.PrivateIpAddresses?.length ?? 0) - new Set(addresses).size)
    throw invalidParameter(`Some of the specified addresses are not assigned to interface ${NetworkInterfaceId}`);
  changeInterface(context, eni, { PrivateIpAddresses });
  return {};
};

const attachmentNotFound = (id = '') =>
  new AwsError('InvalidAttachmentID.NotFound', `The attachment ID '${id}' does not exist`);

export const attachNetworkInterface: Handler<'AttachNetworkInterface'> = (input, context) => {
  const { NetworkInterfaceId, InstanceId, DeviceIndex } = input;
  const eni = requireInterface(context, NetworkInterfaceId);
  const instance = requireInstance(context, InstanceId);
  if (eni.Status === 'in-use') throw invalidParameter(`Interface: [${NetworkInterfaceId}] in use.`);
  if (eni.AvailabilityZone !== instance.Placement?.AvailabilityZone)
    throw invalidParameter(
      'You may not attach a network interface to an instance if they are not in the same availability zone',
    );
  if (instance.NetworkInterfaces?.some(({ Attachment }) => Attachment?.DeviceIndex === DeviceIndex))
    throw invalidParameter(
      `Instance '${InstanceId}' already has an interface attached at device index '${DeviceIndex}'.`,
    );
  const Attachment: NetworkInterfaceAttachment = {
    ...{ AttachmentId: newId(context, 'eni-attach'), InstanceId, InstanceOwnerId: context.scope.account, DeviceIndex },
    ...{ Status: 'attached', AttachTime: new Date(context.now), DeleteOnTermination: false },
  };
  const attached = context.store
    .table(networkInterfaces)
    .put(NetworkInterfaceId, { ...eni, Status: 'in-use', Attachment });
  const NetworkInterfaces = [...(instance.NetworkInterfaces ?? []), attached as never];
  context.store.table(instances).put(InstanceId, { ...instance, NetworkInterfaces });
  return { AttachmentId: Attachment.AttachmentId, NetworkCardIndex: 0 };
};

/** An interface without its instance. */
export function detachInterface(context: Context, { Attachment, ...eni }: NetworkInterface): void {
  context.store.table(networkInterfaces).put(eni.NetworkInterfaceId, { ...eni, Status: 'available' });
  const instance = context.store.table(instances).get(Attachment?.InstanceId ?? '');
  if (instance)
    context.store.table(instances).put(instance.InstanceId, {
      ...instance,
      NetworkInterfaces: instance.NetworkInterfaces?.filter((one) => one.NetworkInterfaceId !== eni.NetworkInterfaceId),
    });
}

export const detachNetworkInterface: Handler<'DetachNetworkInterface'> = ({ AttachmentId }, context) => {
  const [eni] = context.store
    .table(networkInterfaces)
    .list(({ Attachment }) => Attachment?.AttachmentId === AttachmentId);
  if (!eni) throw attachmentNotFound(AttachmentId);
  if (eni.Attachment?.DeviceIndex === 0)
    throw new AwsError('OperationNotPermitted', 'The network interface at device index 0 cannot be detached.');
  detachInterface(context, eni);
  return {};
};
