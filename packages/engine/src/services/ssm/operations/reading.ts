import type * as Shapes from '@aws-sdk/client-ssm';
import { invalidPath, tooMany, versionNotFound } from '../errors.ts';
import { isUnder, passes } from '../filters.ts';
import { latest, type Parameter, type ParameterVersion, parameters } from '../model.ts';
import { pageOf } from '../pages.ts';
import { parseReference } from '../parameter-name.ts';
import { publicParameter } from '../public-parameters.ts';
import { type Op, requireParameter } from './parameters.ts';

export const getParameter: Op<'GetParameter'> = ({ Name, WithDecryption = false }, context) => {
  const known = publicParameter(Name, context);
  if (known) return { Parameter: known };
  const parameter = requireParameter(context, Name);
  const version = findVersion(parameter, Name);
  if (!version) throw versionNotFound(parameter.name, parseReference(Name).selector?.slice(1) ?? '');
  return { Parameter: parameterShape(parameter, version, { reference: Name, decrypt: WithDecryption }) };
};

/** Names that are not there are told, not refused. */
export const getParameters: Op<'GetParameters'> = ({ Names, WithDecryption = false }, context) => {
  if (Names.length > 10) throw tooMany('names', 10);
  const found: Shapes.Parameter[] = [];
  const invalid: string[] = [];
  for (const reference of new Set(Names)) {
    const known = publicParameter(reference, context);
    if (known) {
      found.push(known);
      continue;
    }
    const parameter = context.store.table(parameters).get(parseReference(reference).name);
    const version = parameter && findVersion(parameter, reference);
    if (parameter && version) found.push(parameterShape(parameter, version, { reference, decrypt: WithDecryption }));
    else invalid.push(reference);
  }
  return { Parameters: found, InvalidParameters: invalid };
};

const pathFilterKeys = ['Type', 'KeyId', 'Label', 'DataType'];

export const getParametersByPath: Op<'GetParametersByPath'> = (input, { store }) => {
  const { Path, Recursive = false, ParameterFilters = [], WithDecryption = false, MaxResults = 10, NextToken } = input;
  if (!Path.startsWith('/') || /[^\w.\-/]/.test(Path) || Path.includes('//')) throw invalidPath();
  const matching = sorted(
    store
      .table(parameters)
      .list(({ name }) => isUnder(name, Path, Recursive))
      .filter((parameter) => passes(parameter, ParameterFilters, pathFilterKeys)),
  );
  const { items, next } = pageOf(matching, { nextToken: NextToken, size: MaxResults, max: 10 });
  return {
    Parameters: items.map((parameter) =>
      parameterShape(parameter, latest(parameter), { reference: parameter.name, decrypt: WithDecryption }),
    ),
    ...next,
  };
};

export const getParameterHistory: Op<'GetParameterHistory'> = (input, context) => {
  const { Name, WithDecryption = false, MaxResults, NextToken } = input;
  const parameter = requireParameter(context, Name);
  const { items, next } = pageOf(parameter.versions, { nextToken: NextToken, size: MaxResults });
  return {
    Parameters: items.map((version) => ({
      ...metadataShape(parameter, version),
      Value: shownValue(version, WithDecryption),
      Labels: [...version.labels],
    })),
    ...next,
  };
};

const describeFilterKeys = ['Name', 'Type', 'KeyId', 'Path', 'Label', 'Tier', 'DataType'];

export const describeParameters: Op<'DescribeParameters'> = (input, { store }) => {
  // The older kind of filter means the beginning of a name, else equality.
  const older = (input.Filters ?? []).map(({ Key, Values }) => ({
    Key,
    Values,
    Option: Key === 'Name' ? 'BeginsWith' : 'Equals',
  }));
  const filters = [...(input.ParameterFilters ?? []), ...older];
  const matching = sorted(store.table(parameters).list((parameter) => passes(parameter, filters, describeFilterKeys)));
  const { items, next } = pageOf(matching, { nextToken: input.NextToken, size: input.MaxResults });
  return {
    Parameters: items.map((parameter) => ({
      ...metadataShape(parameter, latest(parameter)),
      ARN: parameter.arn,
    })),
    ...next,
  };
};

const sorted = (found: Parameter[]): Parameter[] => found.sort((a, b) => (a.name < b.name ? -1 : 1));

function findVersion({ versions }: Parameter, reference: string): ParameterVersion | undefined {
  const { version, label, selector } = parseReference(reference);
  if (selector === undefined) return versions.at(-1);
  return versions.find((each) =>
    version === undefined ? each.labels.includes(label ?? '') : each.version === version,
  );
}

function parameterShape(
  { name, arn }: Parameter,
  version: ParameterVersion,
  { reference, decrypt }: { readonly reference: string; readonly decrypt: boolean },
): Shapes.Parameter {
  const { selector } = parseReference(reference);
  return {
    Name: name,
    Type: version.type,
    Value: shownValue(version, decrypt),
    Version: version.version,
    ...(selector ? { Selector: selector } : {}),
    LastModifiedDate: version.modifiedAt,
    ARN: arn,
    DataType: version.dataType,
  };
}

const metadataShape = ({ name }: Parameter, version: ParameterVersion) => ({
  Name: name,
  Type: version.type,
  ...(version.keyId ? { KeyId: version.keyId } : {}),
  LastModifiedDate: version.modifiedAt,
  LastModifiedUser: version.modifiedBy,
  ...(version.description !== undefined ? { Description: version.description } : {}),
  ...(version.allowedPattern ? { AllowedPattern: version.allowedPattern } : {}),
  Version: version.version,
  Tier: version.tier,
  Policies: [],
  DataType: version.dataType,
});

/** A SecureString that is not to be decrypted comes as an opaque text; without a KMS it is only encoded, which the README says. */
const shownValue = ({ type, keyId, value }: ParameterVersion, decrypt: boolean): string =>
  type === 'SecureString' && !decrypt ? Buffer.from(`${keyId}:${value}`).toString('base64') : value;
