import type { StandardUnit } from '@aws-sdk/client-cloudwatch';
import { invalidValue, missingParameter, validationError } from '../errors.ts';
import type { Dimension } from '../model.ts';

const prefixes = ['', 'Kilo', 'Mega', 'Giga', 'Tera'];
const amounts = [...prefixes, ''].flatMap((prefix) =>
  prefix === '' ? ['Bytes', 'Bits'] : [`${prefix}bytes`, `${prefix}bits`],
);
/** CloudWatch's units. */
export const units: ReadonlySet<string> = new Set([
  ...['Seconds', 'Microseconds', 'Milliseconds', 'Percent', 'Count', 'Count/Second', 'None'],
  ...amounts,
  ...amounts.map((amount) => `${amount}/Second`),
]);

export function requireUnit(unit: string | undefined, path: string): StandardUnit | undefined {
  if (unit !== undefined && !units.has(unit))
    throw invalidValue(`The value ${unit} for parameter ${path}.Unit is invalid.`);
  return unit as StandardUnit | undefined;
}

const dimensions_max = 30;
export const hasControlCharacter = /\p{Cc}/u;

export function requireDimensions(
  dimensions: readonly { readonly Name?: string | undefined; readonly Value?: string | undefined }[] | undefined,
  path: string,
): Dimension[] {
  if (!dimensions) return [];
  if (dimensions.length > dimensions_max)
    throw invalidValue(`The collection ${path}.Dimensions must not have a size greater than ${dimensions_max}.`);
  const checked = dimensions.map(({ Name, Value }, index) => {
    const place = `${path}.Dimensions.member.${index + 1}`;
    if (!Name) throw missingParameter(`${place}.Name`);
    if (!Value) throw missingParameter(`${place}.Value`);
    if (hasControlCharacter.test(Value))
      throw invalidValue(`The value of parameter ${place}.Value has control characters.`);
    if (Name.startsWith(':') || hasControlCharacter.test(Name))
      throw invalidValue(`The value ${Name} for parameter ${place}.Name is invalid.`);
    return { Name, Value };
  });
  if (checked.some(({ Name }, index) => checked.findIndex((other) => other.Name === Name) < index))
    throw invalidValue(`The collection ${path}.Dimensions must not contain a dimension name more than once.`);
  return checked;
}

/** Seconds: 1, 5, 10, 20, 30 or a multiple of 60. */
export function requirePeriod(period: number, path: string): number {
  if (![1, 5, 10, 20, 30].includes(period) && (period < 60 || period % 60 !== 0))
    throw validationError(
      `Period must be 1, 5, 10, 20, 30 or a multiple of 60; the value ${period} for parameter ${path} is invalid.`,
    );
  return period;
}

/** The start of a request's first period: CloudWatch rounds it down to the minute, or to the period where that is shorter. */
export function roundStart(start: number, period_s: number): number {
  const step_ms = Math.min(period_s, 60) * 1000;
  return Math.floor(start / step_ms) * step_ms;
}
