import { ecsArn, lastPart, nameOf } from '../arns.ts';
import { describeTask } from '../describe-task.ts';
import { invalidParameter } from '../errors.ts';
import { findService, findTask, requireCluster } from '../find-rows.ts';
import type { Handler } from '../handler.ts';
import { type TaskRow, taskDefinitions, tasks } from '../model.ts';
import { page } from '../pages.ts';
import { tagsOf } from '../tagging.ts';

export const describeTasks: Handler<'DescribeTasks'> = ({ cluster, tasks: ids, include = [] }, context) => {
  const { clusterArn } = requireCluster(context, cluster);
  if (ids.length > 100) throw invalidParameter('Tasks cannot be more than 100.');
  const found = ids.map((id) => ({ id, row: findTask(context, clusterArn, id) }));
  return {
    tasks: found.flatMap(({ row }) => {
      if (!row) return [];
      const definition = context.store.table(taskDefinitions).get(row.task.taskDefinitionArn);
      return [
        {
          ...describeTask(row, definition),
          tags: include.includes('TAGS') ? tagsOf(context, row.task.taskArn) : [],
        },
      ];
    }),
    failures: found
      .filter(({ row }) => !row)
      .map(({ id }) => ({ arn: ecsArn(context.scope, 'task', lastPart(clusterArn), nameOf(id)), reason: 'MISSING' })),
  };
};

/** Tasks whose desired status is RUNNING, unless STOPPED is asked for; what they are doing just now does not matter. */
export const listTasks: Handler<'ListTasks'> = (input, context) => {
  const { clusterArn } = requireCluster(context, input.cluster);
  const { desiredStatus = 'RUNNING', serviceName, family, startedBy, launchType } = input;
  if (desiredStatus === 'PENDING') return { taskArns: [] };
  if (input.containerInstance) return { taskArns: [] };
  const service = serviceName === undefined ? undefined : findService(context, clusterArn, serviceName);
  const matches = (row: TaskRow) =>
    row.task.desiredStatus === desiredStatus &&
    (serviceName === undefined || row.serviceArn === service?.serviceArn) &&
    (family === undefined || lastPart(row.task.taskDefinitionArn).split(':')[0] === family) &&
    (startedBy === undefined || row.task.startedBy === startedBy) &&
    (launchType === undefined || (row.task.launchType ?? 'FARGATE') === launchType);
  const rows = context.store.table(tasks).by('cluster', clusterArn).filter(matches);
  const { items, ...rest } = page(
    rows.map((row) => row.task.taskArn),
    input,
  );
  return { taskArns: items, ...rest };
};
