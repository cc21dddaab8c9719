import type { Operator } from './expression.ts';
import { finite, list, MathError, type Series, scalar, type Value } from './series.ts';

const truth = (is: boolean) => (is ? 1 : 0);
const operations: Readonly<Record<Operator, (a: number, b: number) => number>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
  '^': (a, b) => a ** b,
  '==': (a, b) => truth(a === b),
  '!=': (a, b) => truth(a !== b),
  '<=': (a, b) => truth(a <= b),
  '>=': (a, b) => truth(a >= b),
  '<': (a, b) => truth(a < b),
  '>': (a, b) => truth(a > b),
  AND: (a, b) => truth(a !== 0 && b !== 0),
  OR: (a, b) => truth(a !== 0 || b !== 0),
};

/** Applies an operator. Between two series a missing value counts as 0, and where both are missing there is no point. */
export function applyOperator(operator: Operator, left: Value, right: Value): Value {
  const operation = operations[operator];
  if (left.is === 'text' || right.is === 'text') throw new MathError(`${operator} takes no text`);
  if (left.is === 'scalar' && right.is === 'scalar') return scalar(operation(left.value, right.value));
  if (left.is === 'list' && right.is === 'list') {
    if (left.list.length !== right.list.length)
      throw new MathError(
        `${operator} takes arrays of the same length, not of ${left.list.length} and ${right.list.length}`,
      );
    return list(left.list.map((one, index) => combine(operation, one, right.list[index] as Series)));
  }
  if (left.is === 'list') return list(left.list.map((one) => combine(operation, one, partOf(right))));
  if (right.is === 'list') return list(right.list.map((one) => combine(operation, partOf(left), one)));
  return { is: 'series', series: combine(operation, partOf(left), partOf(right)) };
}

function partOf(value: Value): Series | number {
  if (value.is === 'scalar') return value.value;
  if (value.is === 'series') return value.series;
  throw new MathError('an array of time series cannot be used here');
}

function combine(operation: (a: number, b: number) => number, left: Series | number, right: Series | number): Series {
  const template = typeof left === 'number' ? right : left;
  const { label, values } = template as Series;
  return {
    label,
    values: values.map((_, index) => {
      const a = typeof left === 'number' ? left : left.values[index];
      const b = typeof right === 'number' ? right : right.values[index];
      const hasPoint = (typeof left !== 'number' && a !== undefined) || (typeof right !== 'number' && b !== undefined);
      return hasPoint ? finite(operation(a ?? 0, b ?? 0)) : undefined;
    }),
  };
}

/** IF: for each point, or for all of them where the condition is one number. Two arguments drop the points where it does not hold. */
export function applyIf(condition: Value, then: Value, otherwise: Value | undefined): Value {
  const at = (value: Value | undefined, index: number): number | undefined => {
    if (value?.is === 'scalar') return value.value;
    return value?.is === 'series' ? value.series.values[index] : undefined;
  };
  for (const value of [condition, then, otherwise])
    if (value && value.is !== 'scalar' && value.is !== 'series')
      throw new MathError('IF takes time series and numbers');
  const shape = [condition, then, otherwise].find((value) => value?.is === 'series');
  if (shape?.is !== 'series') throw new MathError('IF needs at least one time series');
  const values = shape.series.values.map((_, index) => {
    const holds = at(condition, index);
    if (holds === undefined) return undefined;
    if (holds === 0) return at(otherwise, index);
    // Where the condition of a series holds but the other has no value, the point is 0, not missing.
    return at(then, index) ?? (condition.is === 'series' ? 0 : undefined);
  });
  return { is: 'series', series: { label: shape.series.label, values } };
}
