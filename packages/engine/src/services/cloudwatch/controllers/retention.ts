import { type Controller, watch } from '../../../kernel/controller.ts';
import { pruneMetric, retention_ms } from '../metrics/metric-store.ts';
import { metrics } from '../model.ts';

const day_ms = 86_400_000;

/** Forgets the data points of each metric that are past their time, at midnight. */
export const retentionController: Controller = {
  name: 'cloudWatch/retention',
  watches: [watch(metrics, ({ id }) => id)],
  reconcile(id, { store, now }) {
    const metric = store.table(metrics).get(id);
    if (metric) pruneMetric(store, metric, now);
    const left = store.table(metrics).get(id);
    return left && Math.ceil((left.first + retention_ms + 1) / day_ms) * day_ms;
  },
};
