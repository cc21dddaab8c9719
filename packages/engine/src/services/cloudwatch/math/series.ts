/** Values at the points of time of one evaluation; a missing one is undefined. */
export interface Series {
  readonly label: string;
  readonly values: readonly (number | undefined)[];
}

/** What an expression's part comes to. */
export type Value =
  | { readonly is: 'scalar'; readonly value: number }
  | { readonly is: 'series'; readonly series: Series }
  | { readonly is: 'list'; readonly list: readonly Series[] }
  | { readonly is: 'text'; readonly text: string };

/** The points of time that an expression is evaluated at: epoch milliseconds, one a period. */
export interface Grid {
  readonly start: number;
  readonly period_s: number;
  readonly count: number;
}

export const timeAt = ({ start, period_s }: Grid, index: number): number => start + index * period_s * 1000;

export class MathError extends Error {}

export const scalar = (value: number): Value => ({ is: 'scalar', value });
export const series = (values: readonly (number | undefined)[], label = ''): Value => ({
  is: 'series',
  series: { label, values },
});
export const list = (all: readonly Series[]): Value => ({ is: 'list', list: all });

export const present = ({ values }: Series): number[] => values.filter((value) => value !== undefined);

/** A result that is no number is no data point: division by zero drops the point. */
export const finite = (value: number): number | undefined => (Number.isFinite(value) ? value : undefined);

export const mapSeries = (of: Series, change: (value: number, index: number) => number | undefined): Series => ({
  ...of,
  values: of.values.map((value, index) => (value === undefined ? undefined : change(value, index))),
});

/** Applies to a series, or to each of a list. */
export function each(value: Value, name: string, change: (of: Series) => Series): Value {
  if (value.is === 'series') return { is: 'series', series: change(value.series) };
  if (value.is === 'list') return list(value.list.map(change));
  throw new MathError(`${name} takes a time series or an array of them`);
}

/** One value for all of a series, or for each point of time of a list. */
export function fold(value: Value, name: string, grid: Grid, of: (values: number[], series: number) => number): Value {
  if (value.is === 'series') {
    const values = present(value.series);
    return scalar(values.length === 0 ? 0 : of(values, values.length));
  }
  if (value.is !== 'list') throw new MathError(`${name} takes a time series or an array of them`);
  const rows = Array.from({ length: grid.count }, (_, index) => {
    const values = value.list.flatMap((one) => one.values[index] ?? []);
    return values.length === 0 ? undefined : finite(of(values, value.list.length));
  });
  return series(rows, name);
}
