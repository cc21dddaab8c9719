import { isAwsError } from '../../../kernel/aws-error.ts';
import type { Caller } from '../../../kernel/caller.ts';
import type { Context } from '../../../kernel/context.ts';
import type { ContainerDefinition, TaskRow } from '../model.ts';
import { cannotInitialize } from './start-failure.ts';

/** The values of a container's `secrets`, read with the execution role. They go to the container only; no row and no answer holds them. */
export function readSecrets(
  { secrets = [] }: ContainerDefinition,
  executionRoleArn: string | undefined,
  row: TaskRow,
  context: Context,
): Record<string, string> {
  if (secrets.length === 0) return {};
  const caller = executionRole(executionRoleArn, row, context);
  return Object.fromEntries(
    secrets.map(({ name = '', valueFrom = '' }) => [name, readParameter(valueFrom, context.as(caller))]),
  );
}

function executionRole(roleArn: string | undefined, { taskId }: TaskRow, { scope }: Context): Caller {
  if (!roleArn)
    throw cannotInitialize(
      'unable to pull secrets or registry auth: execution role is empty. Ensure the task has an execution role',
    );
  const role = roleArn.slice(roleArn.lastIndexOf('/') + 1);
  return {
    kind: 'role',
    account: scope.account,
    arn: `arn:aws:sts::${scope.account}:assumed-role/${role}/${taskId}`,
    userId: `${role}:${taskId}`,
  };
}

function readParameter(valueFrom: string, context: Context): string {
  const [, , service = 'ssm', region = context.scope.region] = valueFrom.startsWith('arn:') ? valueFrom.split(':') : [];
  if (service !== 'ssm')
    throw cannotInitialize(
      `unable to pull secrets or registry auth: ${valueFrom}: only Systems Manager parameters can be read here, not ${service}`,
    );
  const failed = (reason: string) =>
    cannotInitialize(
      `unable to pull secrets or registry auth: execution resource retrieval failed: unable to retrieve secrets from ssm: service call has been retried 1 time(s): ${reason}`,
    );
  const name = valueFrom.startsWith('arn:') ? parameterName(valueFrom) : valueFrom;
  try {
    const { Parameters = [] } = context.in({ region }).ssm.getParameters({ Names: [name], WithDecryption: true });
    const [parameter] = Parameters;
    if (parameter?.Value !== undefined) return parameter.Value;
  } catch (error) {
    if (!isAwsError(error)) throw error;
    throw failed(`${error.code}: ${error.message}`);
  }
  throw failed(`invalid ssm parameters: ${name}`);
}

/** An ARN does not say whether a name begins with a slash; only names with further slashes do. */
function parameterName(arn: string): string {
  const name = arn.slice(arn.indexOf(':parameter/') + ':parameter/'.length);
  return name.includes('/') ? `/${name}` : name;
}
