import { credentials } from '../../../kernel/caller.ts';
import type { Context } from '../../../kernel/context.ts';
import { asService } from '../../../kernel/create-context.ts';
import type { Environment } from '../function-runner.ts';
import { type Build, type EnvironmentRow, environments, type FunctionRow } from '../model.ts';
import type { Desk } from '../ports.ts';
import { newStreamName } from './logging.ts';

/** Keys of a session last twelve hours at most; an environment is replaced before. */
export const life_ms_max = 6 * 3_600_000;
const session_s = 12 * 3600;

/** An idle environment that runs this very build, the one used last first, as it is the likeliest to be warm. */
export function findIdle(
  { store, now }: Context,
  { name }: FunctionRow,
  { configuration }: Build,
): EnvironmentRow | undefined {
  return store
    .table(environments)
    .by('function', name)
    .filter(
      (row) => !row.invocation && row.revisionId === configuration.RevisionId && now - row.startedAt < life_ms_max,
    )
    .sort((a, b) => b.lastUsedAt - a.lastUsedAt)[0];
}

/** Writes down an environment that is still to be started, with keys of the function's role. */
export function newEnvironment(context: Context, { name }: FunctionRow, { configuration }: Build): EnvironmentRow {
  const { Credentials: issued } = asService(context, 'lambda').sts.assumeRole({
    RoleArn: configuration.Role,
    RoleSessionName: name.slice(0, 64).padEnd(2, '_'),
    DurationSeconds: session_s,
  });
  const id = context.ids.uuid('lambda/environment');
  return context.store.table(environments).put(id, {
    id,
    functionName: name,
    version: configuration.Version,
    revisionId: configuration.RevisionId,
    group: configuration.LoggingConfig?.LogGroup ?? `/aws/lambda/${name}`,
    stream: newStreamName(context, configuration),
    logFormat: configuration.LoggingConfig?.LogFormat === 'JSON' ? 'JSON' : 'Text',
    accessKeyId: issued?.AccessKeyId ?? '',
    startedAt: context.now,
    lastUsedAt: context.now,
  });
}

/** What the runner needs to start the environment, should it not run yet. */
export function environmentFor(
  context: Context,
  desk: Desk,
  row: EnvironmentRow,
  { configuration, digest }: Build,
): Environment {
  return {
    id: row.id,
    functionName: row.functionName,
    runtime: configuration.Runtime,
    handler: configuration.Handler,
    memory_mib: configuration.MemorySize,
    digest,
    logFormat: row.logFormat,
    variables: { ...configuration.Environment?.Variables, ...ownVariables(context, desk, row, configuration) },
  };
}

/** https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime, and where the platform is. */
function ownVariables(
  context: Context,
  desk: Desk,
  row: EnvironmentRow,
  configuration: Build['configuration'],
): Record<string, string> {
  const { region } = context.scope;
  const issued = context.store.table(credentials).get(row.accessKeyId);
  const { anchor } = desk;
  return {
    _HANDLER: configuration.Handler,
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_EXECUTION_ENV: `AWS_Lambda_${configuration.Runtime}`,
    AWS_LAMBDA_FUNCTION_NAME: row.functionName,
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(configuration.MemorySize),
    AWS_LAMBDA_FUNCTION_VERSION: row.version,
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_LOG_GROUP_NAME: row.group,
    AWS_LAMBDA_LOG_STREAM_NAME: row.stream,
    AWS_ENDPOINT_URL: desk.endpoint(),
    ...(row.logFormat === 'JSON'
      ? { AWS_LAMBDA_LOG_LEVEL: configuration.LoggingConfig?.ApplicationLogLevel ?? 'INFO' }
      : {}),
    ...(issued
      ? {
          AWS_ACCESS_KEY_ID: issued.accessKeyId,
          AWS_SECRET_ACCESS_KEY: issued.secretAccessKey,
          ...(issued.sessionToken ? { AWS_SESSION_TOKEN: issued.sessionToken } : {}),
        }
      : {}),
    ...(anchor
      ? {
          ROCKPOOL_SPEED: String(anchor.speed),
          ROCKPOOL_CLOCK: `${anchor.platform_ms}@${anchor.real_ms}x${anchor.speed}`,
        }
      : {}),
  };
}

/** Takes an environment away: its keys are worth nothing from now on, and the runner ends it. */
export function endEnvironment(context: Context, desk: Desk, { id, accessKeyId }: EnvironmentRow): void {
  context.store.table(environments).delete(id);
  context.store.table(credentials).delete(accessKeyId);
  context.after(() => desk.functions.end(id));
}
