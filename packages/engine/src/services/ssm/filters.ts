import type { ParameterStringFilter } from '@aws-sdk/client-ssm';
import { invalidFilterKey, invalidFilterOption, invalidFilterValue } from './errors.ts';
import { latest, type Parameter } from './model.ts';

type Test = (value: string, wanted: string) => boolean;

const options: Readonly<Record<string, Test>> = {
  Equals: (value, wanted) => value === wanted,
  BeginsWith: (value, wanted) => value.startsWith(wanted),
  Contains: (value, wanted) => value.includes(wanted),
};

/** What a parameter has under a filter's key. */
const valuesOf: Readonly<Record<string, (parameter: Parameter) => readonly string[]>> = {
  Name: ({ name }) => [name],
  Type: (parameter) => [latest(parameter).type],
  KeyId: (parameter) => [latest(parameter).keyId ?? []].flat(),
  Tier: (parameter) => [latest(parameter).tier],
  DataType: (parameter) => [latest(parameter).dataType],
  Label: ({ versions }) => versions.flatMap(({ labels }) => labels),
};

/** Whether a parameter passes all of the filters; within a filter one value is enough. */
export function passes(
  parameter: Parameter,
  filters: readonly ParameterStringFilter[],
  allowedKeys: readonly string[],
): boolean {
  return filters.every((filter) => passesOne(parameter, filter, allowedKeys));
}

function passesOne(
  parameter: Parameter,
  { Key: key = '', Option: option, Values: values = [] }: ParameterStringFilter,
  allowedKeys: readonly string[],
): boolean {
  if (key.startsWith('tag:')) return passesTag(parameter, key.slice(4), values);
  if (!allowedKeys.includes(key)) throw invalidFilterKey(key, allowedKeys);
  if (values.length === 0) throw invalidFilterValue(key);
  if (key === 'Path') return values.some((path) => isUnder(parameter.name, path, option === 'Recursive'));
  const test = options[option ?? 'Equals'];
  if (!test) throw invalidFilterOption(option ?? '', Object.keys(options));
  return (valuesOf[key]?.(parameter) ?? []).some((value) => values.some((wanted) => test(value, wanted)));
}

const passesTag = ({ tags }: Parameter, key: string, values: readonly string[]): boolean =>
  tags.some((tag) => tag.Key === key && (values.length === 0 || values.includes(tag.Value ?? '')));

/** Whether a name is in a path: right below it, or anywhere below. */
export function isUnder(name: string, path: string, recursive: boolean): boolean {
  const prefix = path.endsWith('/') ? path : `${path}/`;
  if (!name.startsWith(prefix)) return prefix === '/' && !name.includes('/');
  return recursive || !name.slice(prefix.length).includes('/');
}
