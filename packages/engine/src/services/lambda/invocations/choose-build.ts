import type { Context } from '../../../kernel/context.ts';
import { conflict } from '../errors.ts';
import { findAlias, requireVersion } from '../function-name.ts';
import { type Alias, type Build, type FunctionRow, latestVersion } from '../model.ts';

/** The build that runs for a qualifier: what is in place of `$LATEST`, a version, or one of those that an alias leads to, drawn by its weights. */
export function chooseBuild(context: Context, row: FunctionRow, qualifier: string | undefined): Build {
  const alias = qualifier ? findAlias(context, row.name, qualifier) : undefined;
  const version = alias ? drawVersion(context, alias) : (qualifier ?? latestVersion);
  if (version !== latestVersion) return requireVersion(context, row, version, `${row.arn}:${version}`);
  if (!row.serving)
    throw conflict(
      `The operation cannot be performed at this time. The function is currently in the following state: ${row.latest.configuration.State}`,
    );
  return row.serving;
}

function drawVersion({ ids }: Context, alias: Alias): string {
  let drawn = ids.random('lambda/alias');
  for (const [version, weight] of Object.entries(alias.RoutingConfig?.AdditionalVersionWeights ?? {})) {
    drawn -= weight;
    if (drawn < 0) return version;
  }
  return alias.FunctionVersion;
}
