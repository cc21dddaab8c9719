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
    secrets.map(({ name = '', valueFrom = '' }) => [name, readValue(valueFrom, context.as(caller))]),
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

/** A bare name is a parameter's; an ARN says which service has it. */
function readValue(valueFrom: string, context: Context): string {
  const [, , service = 'ssm', region = context.scope.region] = valueFrom.startsWith('arn:') ? valueFrom.split(':') : [];
  const there = context.in({ region });
  if (service === 'secretsmanager') return readSecret(valueFrom, there);
  if (service === 'ssm') return readParameter(valueFrom, there);
  throw cannotInitialize(
    `unable to pull secrets or registry auth: invalid secret ${valueFrom}: neither a parameter of ssm nor a secret of secretsmanager`,
  );
}

/**
 * `arn:aws:secretsmanager:region:account:secret:name[:json-key[:version-stage[:version-id]]]`, parts of which may be empty
 * (https://docs.aws.amazon.com/AmazonECS/latest/developerguide/secrets-envvar-secrets-manager.html).
 */
function readSecret(valueFrom: string, { secretsManager }: Context): string {
  const parts = valueFrom.split(':');
  const [jsonKey = '', stage = '', version = ''] = parts.slice(7);
  const failed = (reason: string) =>
    cannotInitialize(
      `unable to pull secrets or registry auth: execution resource retrieval failed: unable to retrieve secret from asm: ${reason}`,
    );
  let text: string;
  try {
    const { SecretString, SecretBinary } = secretsManager.getSecretValue({
      SecretId: parts.slice(0, 7).join(':'),
      ...(stage ? { VersionStage: stage } : {}),
      ...(version ? { VersionId: version } : {}),
    });
    text = SecretString ?? Buffer.from(SecretBinary ?? []).toString();
  } catch (error) {
    if (!isAwsError(error)) throw error;
    throw failed(
      `service call has been retried 1 time(s): failed to fetch secret ${valueFrom} from secrets manager: ${error.code}: ${error.message}`,
    );
  }
  if (jsonKey === '') return text;
  const value = memberOf(text, jsonKey);
  if (value === undefined)
    throw failed(`retrieved secret from Secrets Manager did not contain json key ${jsonKey}: ${valueFrom}`);
  return value;
}

/** A member of a JSON object as text; undefined where there is none, or no object. */
function memberOf(text: string, key: string): string | undefined {
  try {
    const value = (JSON.parse(text) as Readonly<Record<string, unknown>> | null)?.[key];
    return value === undefined || typeof value === 'string' ? value : JSON.stringify(value);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function readParameter(valueFrom: string, context: Context): string {
  const failed = (reason: string) =>
    cannotInitialize(
      `unable to pull secrets or registry auth: execution resource retrieval failed: unable to retrieve secrets from ssm: service call has been retried 1 time(s): ${reason}`,
    );
  const name = valueFrom.startsWith('arn:') ? parameterName(valueFrom) : valueFrom;
  try {
    const { Parameters = [] } = context.ssm.getParameters({ Names: [name], WithDecryption: true });
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
