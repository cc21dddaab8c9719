import type { Context } from '../../../kernel/context.ts';
import type { Handler } from '../../../kernel/operation.ts';
import { page } from '../../../kernel/page.ts';
import { invalidNextToken, invalidValue } from '../errors.ts';
import { type Metric, metricNameKey, metrics } from '../model.ts';

type Sdk = typeof import('@aws-sdk/client-cloudwatch');

/** A metric is listed for two weeks after its last data point. */
const listed_ms = 14 * 24 * 3_600_000;
const recent_ms = 3 * 3_600_000;
const pageSize = 500;

export const listMetrics: Handler<Sdk, 'ListMetrics', Context> = (input, { store, now }) => {
  if (input.RecentlyActive !== undefined && input.RecentlyActive !== 'PT3H')
    throw invalidValue(`The value ${input.RecentlyActive} for parameter RecentlyActive is invalid.`);
  const since = now - (input.RecentlyActive ? recent_ms : listed_ms);
  const wanted = input.Dimensions ?? [];
  const found = candidates(store, input).filter(
    (metric) =>
      metric.last >= since &&
      wanted.every(({ Name, Value }) =>
        metric.dimensions.some((own) => own.Name === Name && (Value === undefined || own.Value === Value)),
      ),
  );
  const { items, nextToken } = page(found, { token: input.NextToken, size: pageSize, invalid: invalidNextToken });
  return {
    Metrics: items.map(({ namespace, name, dimensions }) => ({
      Namespace: namespace,
      MetricName: name,
      Dimensions: [...dimensions],
    })),
    NextToken: nextToken,
  };
};

function candidates(
  store: Context['store'],
  { Namespace, MetricName }: { readonly Namespace?: string | undefined; readonly MetricName?: string | undefined },
): Metric[] {
  const table = store.table(metrics);
  if (Namespace && MetricName) return table.by('name', metricNameKey(Namespace, MetricName));
  const all = Namespace ? table.by('namespace', Namespace) : table.list();
  return MetricName ? all.filter(({ name }) => name === MetricName) : all;
}
