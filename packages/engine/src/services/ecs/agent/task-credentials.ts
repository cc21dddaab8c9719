import { isAwsError } from '../../../kernel/aws-error.ts';
import { serviceCaller } from '../../../kernel/caller.ts';
import type { Context } from '../../../kernel/context.ts';
import { type TaskRow, taskCredentials, taskDefinitions } from '../model.ts';
import { StartFailure } from './start-failure.ts';

/** As long as the keys of a task on AWS last. */
const lifetime_s = 6 * 3600;
/** Keys are renewed this long before they run out. */
const renewedBefore_ms = 15 * 60_000;

export function taskRoleOf({ task }: TaskRow, { store }: Context): string | undefined {
  return task.overrides?.taskRoleArn ?? store.table(taskDefinitions).get(task.taskDefinitionArn)?.taskRoleArn;
}

/** The task role's keys for a task: those it has, or new ones. Undefined for a task without a role. */
export function credentialsFor(row: TaskRow, context: Context) {
  const roleArn = taskRoleOf(row, context);
  if (!roleArn) return undefined;
  const table = context.store.table(taskCredentials);
  const known = table.get(row.task.taskArn);
  if (known && known.expiresAt_ms - renewedBefore_ms > context.now) return known;
  const { Credentials } = assumeTaskRole(roleArn, row, context);
  return table.put(row.task.taskArn, {
    accessKeyId: Credentials?.AccessKeyId ?? '',
    secretAccessKey: Credentials?.SecretAccessKey ?? '',
    sessionToken: Credentials?.SessionToken ?? '',
    expiresAt_ms: Credentials?.Expiration?.getTime() ?? 0,
    roleArn,
  });
}

function assumeTaskRole(roleArn: string, { taskId, task }: TaskRow, context: Context) {
  const ecsTasks = serviceCaller(context.scope.account, 'ecs-tasks.amazonaws.com', task.taskArn);
  try {
    return context
      .as(ecsTasks)
      .sts.assumeRole({ RoleArn: roleArn, RoleSessionName: taskId, DurationSeconds: lifetime_s });
  } catch (error) {
    if (!isAwsError(error)) throw error;
    throw new StartFailure(
      `ECS was unable to assume the role '${roleArn}' that was provided for this task. Please verify that the role being passed has the proper trust relationship and permissions and that your IAM user has permissions to pass this role.`,
    );
  }
}
