import { isAwsError } from '../../../kernel/aws-error.ts';
import type { Context } from '../../../kernel/context.ts';
import { type Controller, watch } from '../../../kernel/controller.ts';
import { asService } from '../../../kernel/create-context.ts';
import { endInstance, stopTasksOn } from '../instances/end-instance.ts';
import { saveInstance } from '../instances/save-instance.ts';
import { containerInstances } from '../model.ts';

/** EC2's rows are not seen here, so each instance is asked for at this interval. */
const poll_ms = 2000;

/** Notices that an instance has stopped or is gone: its agent is disconnected, its tasks have ended. */
export const containerInstanceController: Controller = {
  name: 'ecs/container-instance',
  watches: [watch(containerInstances, (row) => row.containerInstanceArn)],
  reconcile(arn, context) {
    const row = context.store.table(containerInstances).get(arn);
    if (!row || row.status === 'INACTIVE') return undefined;
    const state = stateOf(row.ec2InstanceId, context);
    const reason = `Host EC2 (instance ${row.ec2InstanceId}) ${state === 'stopped' ? 'stopped' : 'terminated'}.`;
    if (state === undefined || state === 'terminated') {
      endInstance(row, 'is gone with its instance', reason, context);
      return undefined;
    }
    if (state !== 'running' && row.agentConnected) {
      stopTasksOn(row, reason, context);
      saveInstance(context, { ...row, agentConnected: false }, 'has lost its agent');
    }
    return context.now + poll_ms;
  },
};

function stateOf(id: string, context: Context): string | undefined {
  try {
    const { Reservations = [] } = asService(context, 'ecs').ec2.describeInstances({ InstanceIds: [id] });
    return Reservations[0]?.Instances?.[0]?.State?.Name;
  } catch (error) {
    if (!isAwsError(error, 'InvalidInstanceID.NotFound')) throw error;
    return undefined;
  }
}
