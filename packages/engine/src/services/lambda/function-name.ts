import type { Context } from '../../kernel/context.ts';
import { functionNotFound, invalidParameter, notFound } from './errors.ts';
import {
  type Alias,
  aliases,
  type Build,
  type FunctionRow,
  functionArn,
  functions,
  latestVersion,
  qualifiedKey,
  versions,
} from './model.ts';

/** A function as a request names it. */
export interface FunctionName {
  readonly name: string;
  readonly qualifier?: string;
}

/** `name`, `account:function:name` or the whole ARN, each with or without `:qualifier` (https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html). */
export function parseFunctionName(text: string, qualifier?: string): FunctionName {
  const [, name, own] =
    /^(?:(?:arn:aws[\w-]*:lambda:)?(?:[a-z]{2}(?:-[a-z]+)+-\d:)?(?:\d{12}:)?function:)?([\w-]{1,140})(?::(\$LATEST|[\w-]+))?$/.exec(
      text,
    ) ?? [];
  if (!name)
    throw invalidParameter(
      `1 validation error detected: Value '${text}' at 'functionName' failed to satisfy constraint: Member must satisfy regular expression pattern: (arn:(aws[a-zA-Z-]*)?:lambda:)?([a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\\d{1}:)?(\\d{12}:)?(function:)?([a-zA-Z0-9-_]+)(:(\\$LATEST|[a-zA-Z0-9-_]+))?`,
    );
  if (own && qualifier && own !== qualifier)
    throw invalidParameter('The derived qualifier from the function name does not match the specified qualifier.');
  const wanted = own ?? qualifier;
  return wanted ? { name, qualifier: wanted } : { name };
}

export function requireFunction(context: Context, text: string): FunctionRow {
  const { name } = parseFunctionName(text);
  const row = context.store.table(functions).get(name);
  if (!row) throw functionNotFound(functionArn(context, name));
  return row;
}

export const findAlias = ({ store }: Context, name: string, alias: string): Alias | undefined =>
  store.table(aliases).get(qualifiedKey(name, alias));

/** A function with the build that a qualifier names: `$LATEST` as it is shown, a version, or what an alias points to. */
export interface Qualified extends Build {
  readonly row: FunctionRow;
  readonly qualifier?: string;
  /** With the qualifier, where one was given. */
  readonly arn: string;
}

export function requireQualified(context: Context, text: string, given?: string): Qualified {
  const { name, qualifier } = parseFunctionName(text, given);
  const arn = functionArn(context, name) + (qualifier ? `:${qualifier}` : '');
  const row = context.store.table(functions).get(name);
  if (!row) throw functionNotFound(arn);
  if (!qualifier) return { row, arn, ...row.latest };
  const version = findAlias(context, name, qualifier)?.FunctionVersion ?? qualifier;
  return { row, arn, qualifier, ...requireVersion(context, row, version, arn) };
}

export function requireVersion(context: Context, row: FunctionRow, version: string, arn: string): Build {
  const build =
    version === latestVersion ? row.latest : context.store.table(versions).get(qualifiedKey(row.name, version));
  if (!build) throw functionNotFound(arn);
  return build;
}

/** Checks that a qualifier, where one is given, names something. */
export function requireQualifier(context: Context, { name, qualifier }: FunctionName): string {
  requireFunction(context, name);
  if (!qualifier || qualifier === latestVersion) return latestVersion;
  if (findAlias(context, name, qualifier)) return qualifier;
  if (context.store.table(versions).get(qualifiedKey(name, qualifier))) return qualifier;
  throw notFound(`Function not found: ${functionArn(context, name)}:${qualifier}`);
}
