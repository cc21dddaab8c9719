import type { MetricDataQuery } from '@aws-sdk/client-cloudwatch';
import type { ScopedStore } from '../../../kernel/store.ts';
import { validationError } from '../errors.ts';
import { evaluate, type Surroundings } from '../math/evaluate.ts';
import { callsIn, type Expression, namesIn, parseExpression } from '../math/expression.ts';
import { matchesSearch, parseSearch } from '../math/search.ts';
import { type Grid, MathError, type Series, type Value } from '../math/series.ts';
import { type Dimension, type Metric, metricId, metrics } from '../model.ts';
import { readPeriods } from './metric-store.ts';
import type { Sample } from './sample.ts';
import { findStatistic } from './statistic.ts';

/** The result of one query, on the points of time it was evaluated at. */
export interface QueryResult {
  readonly grid: Grid;
  readonly value: Value;
}

/** A search finds at most this many metrics. */
const searched_max = 500;
/** Seconds; of a search that nothing gives a period. */
const searchPeriod_s = 300;

/** Answers queries of one request, each when it is first asked for; expressions may name other queries by their ids. */
export class MetricQueries {
  readonly #store: ScopedStore;
  readonly #gridOf: (period_s: number) => Grid;
  readonly #queries: ReadonlyMap<string, MetricDataQuery>;
  readonly #expressions = new Map<string, Expression>();
  readonly #results = new Map<string, Value>();
  readonly #running = new Set<string>();

  constructor(store: ScopedStore, queries: readonly MetricDataQuery[], gridOf: (period_s: number) => Grid) {
    this.#store = store;
    this.#gridOf = gridOf;
    this.#queries = new Map(queries.map((query) => [query.Id ?? '', query]));
    for (const { Id = '', Expression: source } of queries)
      if (source !== undefined)
        this.#expressions.set(
          Id,
          inExpression(Id, () => parseExpression(source)),
        );
  }

  result(id: string): QueryResult {
    const grid = this.#gridOf(this.periodOf(id));
    return { grid, value: this.#value(id, grid) };
  }

  /** Seconds: a metric's own; an expression's if it has one, else the longest of the metrics it is made of. */
  periodOf(id: string, from: readonly string[] = []): number {
    const query = this.#queries.get(id);
    if (query?.MetricStat) return query.MetricStat.Period ?? 60;
    if (query?.Period) return query.Period;
    const expression = this.#expressions.get(id);
    if (!expression || from.includes(id)) return 0;
    const parts = callsIn(expression).includes('METRICS') ? [...this.#queries.keys()] : namesIn(expression);
    const periods = parts.filter((part) => part !== id).map((part) => this.periodOf(part, [...from, id]));
    return Math.max(0, ...periods) || searchPeriod_s;
  }

  /** One query at another's points of time. */
  #value(id: string, grid: Grid): Value {
    const key = `${id}@${grid.period_s}`;
    const known = this.#results.get(key);
    if (known) return known;
    if (this.#running.has(id)) throw validationError(`Error in expression '${id}': it depends on itself`);
    this.#running.add(id);
    const value = this.#compute(id, grid);
    this.#running.delete(id);
    this.#results.set(key, value);
    return value;
  }

  #compute(id: string, grid: Grid): Value {
    const stat = this.#queries.get(id)?.MetricStat;
    if (stat) return { is: 'series', series: statSeries(this.#store, stat, grid, id) };
    const expression = this.#expressions.get(id);
    if (!expression) throw validationError(`The query ${id} has neither a MetricStat nor an Expression.`);
    return inExpression(id, () => evaluate(expression, this.#around(grid)));
  }

  #around(grid: Grid): Surroundings {
    return {
      grid,
      query: (id) => (this.#queries.has(id) ? this.#value(id, grid) : undefined),
      metrics: (part) =>
        [...this.#queries].flatMap(([id, { MetricStat }]) => {
          const value = MetricStat && id.includes(part) ? this.#value(id, grid) : undefined;
          return value?.is === 'series' ? [value.series] : [];
        }),
      period: (id) => this.#queries.get(id)?.MetricStat?.Period,
      search: (expression, statistic) => this.#search(expression, statistic, grid),
    };
  }

  #search(expression: string, statistic: string, grid: Grid): Series[] {
    const query = parseSearch(expression);
    const of = requireStatistic(statistic);
    const { schema } = query;
    const table = this.#store.table(metrics);
    const candidates = schema ? table.by('namespace', schema.namespace) : table.list();
    return candidates
      .filter((metric) => matchesSearch(query, metric))
      .slice(0, searched_max)
      .map((metric) => ({
        label: labelOf(metric),
        values: periods(this.#store, metric, grid).map((one) => one && of(one)),
      }));
  }
}

/** A metric that was found is told from the others by the values of its dimensions. */
const labelOf = ({ name, dimensions }: Metric): string => [...dimensions.map(({ Value }) => Value), name].join(' ');

function inExpression<T>(id: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof MathError || error instanceof SyntaxError)
      throw validationError(`Error in expression '${id}': ${error.message}`);
    throw error;
  }
}

function requireStatistic(name: string): (sample: Sample) => number | undefined {
  const statistic = findStatistic(name);
  if (!statistic) throw validationError(`The statistic ${name} is not valid.`);
  return statistic;
}

type MetricStat = NonNullable<MetricDataQuery['MetricStat']>;

/** The metric of a MetricStat, if it has data. */
export function findMetric(store: ScopedStore, { Metric: of }: MetricStat): Metric | undefined {
  const dimensions = (of?.Dimensions ?? []).map(({ Name = '', Value = '' }): Dimension => ({ Name, Value }));
  return store.table(metrics).get(metricId(of?.Namespace ?? '', of?.MetricName ?? '', dimensions));
}

function statSeries(store: ScopedStore, stat: MetricStat, grid: Grid, id: string): Series {
  const statistic = requireStatistic(stat.Stat ?? '');
  const values = periods(store, findMetric(store, stat), grid, stat.Unit).map((sample) => sample && statistic(sample));
  return { label: stat.Metric?.MetricName ?? id, values };
}

const periods = (store: ScopedStore, metric: Metric | undefined, { start, period_s, count }: Grid, unit?: string) =>
  readPeriods(store, metric, { start, period_ms: period_s * 1000, count, unit });

/** A result as series: one, or those of an array. A bare number is none. */
export function seriesOf(id: string, value: Value): readonly Series[] {
  if (value.is === 'series') return [value.series];
  if (value.is === 'list') return value.list;
  throw validationError(
    `Error in expression '${id}': The expression must return a time series or an array of time series`,
  );
}
