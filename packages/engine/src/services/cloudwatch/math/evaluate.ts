import type { Expression } from './expression.ts';
import { functions } from './functions.ts';
import { applyIf, applyOperator } from './operators.ts';
import { each, type Grid, list, MathError, mapSeries, type Series, scalar, type Value } from './series.ts';

/** What an expression can look at: the other queries of its request, and the metrics. */
export interface Surroundings {
  readonly grid: Grid;
  /** The result of another query, by its id. */
  query(id: string): Value | undefined;
  /** The metrics of the request (not its expressions), those whose id contains `part`. */
  metrics(part: string): readonly Series[];
  /** Seconds; the period of a metric of the request. */
  period(id: string): number | undefined;
  search(expression: string, statistic: string, period_s: number): readonly Series[];
}

const words = new Set(['REPEAT', 'LINEAR', 'AVG', 'MIN', 'MAX', 'SUM', 'ASC', 'DESC']);

export function evaluate(expression: Expression, around: Surroundings): Value {
  switch (expression.is) {
    case 'number':
      return scalar(expression.value);
    case 'text':
      return { is: 'text', text: expression.value };
    case 'name':
      return named(expression.name, around);
    case 'list':
      return list(expression.items.flatMap((item) => seriesOf(evaluate(item, around))));
    case 'negative':
      return negated(evaluate(expression.of, around));
    case 'binary':
      return applyOperator(expression.operator, evaluate(expression.left, around), evaluate(expression.right, around));
    case 'call':
      return called(expression.name, expression.arguments, around);
  }
}

function named(name: string, around: Surroundings): Value {
  const value = around.query(name);
  if (value) return value;
  if (words.has(name)) return { is: 'text', text: name };
  throw new MathError(`there is no query with the id ${name}`);
}

function negated(value: Value): Value {
  if (value.is === 'scalar') return scalar(-value.value);
  return each(value, '-', (one) => mapSeries(one, (number) => -number));
}

function seriesOf(value: Value): readonly Series[] {
  if (value.is === 'series') return [value.series];
  if (value.is === 'list') return value.list;
  throw new MathError('an array takes time series');
}

function called(name: string, given: readonly Expression[], around: Surroundings): Value {
  if (name === 'METRICS') return list(around.metrics(given[0] ? textOf(given[0], name) : ''));
  if (name === 'PERIOD') return periodOf(given[0], around);
  if (name === 'SEARCH') return searched(given, around);
  const values = given.map((argument) => evaluate(argument, around));
  if (name === 'IF') {
    const [condition, then, otherwise] = values;
    if (!condition || !then || values.length > 3) throw new MathError('IF takes two or three arguments');
    return applyIf(condition, then, otherwise);
  }
  const known = functions[name];
  if (!known) throw new MathError(`the function ${name} is not known`);
  return known(values, around.grid);
}

function periodOf(argument: Expression | undefined, around: Surroundings): Value {
  const period_s = argument?.is === 'name' ? around.period(argument.name) : undefined;
  if (period_s === undefined) throw new MathError('PERIOD takes the id of a metric');
  return scalar(period_s);
}

function searched([expression, statistic, period]: readonly Expression[], around: Surroundings): Value {
  if (!expression || !statistic) throw new MathError('SEARCH takes an expression and a statistic');
  const period_s = period?.is === 'number' ? period.value : around.grid.period_s;
  return list(around.search(textOf(expression, 'SEARCH'), textOf(statistic, 'SEARCH'), period_s));
}

function textOf(expression: Expression, name: string): string {
  if (expression.is !== 'text') throw new MathError(`${name} takes text in quotes`);
  return expression.value;
}
