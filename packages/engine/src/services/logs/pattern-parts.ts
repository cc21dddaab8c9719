import { AwsError } from '../../kernel/aws-error.ts';

/** Whether a message passes; with the fields that a pattern pulled out of it, by their name, for metric filters (`$.latency`, `$status`). */
export type Match = (message: string) => { readonly fields: Readonly<Record<string, unknown>> } | undefined;

export const invalidPattern = (why: string) =>
  new AwsError('InvalidParameterException', `Invalid filter pattern: ${why}`);

export function regularExpression(expression: string): (text: string) => boolean {
  try {
    const compiled = new RegExp(expression);
    return (text) => compiled.test(text);
  } catch {
    throw invalidPattern(`%${expression}% is no regular expression`);
  }
}

export const comparisons: Readonly<Record<string, (a: number, b: number) => boolean>> = {
  '<': (a, b) => a < b,
  '>': (a, b) => a > b,
  '<=': (a, b) => a <= b,
  '>=': (a, b) => a >= b,
};

/** A text in which `*` stands for anything. */
export function wildcard(text: string): (value: string) => boolean {
  const expression = new RegExp(`^${text.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*')}$`, 's');
  return (value) => expression.test(value);
}
