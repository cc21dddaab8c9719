import type { Failure } from '@aws-sdk/client-ecs';
import type { Context } from '../../../kernel/context.ts';
import { ecsArn, lastPart, nameOf } from '../arns.ts';
import { invalidParameter } from '../errors.ts';
import { requireCluster } from '../find-rows.ts';
import type { Handler } from '../handler.ts';
import { parseClusterQuery } from '../instances/cluster-query.ts';
import { endInstance } from '../instances/end-instance.ts';
import { subjectOf } from '../instances/plan-placement.ts';
import { viewInstance } from '../instances/read-instances.ts';
import { describeInstance, saveInstance } from '../instances/save-instance.ts';
import { type ContainerInstanceRow, containerInstances, tasks } from '../model.ts';
import { page } from '../pages.ts';

export const listContainerInstances: Handler<'ListContainerInstances'> = (input, context) => {
  const { clusterArn } = requireCluster(context, input.cluster);
  const query = input.filter ? parseClusterQuery(input.filter) : () => true;
  const rows = context.store
    .table(containerInstances)
    .by('cluster', clusterArn)
    .filter(({ status }) => (input.status ? status === input.status : status !== 'INACTIVE'))
    .filter((row) => query(subjectOf(viewInstance(row, context))));
  const { items, ...rest } = page(
    rows.map(({ containerInstanceArn }) => containerInstanceArn),
    input,
  );
  return { containerInstanceArns: items, ...rest };
};

export const describeContainerInstances: Handler<'DescribeContainerInstances'> = (input, context) => {
  if (input.containerInstances.length === 0) throw invalidParameter('Container Instances cannot be empty.');
  const { rows, failures } = find(input.cluster, input.containerInstances, context);
  return { containerInstances: rows.map((row) => describeInstance(row, context)), failures };
};

/** A draining instance gets no new tasks, and those of services move elsewhere as their deployment configuration allows. */
export const updateContainerInstancesState: Handler<'UpdateContainerInstancesState'> = (input, context) => {
  const { status } = input;
  if (status !== 'ACTIVE' && status !== 'DRAINING')
    throw invalidParameter('Container instance status should be one of [ACTIVE,DRAINING]');
  if (input.containerInstances.length === 0) throw invalidParameter('Container instances cannot be empty.');
  if (input.containerInstances.length > 10) throw invalidParameter('Container instances can have at most 10 items.');
  const { rows, failures } = find(input.cluster, input.containerInstances, context);
  const usable = rows.filter((row) => row.status !== 'INACTIVE');
  const inactive = rows.filter((row) => row.status === 'INACTIVE');
  return {
    containerInstances: usable.map((row) =>
      describeInstance(
        row.status === status ? row : saveInstance(context, { ...row, status }, `is ${status}`),
        context,
      ),
    ),
    failures: [...failures, ...inactive.map(({ containerInstanceArn: arn }) => ({ arn, reason: 'INACTIVE' }))],
  };
};

/** With tasks on it only by force; services then start theirs elsewhere. */
export const deregisterContainerInstance: Handler<'DeregisterContainerInstance'> = (input, context) => {
  const { rows } = find(input.cluster, [input.containerInstance], context);
  const [row] = rows;
  if (!row || row.status === 'INACTIVE') throw invalidParameter('Referenced container instance not found.');
  const isBusy = context.store
    .table(tasks)
    .by('instance', row.containerInstanceArn)
    .some(({ task }) => task.lastStatus !== 'STOPPED');
  if (isBusy && !input.force) throw invalidParameter('Found running tasks on the instance.');
  const ended = endInstance(row, 'is deregistered', 'Container instance was deregistered.', context);
  return { containerInstance: describeInstance(ended, context) };
};

function find(
  cluster: string | undefined,
  names: readonly string[],
  context: Context,
): { readonly rows: ContainerInstanceRow[]; readonly failures: Failure[] } {
  const { clusterArn } = requireCluster(context, cluster);
  const found = names.map((name) => {
    const arn = ecsArn(context.scope, 'container-instance', lastPart(clusterArn), nameOf(name));
    return { arn, row: context.store.table(containerInstances).get(arn) };
  });
  return {
    rows: found.flatMap(({ row }) => row ?? []),
    failures: found.filter(({ row }) => !row).map(({ arn }) => ({ arn, reason: 'MISSING' })),
  };
}
