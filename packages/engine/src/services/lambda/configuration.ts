import type { Context } from '../../kernel/context.ts';
import { invalidParameter, notImplemented } from './errors.ts';
import type { FunctionRunner } from './function-runner.ts';
import { type Configuration, functionArn, type In, latestVersion } from './model.ts';

/** What may be set at creation and changed later. */
export type Settings = Omit<In<'UpdateFunctionConfiguration'>, 'FunctionName' | 'RevisionId'> &
  Pick<In<'CreateFunction'>, 'Architectures'>;

/** The configuration of a function of which only what AWS asks for is set (https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html). */
export const newConfiguration = (
  context: Context,
  name: string,
  code: { readonly sha256: string; readonly size: number },
): Configuration => ({
  FunctionName: name,
  FunctionArn: functionArn(context, name),
  Runtime: 'nodejs24.x',
  Role: '',
  Handler: '',
  CodeSize: code.size,
  CodeSha256: code.sha256,
  Description: '',
  Timeout: 3,
  MemorySize: 128,
  LastModified: lastModified(context.now),
  Version: latestVersion,
  TracingConfig: { Mode: 'PassThrough' },
  RevisionId: context.ids.uuid('lambda/revision'),
  State: 'Pending',
  StateReason: 'The function is being created.',
  StateReasonCode: 'Creating',
  PackageType: 'Zip',
  Architectures: ['x86_64'],
  EphemeralStorage: { Size: 512 },
  SnapStart: { ApplyOn: 'None', OptimizationStatus: 'Off' },
  LoggingConfig: { LogFormat: 'Text', LogGroup: `/aws/lambda/${name}` },
});

/** `2026-01-05T09:00:00.000+0000`, as Lambda alone writes it. */
export const lastModified = (time: number): string => new Date(time).toISOString().replace('Z', '+0000');

/** The configuration with the given settings; what is left out stays as it was. */
export function withSettings(base: Configuration, settings: Settings): Configuration {
  const given = Object.fromEntries(
    Object.entries({
      Runtime: settings.Runtime,
      Role: settings.Role,
      Handler: settings.Handler,
      Description: settings.Description,
      Timeout: settings.Timeout,
      MemorySize: settings.MemorySize,
      DeadLetterConfig: settings.DeadLetterConfig,
      KMSKeyArn: settings.KMSKeyArn,
      TracingConfig: settings.TracingConfig,
      Architectures: settings.Architectures,
      EphemeralStorage: settings.EphemeralStorage,
      Environment: settings.Environment && { Variables: settings.Environment.Variables ?? {} },
      VpcConfig: settings.VpcConfig && {
        SubnetIds: settings.VpcConfig.SubnetIds ?? [],
        SecurityGroupIds: settings.VpcConfig.SecurityGroupIds ?? [],
      },
      LoggingConfig: settings.LoggingConfig && {
        ...base.LoggingConfig,
        ...settings.LoggingConfig,
        ...(settings.LoggingConfig.LogFormat === 'JSON'
          ? {
              ApplicationLogLevel: settings.LoggingConfig.ApplicationLogLevel ?? 'INFO',
              SystemLogLevel: settings.LoggingConfig.SystemLogLevel ?? 'INFO',
            }
          : {}),
      },
    }).filter(([, value]) => value !== undefined),
  );
  return { ...base, ...given };
}

/** What a function cannot have here. Taken and then not done would be worse than refused. */
export function refuseUnknown(settings: Settings, runner: FunctionRunner): void {
  if (settings.Layers?.length) throw notImplemented('lambda: a function with layers');
  if (settings.FileSystemConfigs?.length) throw notImplemented('lambda: a function with file systems');
  if (settings.ImageConfig) throw notImplemented('lambda: a function from a container image');
  if (settings.CapacityProviderConfig) throw notImplemented('lambda: a capacity provider');
  if (settings.DurableConfig) throw notImplemented('lambda: durable execution');
  if (settings.SnapStart?.ApplyOn === 'PublishedVersions') throw notImplemented('lambda: SnapStart');
  const refusal = settings.Runtime && runner.refuses(settings.Runtime);
  if (refusal) throw invalidParameter(refusal);
}

/** Variables that Lambda sets itself (https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime). */
const reservedVariables = new Set([
  '_HANDLER',
  '_X_AMZN_TRACE_ID',
  'AWS_DEFAULT_REGION',
  'AWS_REGION',
  'AWS_EXECUTION_ENV',
  'AWS_LAMBDA_FUNCTION_NAME',
  'AWS_LAMBDA_FUNCTION_MEMORY_SIZE',
  'AWS_LAMBDA_FUNCTION_VERSION',
  'AWS_LAMBDA_INITIALIZATION_TYPE',
  'AWS_LAMBDA_LOG_GROUP_NAME',
  'AWS_LAMBDA_LOG_STREAM_NAME',
  'AWS_ACCESS_KEY',
  'AWS_ACCESS_KEY_ID',
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SESSION_TOKEN',
  'AWS_LAMBDA_RUNTIME_API',
  'LAMBDA_TASK_ROOT',
  'LAMBDA_RUNTIME_DIR',
]);
const variables_bytes_max = 4096;

export function checkConfiguration({ Timeout, MemorySize, Role, Handler, Environment }: Configuration): void {
  checkRange('timeout', Timeout, 1, 900);
  checkRange('memorySize', MemorySize, 128, 10_240);
  if (!Handler)
    throw invalidParameter(
      'Runtime and Handler are mandatory parameters for functions created with deployment packages.',
    );
  if (!/^arn:aws[\w-]*:iam::\d{12}:role\/?[\w+=,.@\-/]+$/.test(Role))
    throw invalidParameter(
      `1 validation error detected: Value '${Role}' at 'role' failed to satisfy constraint: Member must satisfy regular expression pattern: arn:(aws[a-zA-Z-]*)?:iam::\\d{12}:role/?[a-zA-Z_0-9+=,.@\\-_/]+`,
    );
  checkVariables(Environment?.Variables ?? {});
}

function checkRange(member: string, value: number, least: number, most: number): void {
  const bound =
    value < least ? `greater than or equal to ${least}` : value > most ? `less than or equal to ${most}` : undefined;
  if (bound)
    throw invalidParameter(
      `1 validation error detected: Value '${value}' at '${member}' failed to satisfy constraint: Member must have value ${bound}`,
    );
}

function checkVariables(variables: Readonly<Record<string, string>>): void {
  const reserved = Object.keys(variables).filter((name) => reservedVariables.has(name));
  if (reserved.length > 0)
    throw invalidParameter(
      `Lambda was unable to configure your environment variables because the environment variables you have provided contains reserved keys that are currently not supported for modification. Reserved keys used in this request: ${reserved.join(', ')}`,
    );
  const text = JSON.stringify(variables);
  if (Buffer.byteLength(text) > variables_bytes_max)
    throw invalidParameter(
      `Lambda was unable to configure your environment variables because the environment variables you have provided exceeded the 4KB limit. String measured: ${text}`,
    );
}
