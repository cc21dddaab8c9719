import type { Context } from '../../../kernel/context.ts';
import { page } from '../../../kernel/page.ts';
import { takeCode } from '../code.ts';
import {
  checkConfiguration,
  lastModified,
  newConfiguration,
  refuseUnknown,
  type Settings,
  withSettings,
} from '../configuration.ts';
import { conflict, functionExists, invalidParameter, notImplemented } from '../errors.ts';
import { checkRole } from '../execution-role.ts';
import { parseFunctionName, requireFunction, requireQualified } from '../function-name.ts';
import {
  aliases,
  type Build,
  type Configuration,
  type FunctionRow,
  functionArn,
  functions,
  type Handler,
  invokeConfigs,
  latestVersion,
  policies,
  qualifiedKey,
  queuedEvents,
  versions,
} from '../model.ts';
import type { LambdaPorts } from '../ports.ts';
import { checkRevision, invalidMarker } from './revision.ts';
import { publish, qualifiedLatest } from './versions.ts';

export const createFunction =
  (ports: LambdaPorts): Handler<'CreateFunction'> =>
  (input, context) => {
    const { name, qualifier } = parseFunctionName(input.FunctionName);
    if (qualifier) throw invalidParameter('A function cannot be created with a qualifier in its name.');
    const rows = context.store.table(functions);
    if (rows.get(name)) throw functionExists(name);
    if (input.PackageType === 'Image') throw notImplemented('lambda: a function from a container image');
    if (input.CodeSigningConfigArn) throw notImplemented('lambda: code signing');
    if (!input.Runtime || !input.Handler)
      throw invalidParameter(
        'Runtime and Handler are mandatory parameters for functions created with deployment packages.',
      );
    refuseUnknown(input, ports.functions);
    const { Code } = input;
    const code = takeCode(Code, context, ports);
    const configuration = withSettings(newConfiguration(context, name, code), input);
    checkConfiguration(configuration);
    checkRole(context, configuration.Role);
    const row: FunctionRow = {
      name,
      arn: functionArn(context, name),
      latest: { configuration, digest: code.digest },
      changedAt: context.now,
      lastVersion: 0,
      tags: input.Tags ?? {},
    };
    rows.put(name, row);
    context.emit({
      type: 'lambda/function-created',
      subject: row.arn,
      message: `the function ${name} was created (${configuration.Runtime}, ${configuration.MemorySize} MB)`,
      data: { function: name, runtime: configuration.Runtime, codeSha256: code.sha256 },
    });
    return input.Publish ? publish(context, row, {}).configuration : configuration;
  };

export const getFunction =
  (ports: LambdaPorts): Handler<'GetFunction'> =>
  ({ FunctionName, Qualifier }, context) => {
    const found = requireQualified(context, FunctionName, Qualifier);
    const { row, digest } = found;
    return {
      Configuration: shown(found),
      Code: {
        RepositoryType: 'S3',
        Location: `${ports.endpoint()}/_rockpool/function-code/${digest.replace('sha256:', '')}`,
      },
      ...(Object.keys(row.tags).length > 0 ? { Tags: row.tags } : {}),
      ...(row.reservedConcurrency === undefined
        ? {}
        : { Concurrency: { ReservedConcurrentExecutions: row.reservedConcurrency } }),
    };
  };

export const getFunctionConfiguration: Handler<'GetFunctionConfiguration'> = ({ FunctionName, Qualifier }, context) =>
  shown(requireQualified(context, FunctionName, Qualifier));

/** No function has a code signing configuration here; AWS answers for such a function with an empty object. */
export const getFunctionCodeSigningConfig: Handler<'GetFunctionCodeSigningConfig'> = ({ FunctionName }, context) => {
  requireFunction(context, FunctionName);
  return { CodeSigningConfigArn: undefined, FunctionName: undefined };
};

/** With a qualifier the ARN has it, too. */
const shown = ({ configuration, arn }: Build & { readonly arn: string }): Configuration => ({
  ...configuration,
  FunctionArn: arn,
});

export const listFunctions: Handler<'ListFunctions'> = ({ FunctionVersion, Marker, MaxItems }, context) => {
  const rows = context.store.table(functions).list();
  const all = rows.flatMap((row) => [
    ...(FunctionVersion === 'ALL' ? [qualifiedLatest(row)] : [row.latest.configuration]),
    ...(FunctionVersion === 'ALL'
      ? context.store
          .table(versions)
          .by('function', row.name)
          .map(({ configuration }) => configuration)
      : []),
  ]);
  const { items, nextToken } = page(all, { token: Marker, size: Math.min(MaxItems ?? 50, 50), invalid: invalidMarker });
  return { Functions: items, ...(nextToken ? { NextMarker: nextToken } : {}) };
};

