import type { Context } from '../../../kernel/context.ts';
import { type ContainerInstanceRow, containerInstances, tasks } from '../model.ts';
import type { InstanceView } from './plan-placement.ts';

/** The container instances of a cluster that have not been deregistered, with what no task holds of them. */
export const readInstances = (clusterArn: string, context: Context): InstanceView[] =>
  context.store
    .table(containerInstances)
    .by('cluster', clusterArn)
    .filter(({ status }) => status !== 'INACTIVE')
    .map((row) => viewInstance(row, context));

export function viewInstance(row: ContainerInstanceRow, { store }: Context): InstanceView {
  const holders = store
    .table(tasks)
    .by('instance', row.containerInstanceArn)
    .filter(({ task }) => task.lastStatus !== 'STOPPED');
  const held = (name: 'cpu' | 'memory') => holders.reduce((sum, { place }) => sum + (place?.[name] ?? 0), 0);
  const ports = holders.flatMap(({ place }) =>
    (place?.hostPorts ?? []).map(({ hostPort, protocol }) => `${hostPort}/${protocol}`),
  );
  return {
    arn: row.containerInstanceArn,
    ec2InstanceId: row.ec2InstanceId,
    isActive: row.status === 'ACTIVE',
    agentConnected: row.agentConnected,
    registeredAt: row.registeredAt,
    attributes: row.attributes,
    cpu: row.cpu - held('cpu'),
    memory: row.memory - held('memory'),
    ports: new Set([...row.reservedPorts, ...ports]),
    groups: holders.map(({ task }) => task.group),
  };
}
