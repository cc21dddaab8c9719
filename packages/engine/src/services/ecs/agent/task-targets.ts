import { isAwsError } from '../../../kernel/aws-error.ts';
import type { Context } from '../../../kernel/context.ts';
import { asService } from '../../../kernel/create-context.ts';
import { lastPart } from '../arns.ts';
import type { TaskRow, TaskTarget } from '../model.ts';
import { logServiceEvent, logServiceEventOnce } from '../service-events.ts';

/** What a target group knows a task by: the address of its own interface, or the instance it is on. */
export const targetId = ({ network, place }: Pick<TaskRow, 'network' | 'place'>): string =>
  network ? (network.privateAddress ?? '') : (place?.ec2InstanceId ?? '');

type Change = 'registerTargets' | 'deregisterTargets';

/** Puts a task into its target groups. */
export const registerTargets = (row: TaskRow, context: Context): TaskRow =>
  changeTargets(row, context, 'registerTargets', 'unregistered', 'registered');

export const deregisterTargets = (row: TaskRow, context: Context): TaskRow =>
  changeTargets(row, context, 'deregisterTargets', 'registered', 'deregistered');

function changeTargets(
  row: TaskRow,
  context: Context,
  change: Change,
  from: TaskTarget['state'],
  to: TaskTarget['state'],
): TaskRow {
  for (const target of row.targets) if (target.state === from) changeTarget(row, target, context, change);
  return { ...row, targets: row.targets.map((target) => (target.state === from ? { ...target, state: to } : target)) };
}

/** A target group that is gone or refuses is told of in the service's events; the task goes on, and the service tries again. */
export function changeTarget(row: TaskRow, target: TaskTarget, context: Context, change: Change): void {
  const { targetGroupArn, port } = target;
  const name = lastPart(row.serviceArn ?? '');
  const verb = change === 'registerTargets' ? 'register' : 'deregister';
  try {
    asService(context, 'ecs').elbv2[change]({
      TargetGroupArn: targetGroupArn,
      Targets: [{ Id: targetId(row), Port: port }],
    });
    if (row.serviceArn)
      logServiceEvent(
        context,
        row.serviceArn,
        `(service ${name}) ${verb}ed 1 targets in (target-group ${targetGroupArn})`,
      );
  } catch (error) {
    if (!isAwsError(error) || error.code === 'NotImplemented') throw error;
    if (row.serviceArn && error.code !== 'TargetGroupNotFoundException')
      logServiceEventOnce(
        context,
        row.serviceArn,
        `(service ${name}) failed to ${verb} targets in (target-group ${targetGroupArn}) with (error ${error.message})`,
      );
  }
}

export interface TargetState {
  readonly state: string;
  readonly reason?: string;
  readonly description?: string;
}

/** Health of every target of a group, by `address:port`. A group that is gone has none. */
export function targetStates(targetGroupArn: string, context: Context): ReadonlyMap<string, TargetState> {
  try {
    const { TargetHealthDescriptions = [] } = asService(context, 'ecs').elbv2.describeTargetHealth({
      TargetGroupArn: targetGroupArn,
    });
    return new Map(
      TargetHealthDescriptions.map(({ Target, TargetHealth }) => [
        `${Target?.Id}:${Target?.Port}`,
        {
          state: TargetHealth?.State ?? 'unused',
          ...(TargetHealth?.Reason ? { reason: TargetHealth.Reason } : {}),
          ...(TargetHealth?.Description ? { description: TargetHealth.Description } : {}),
        },
      ]),
    );
  } catch (error) {
    if (!isAwsError(error, 'TargetGroupNotFoundException')) throw error;
    return new Map();
  }
}

/** None of the task's targets serves any more: each is gone from its group, or not used by it. */
export function areDrained(row: TaskRow, context: Context): boolean {
  return row.targets.every(({ targetGroupArn, port }) => {
    const state = targetStates(targetGroupArn, context).get(`${targetId(row)}:${port}`)?.state;
    return state === undefined || state === 'unused';
  });
}