export const updateFunctionCode =
  (ports: LambdaPorts): Handler<'UpdateFunctionCode'> =>
  (input, context) => {
    const row = requireFunction(context, input.FunctionName);
    checkRevision(row.latest.configuration, input.RevisionId);
    if (input.DryRun) return row.latest.configuration;
    const changed = changeFunction(context, ports, row, {
      settings: input.Architectures ? { Architectures: input.Architectures } : {},
      code: input,
    });
    return input.Publish ? publish(context, changed, {}).configuration : changed.latest.configuration;
  };

export const updateFunctionConfiguration =
  (ports: LambdaPorts): Handler<'UpdateFunctionConfiguration'> =>
  ({ FunctionName, RevisionId, ...settings }, context) => {
    const row = requireFunction(context, FunctionName);
    checkRevision(row.latest.configuration, RevisionId);
    return changeFunction(context, ports, row, { settings }).latest.configuration;
  };

/** Changes settings, code or both. Until the change is in place `$LATEST` goes on running what it ran. */
export function changeFunction(
  context: Context,
  ports: LambdaPorts,
  row: FunctionRow,
  change: { readonly settings: Settings; readonly code?: Parameters<typeof takeCode>[0] },
): FunctionRow {
  const { configuration: before } = row.latest;
  if (before.State === 'Pending' || before.LastUpdateStatus === 'InProgress')
    throw conflict(`The operation cannot be performed at this time. An update is in progress for resource: ${row.arn}`);
  refuseUnknown(change.settings, ports.functions);
  const code = change.code && takeCode(change.code, context, ports);
  const configuration: Configuration = {
    ...withSettings(before, change.settings),
    ...(code ? { CodeSha256: code.sha256, CodeSize: code.size } : {}),
    LastModified: lastModified(context.now),
    RevisionId: context.ids.uuid('lambda/revision'),
    LastUpdateStatus: 'InProgress',
  };
  checkConfiguration(configuration);
  if (configuration.Role !== before.Role) checkRole(context, configuration.Role);
  const latest = { configuration, digest: code?.digest ?? row.latest.digest };
  return context.store.table(functions).put(row.name, { ...row, latest, changedAt: context.now });
}

/** With a qualifier only that version; otherwise the function and all that belongs to it. What waits for it is given up. */
export const deleteFunction: Handler<'DeleteFunction'> = ({ FunctionName, Qualifier }, context) => {
  const { name, qualifier } = parseFunctionName(FunctionName, Qualifier);
  const row = requireFunction(context, name);
  const { store } = context;
  if (qualifier) {
    deleteVersion(context, row, qualifier);
    return {};
  }
  for (const { version } of store.table(versions).by('function', name))
    store.table(versions).delete(qualifiedKey(name, version));
  for (const { Name } of store.table(aliases).by('function', name))
    store.table(aliases).delete(qualifiedKey(name, Name));
  for (const policy of store.table(policies).by('function', name))
    store.table(policies).delete(qualifiedKey(name, policy.qualifier));
  for (const config of store.table(invokeConfigs).by('function', name))
    store.table(invokeConfigs).delete(qualifiedKey(name, config.qualifier));
  for (const { id } of store.table(queuedEvents).by('function', name)) store.table(queuedEvents).delete(id);
  store.table(functions).delete(name);
  context.emit({
    type: 'lambda/function-deleted',
    subject: row.arn,
    message: `the function ${name} was deleted`,
    data: { function: name },
  });
  return {};
};

function deleteVersion(context: Context, row: FunctionRow, qualifier: string): void {
  const { store } = context;
  if (qualifier === latestVersion)
    throw invalidParameter('$LATEST version cannot be deleted without deleting the function.');
  const alias = store
    .table(aliases)
    .by('function', row.name)
    .find(
      ({ FunctionVersion, RoutingConfig }) =>
        FunctionVersion === qualifier || qualifier in (RoutingConfig?.AdditionalVersionWeights ?? {}),
    );
  if (alias) throw conflict(`Version ${qualifier} is used by alias ${alias.Name}, and cannot be deleted`);
  store.table(versions).delete(qualifiedKey(row.name, qualifier));
}
