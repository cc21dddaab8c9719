import { AwsError, isAwsError } from '../../../kernel/aws-error.ts';
import type { Context } from '../../../kernel/context.ts';
import { asService } from '../../../kernel/create-context.ts';
import { lastPart } from '../arns.ts';
import type { TaskRow } from '../model.ts';
import { toStop } from '../stop-task.ts';

/** Gives a task its network interface, with an address of its own in its subnet. A subnet without one left stops the task. */
export function attachNetwork(row: TaskRow, context: Context): TaskRow {
  if (!row.network) return row;
  const { subnetId, securityGroups, attachmentId } = row.network;
  try {
    const { NetworkInterface: made } = asService(context, 'ecs').ec2.createNetworkInterface({
      SubnetId: subnetId,
      ...(securityGroups.length > 0 ? { Groups: [...securityGroups] } : {}),
      Description: `arn:aws:ecs:${context.scope.region}:${context.scope.account}:attachment/${attachmentId}`,
    });
    return {
      ...row,
      task: { ...row.task, ...(made?.AvailabilityZone ? { availabilityZone: made.AvailabilityZone } : {}) },
      network: {
        ...row.network,
        networkInterfaceId: made?.NetworkInterfaceId ?? '',
        privateAddress: made?.PrivateIpAddress ?? '',
        ...(made?.MacAddress ? { macAddress: made.MacAddress } : {}),
      },
    };
  } catch (error) {
    if (!isAwsError(error) || error.code === 'NotImplemented') throw error;
    return toStop(row, context.now, {
      stopCode: 'TaskFailedToStart',
      reason: `Unexpected EC2 error while attempting to Create Network Interface in subnet '${lastPart(subnetId)}': ${error.code}`,
      drain: false,
      failure: 'never-ran',
    });
  }
}

/** The interface goes with the task. One that someone has taken away already is no error. */
export function detachNetwork(row: TaskRow, context: Context): void {
  const id = row.network?.networkInterfaceId;
  if (!id) return;
  try {
    asService(context, 'ecs').ec2.deleteNetworkInterface({ NetworkInterfaceId: id });
  } catch (error) {
    if (!(error instanceof AwsError) || error.code === 'NotImplemented') throw error;
  }
}
