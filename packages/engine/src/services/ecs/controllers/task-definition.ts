import { type Controller, watch } from '../../../kernel/controller.ts';
import { deployments, serviceRevisions, services, taskDefinitions, tasks } from '../model.ts';
import { setTags } from '../tagging.ts';

/** Deletes the definitions that are to go, once no task and no deployment names them any more. */
export const taskDefinitionController: Controller = {
  name: 'ecs/task-definition',
  watches: [
    watch(taskDefinitions, (row) => row.taskDefinitionArn),
    watch(tasks, (row) => row.task.taskDefinitionArn),
    watch(services, (row) => row.taskDefinition),
  ],
  reconcile(arn, context) {
    const { store } = context;
    const row = store.table(taskDefinitions).get(arn);
    if (row?.status !== 'DELETE_IN_PROGRESS') return undefined;
    const isRun = store.table(tasks).by('definition', arn).length > 0;
    const isWanted =
      store.table(services).list((one) => one.taskDefinition === arn && one.status !== 'INACTIVE').length > 0;
    const isDeployed = store
      .table(deployments)
      .list(
        ({ role, revisionArn }) =>
          role !== 'INACTIVE' && store.table(serviceRevisions).get(revisionArn)?.taskDefinition === arn,
      );
    if (isRun || isWanted || isDeployed.length > 0) return undefined;
    store.table(taskDefinitions).delete(arn);
    setTags(context, arn, undefined);
    return undefined;
  },
};
