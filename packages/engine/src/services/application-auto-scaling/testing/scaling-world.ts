import type { Caller } from '../../../kernel/caller.ts';
import { watch } from '../../../kernel/controller.ts';
import { defineService, type Service } from '../../../kernel/service.ts';
import { table } from '../../../kernel/store.ts';
import { type Lab, startLab } from '../../../testing/lab.ts';
import { cloudWatch } from '../../cloudwatch/index.ts';
import { applicationAutoScaling } from '../index.ts';

interface Row {
  readonly desired: number;
  readonly running: number;
  readonly isDeploying: boolean;
  readonly changedAt: number;
}
const rows = table<Row>('test/ecs-services');
const startsAfter_ms = 30_000;

/** A service that runs what is wanted half a minute later, and writes down who asked for what. */
export const standInEcs = (asked: { desired: number; caller: Caller }[]): Service =>
  defineService('ecs', {
    operations: {
      DescribeServices(_, { store }) {
        const row = store.table(rows).get('web');
        if (!row) return { services: [] };
        const deployments = [{ rolloutState: row.isDeploying ? ('IN_PROGRESS' as const) : ('COMPLETED' as const) }];
        return { services: [{ status: 'ACTIVE', desiredCount: row.desired, runningCount: row.running, deployments }] };
      },
      UpdateService({ desiredCount = 0 }, { store, now, caller }) {
        asked.push({ desired: desiredCount, caller });
        const row = store.table(rows).get('web');
        if (row) store.table(rows).put('web', { ...row, desired: desiredCount, changedAt: now });
        return {};
      },
    },
    controllers: [
      {
        name: 'ecs/stand-in',
        watches: [watch(rows, (_, id) => id)],
        reconcile(id, { store, now }) {
          const row = store.table(rows).get(id);
          if (!row || row.running === row.desired) return undefined;
          if (now < row.changedAt + startsAfter_ms) return row.changedAt + startsAfter_ms;
          store.table(rows).put(id, { ...row, running: row.desired });
          return undefined;
        },
      },
    ],
  });

export const ResourceId = 'service/main/web';
export const key = { ServiceNamespace: 'ecs', ResourceId, ScalableDimension: 'ecs:service:DesiredCount' } as const;

/** A service `main/web` under Application Auto Scaling, and a metric `App Load`. */
export interface World {
  readonly lab: Lab;
  readonly asked: { desired: number; caller: Caller }[];
  put(changes: Partial<Row>): void;
  desired(): number;
  running(): number;
  /** Publishes a metric each minute, of a load that the running tasks share. */
  load(total: number | undefined, minutes: number): void;
}

export function startWorld(desired: number, bounds = { MinCapacity: 1, MaxCapacity: 6 }): World {
  const asked: World['asked'] = [];
  const lab = startLab({ services: () => [cloudWatch(), applicationAutoScaling(), standInEcs(asked)] });
  const row = () => lab.context.store.table(rows).get('web') as Row;
  const put = (changes: Partial<Row>) =>
    lab.kernel.turn(() => {
      const base = lab.context.store.table(rows).get('web') ?? { desired, running: desired, isDeploying: false };
      lab.context.store.table(rows).put('web', { changedAt: lab.clock.now(), ...base, ...changes });
    });
  put({});
  lab.applicationAutoScaling.registerScalableTarget({ ...key, ...bounds });
  return {
    lab,
    asked,
    put,
    desired: () => row().desired,
    running: () => row().running,
    load(total, minutes) {
      for (let minute = 0; minute < minutes; minute++) {
        const Value = total === undefined ? undefined : total / Math.max(1, row().running);
        if (Value !== undefined)
          lab.cloudWatch.putMetricData({ Namespace: 'App', MetricData: [{ MetricName: 'Load', Value }] });
        lab.advance('60s');
      }
    },
  };
}
