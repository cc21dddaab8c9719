import type { Context } from '../../../kernel/context.ts';
import { type Controller, watch } from '../../../kernel/controller.ts';
import { asService } from '../../../kernel/create-context.ts';
import { lastPart } from '../arns.ts';
import { type ServiceRow, services, type TaskRow, tasks } from '../model.ts';
import { type Agent, containerId, type Measured } from '../ports.ts';
import { type Utilization, utilizationOf } from './plan-usage.ts';

const minute_ms = 60_000;

/** Publishes what each service's tasks use, at every full minute. */
export const usageController = (agent: Agent): Controller => ({
  name: 'ecs/usage',
  watches: [watch(services, (row) => row.serviceArn)],
  reconcile(serviceArn, context) {
    const service = context.store.table(services).get(serviceArn);
    if (!service || service.status === 'INACTIVE') {
      agent.published.delete(serviceArn);
      return undefined;
    }
    const minute = Math.floor(context.now / minute_ms);
    const known = agent.published.get(serviceArn);
    if (known !== undefined && minute > known) publish(service, minute, context, agent);
    agent.published.set(serviceArn, minute);
    return (minute + 1) * minute_ms;
  },
});

function publish(service: ServiceRow, minute: number, context: Context, agent: Agent): void {
  const used = context.store
    .table(tasks)
    .by('service', service.serviceArn)
    .filter(({ task }) => task.lastStatus === 'RUNNING')
    .flatMap((row) => takeUsage(row, agent) ?? []);
  if (used.length === 0) return;
  const dimensions = [
    { Name: 'ClusterName', Value: lastPart(service.clusterArn) },
    { Name: 'ServiceName', Value: service.serviceName },
  ];
  const timestamp = new Date((minute - 1) * minute_ms);
  asService(context, 'ecs').cloudWatch.putMetricData({
    Namespace: 'AWS/ECS',
    MetricData: used.flatMap(({ cpu_percent, memory_percent }) =>
      Object.entries({ CPUUtilization: cpu_percent, MemoryUtilization: memory_percent }).map(([name, value]) => ({
        MetricName: name,
        Dimensions: dimensions,
        Timestamp: timestamp,
        Unit: 'Percent' as const,
        Value: value,
      })),
    ),
  });
}

/** What a task used since it was last asked. */
function takeUsage(row: TaskRow, { usage }: Agent): Utilization | undefined {
  const ids = row.containers.map((run) => containerId(row.taskId, run));
  const containers = ids.flatMap((id): Measured[] => {
    const measured = usage.get(id);
    return measured && measured.samples > 0 ? [measured] : [];
  });
  const utilization = utilizationOf({
    cpu_units: Number(row.task.cpu ?? 0),
    memory_mib: Number(row.task.memory ?? 0),
    containers,
  });
  for (const id of ids) {
    const measured = usage.get(id);
    if (measured)
      usage.set(id, { latest: measured.latest, total: { cpu_percentOfCore: 0, memory_bytes: 0 }, samples: 0 });
  }
  return utilization;
}
