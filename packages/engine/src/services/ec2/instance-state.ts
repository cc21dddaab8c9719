import type { InstanceStateChange, InstanceStateName } from '@aws-sdk/client-ec2';
import type { Context } from '../../kernel/context.ts';
import { asService } from '../../kernel/create-context.ts';
import { endOf, stateCodes } from './controllers/plan-instance.ts';
import { arn, elasticAddresses, type Instance, instances, networkInterfaces, volumes } from './model.ts';
import { detachInterface } from './operations/interface-attributes.ts';
import { removeInterface } from './operations/network-interfaces.ts';
import { detach } from './operations/volumes.ts';

const stateOf = (Name: InstanceStateName) => ({ Name, Code: stateCodes[Name] });

/** Sets a state, tells EventBridge of it, and says from what to what. */
export function enterState(context: Context, id: string, state: InstanceStateName, reason = ''): InstanceStateChange {
  const rows = context.store.table(instances);
  const before = rows.get(id);
  if (!before) throw new Error(`there is no instance ${id}`);
  const { changesAt_ms: _, ...instance } = before;
  const changesAt_ms = endOf(state, context.now);
  rows.put(id, {
    ...instance,
    State: stateOf(state),
    StateTransitionReason: reason,
    ...(changesAt_ms === undefined ? {} : { changesAt_ms }),
    ...(state === 'stopped' || state === 'terminated' ? { PublicIpAddress: undefined, PublicDnsName: '' } : {}),
  });
  asService(context, 'ec2').eventBridge.putEvents({
    Entries: [
      {
        Source: 'aws.ec2',
        DetailType: 'EC2 Instance State-change Notification',
        Resources: [arn(context, 'instance', id)],
        Detail: JSON.stringify({ 'instance-id': id, state }),
        Time: new Date(context.now),
      },
    ],
  });
  context.emit({
    type: 'ec2/instance-state',
    subject: arn(context, 'instance', id),
    message: `instance ${id} is ${state}`,
    data: { from: before.State.Name, to: state },
  });
  return { InstanceId: id, CurrentState: stateOf(state), PreviousState: before.State };
}

/** What a terminated instance leaves: volumes that are to be kept, and an address without it. */
export function releaseAll(context: Context, { InstanceId, NetworkInterfaces = [] }: Instance): void {
  const table = context.store.table(volumes);
  for (const volume of table.list(({ Attachments = [] }) => Attachments.some((one) => one.InstanceId === InstanceId))) {
    const goes = volume.Attachments?.[0]?.DeleteOnTermination;
    detach(context, volume);
    if (goes) table.delete(volume.VolumeId);
  }
  const addresses = context.store.table(elasticAddresses);
  for (const address of addresses.list((one) => one.InstanceId === InstanceId)) {
    const {
      InstanceId: _,
      AssociationId: _association,
      NetworkInterfaceId: _eni,
      PrivateIpAddress: _ip,
      ...free
    } = address;
    addresses.put(address.AllocationId, free);
  }
  for (const { NetworkInterfaceId = '' } of NetworkInterfaces) {
    const eni = context.store.table(networkInterfaces).get(NetworkInterfaceId);
    if (eni?.Attachment?.DeleteOnTermination) removeInterface(context, NetworkInterfaceId);
    else if (eni) detachInterface(context, eni);
  }
}
