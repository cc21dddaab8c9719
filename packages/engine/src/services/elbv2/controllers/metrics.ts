import type { Counts } from '@rockpool/proxy';
import type { Context } from '../../../kernel/context.ts';
import { type Controller, watch } from '../../../kernel/controller.ts';
import { asService } from '../../../kernel/create-context.ts';
import { scopeKey } from '../../../kernel/scope.ts';
import type { DataPlane } from '../data-plane.ts';
import { balancersOf, listeners, loadBalancers, targetGroups, targets } from '../model.ts';
import { planMetrics } from './plan-metrics.ts';

const minute_ms = 60_000;
/** What PutMetricData takes at once. */
const batch_max = 1000;

/** Takes the data plane's counts each minute and gives them to CloudWatch. Counts are taken once for all scopes. */
export class Metrics {
  readonly #dataPlane: DataPlane;
  readonly #scopes = new Map<string, Context>();
  #minute = -1;

  constructor(dataPlane: DataPlane) {
    this.#dataPlane = dataPlane;
  }

  readonly controller: Controller = {
    name: 'elbv2/metrics',
    watches: [watch(loadBalancers, () => 'counts')],
    reconcile: (_, context) => {
      if (context.store.table(loadBalancers).list().length === 0) {
        this.#scopes.delete(scopeKey(context.scope));
        return undefined;
      }
      this.#scopes.set(scopeKey(context.scope), context);
      const minute = Math.floor(context.now / minute_ms);
      if (this.#minute >= 0 && minute > this.#minute) context.after(() => this.#take());
      this.#minute = Math.max(this.#minute, minute);
      return (minute + 1) * minute_ms;
    },
  };

  #take(): void {
    this.#dataPlane.takeCounts((counts) => {
      for (const context of this.#scopes.values()) context.report((turn) => publish(counts, turn));
    });
  }
}

function publish(counts: Counts, context: Context): void {
  const { store } = context;
  const groups = store
    .table(targetGroups)
    .list()
    .map(({ TargetGroupArn }) => ({
      arn: TargetGroupArn,
      balancers: balancersOf(context, TargetGroupArn),
      targets: store.table(targets).by('group', TargetGroupArn),
    }));
  for (const { LoadBalancerArn } of store.table(loadBalancers).list()) {
    const own = new Set(
      store
        .table(listeners)
        .by('loadBalancer', LoadBalancerArn)
        .map((listener) => listener.ListenerArn),
    );
    const data = planMetrics(LoadBalancerArn, own, groups, counts);
    for (let from = 0; from < data.length; from += batch_max)
      asService(context, 'elbv2').cloudWatch.putMetricData({
        Namespace: 'AWS/ApplicationELB',
        MetricData: data.slice(from, from + batch_max),
      });
  }
}
