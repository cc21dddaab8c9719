import { isDeepStrictEqual } from 'node:util';
import type { Context } from '../../../kernel/context.ts';
import { page } from '../../../kernel/page.ts';
import { conflict, invalidParameter, notFound } from '../errors.ts';
import { findAlias, requireFunction, requireVersion } from '../function-name.ts';
import {
  type Alias,
  aliases,
  type Configuration,
  type FunctionRow,
  functions,
  type Handler,
  type In,
  invokeConfigs,
  latestVersion,
  policies,
  qualifiedKey,
  type VersionRow,
  versions,
} from '../model.ts';
import { checkRevision, invalidMarker } from './revision.ts';

export const publishVersion: Handler<'PublishVersion'> = (input, context) => {
  const row = requireFunction(context, input.FunctionName);
  const { configuration } = row.latest;
  checkRevision(configuration, input.RevisionId);
  if (input.CodeSha256 && input.CodeSha256 !== configuration.CodeSha256)
    throw invalidParameter(
      `CodeSHA256 (${input.CodeSha256}) is different from current CodeSHA256 in $LATEST (${configuration.CodeSha256}). Please try again with the CodeSHA256 in $LATEST.`,
    );
  if (configuration.State !== 'Active' || configuration.LastUpdateStatus === 'InProgress')
    throw conflict(
      `The operation cannot be performed at this time. The function is currently in the following state: Pending`,
    );
  return publish(context, row, input).configuration;
};

/** Keeps `$LATEST` as it is now under the next number; where nothing changed since the last version, that one is it. */
export function publish(
  context: Context,
  row: FunctionRow,
  { Description }: { readonly Description?: string | undefined },
): VersionRow {
  const rows = context.store.table(versions);
  const last = rows.get(qualifiedKey(row.name, String(row.lastVersion)));
  if (last && last.digest === row.latest.digest && sameSettings(last, row)) return last;
  const version = String(row.lastVersion + 1);
  const {
    LastUpdateStatusReason: _,
    LastUpdateStatusReasonCode: __,
    StateReason: ___,
    StateReasonCode: ____,
    ...settings
  } = row.latest.configuration;
  context.store.table(functions).put(row.name, { ...row, lastVersion: row.lastVersion + 1 });
  return rows.put(qualifiedKey(row.name, version), {
    functionName: row.name,
    version,
    digest: row.latest.digest,
    configuration: {
      ...settings,
      State: 'Active',
      LastUpdateStatus: 'Successful',
      FunctionArn: `${row.arn}:${version}`,
      Version: version,
      RevisionId: context.ids.uuid('lambda/revision'),
      ...(Description === undefined ? {} : { Description }),
    },
  });
}

/** Whether there is nothing new to publish: a version's own facts, and how and when the last change went, are no settings. */
const sameSettings = ({ configuration }: VersionRow, { latest }: FunctionRow): boolean =>
  isDeepStrictEqual(settingsOf(configuration), settingsOf(latest.configuration));

const settingsOf = (configuration: Configuration): object =>
  Object.fromEntries(Object.entries(configuration).filter(([name]) => !ownFacts.test(name)));

const ownFacts = /^(Version|FunctionArn|RevisionId|Description|LastModified|State|StateReason.*|LastUpdateStatus.*)$/;

export const qualifiedLatest = ({ arn, latest }: FunctionRow): Configuration => ({
  ...latest.configuration,
  FunctionArn: `${arn}:${latestVersion}`,
});

export const listVersionsByFunction: Handler<'ListVersionsByFunction'> = (
  { FunctionName, Marker, MaxItems },
  context,
) => {
  const row = requireFunction(context, FunctionName);
  const published = context.store.table(versions).by('function', row.name);
  const all = [qualifiedLatest(row), ...published.map(({ configuration }) => configuration)];
  const { items, nextToken } = page(all, { token: Marker, size: Math.min(MaxItems ?? 50, 50), invalid: invalidMarker });
  return { Versions: items, ...(nextToken ? { NextMarker: nextToken } : {}) };
};

export const createAlias: Handler<'CreateAlias'> = (input, context) => {
  const row = requireFunction(context, input.FunctionName);
  if (/^\d+$/.test(input.Name))
    throw invalidParameter(`Value '${input.Name}' at 'name' failed to satisfy constraint: an alias cannot be a number`);
  if (findAlias(context, row.name, input.Name)) throw conflict(`Alias already exists: ${row.arn}:${input.Name}`);
  return shownAlias(putAlias(context, row, input));
};

export const updateAlias: Handler<'UpdateAlias'> = (input, context) => {
  const row = requireFunction(context, input.FunctionName);
  const known = requireAlias(context, row, input.Name);
  checkRevision(known, input.RevisionId);
  return shownAlias(
    putAlias(context, row, {
      Name: input.Name,
      FunctionVersion: input.FunctionVersion ?? known.FunctionVersion,
      Description: input.Description ?? known.Description,
      RoutingConfig: input.RoutingConfig ?? known.RoutingConfig,
    }),
  );
};

function putAlias(context: Context, row: FunctionRow, alias: Omit<In<'CreateAlias'>, 'FunctionName'>): Alias {
  const { Name, FunctionVersion, Description = '', RoutingConfig } = alias;
  requireVersion(context, row, FunctionVersion, `${row.arn}:${FunctionVersion}`);
  const weights = RoutingConfig?.AdditionalVersionWeights ?? {};
  for (const [version, weight] of Object.entries(weights)) {
    requireVersion(context, row, version, `${row.arn}:${version}`);
    if (!(weight >= 0 && weight <= 1))
      throw invalidParameter(`The weight of version ${version} must be between 0.0 and 1.0.`);
  }
  return context.store.table(aliases).put(qualifiedKey(row.name, Name), {
    functionName: row.name,
    AliasArn: `${row.arn}:${Name}`,
    Name,
    FunctionVersion,
    Description,
    RevisionId: context.ids.uuid('lambda/revision'),
    ...(Object.keys(weights).length > 0 ? { RoutingConfig: { AdditionalVersionWeights: weights } } : {}),
  });
}

const shownAlias = ({ functionName: _, ...alias }: Alias) => alias;

function requireAlias(context: Context, row: FunctionRow, name: string): Alias {
  const alias = findAlias(context, row.name, name);
  if (!alias) throw notFound(`Cannot find alias arn: ${row.arn}:${name}`);
  return alias;
}

export const getAlias: Handler<'GetAlias'> = ({ FunctionName, Name }, context) =>
  shownAlias(requireAlias(context, requireFunction(context, FunctionName), Name));

export const listAliases: Handler<'ListAliases'> = ({ FunctionName, FunctionVersion, Marker, MaxItems }, context) => {
  const { name } = requireFunction(context, FunctionName);
  const all = context.store
    .table(aliases)
    .by('function', name)
    .filter((alias) => !FunctionVersion || alias.FunctionVersion === FunctionVersion);
  const { items, nextToken } = page(all, { token: Marker, size: Math.min(MaxItems ?? 50, 50), invalid: invalidMarker });
  return { Aliases: items.map(shownAlias), ...(nextToken ? { NextMarker: nextToken } : {}) };
};

export const deleteAlias: Handler<'DeleteAlias'> = ({ FunctionName, Name }, context) => {
  const { name } = requireFunction(context, FunctionName);
  for (const table of [aliases, policies, invokeConfigs])
    context.store.table(table as typeof aliases).delete(qualifiedKey(name, Name));
  return {};
};
