import type { Tag } from '@aws-sdk/client-ecs';
import type { Context } from '../../../kernel/context.ts';
import { lastPart } from '../arns.ts';
import {
  type DeploymentRow,
  type ServiceRevisionRow,
  type ServiceRow,
  serviceRevisions,
  type TaskDefinitionRow,
  taskDefinitions,
  tasks,
} from '../model.ts';
import { createTask } from '../new-task.ts';
import { nextProvider, nextSubnet, zonesOf } from '../placement.ts';
import { logServiceEvent } from '../service-events.ts';
import { mergeTags, tagsOf } from '../tagging.ts';
import { taskList } from './read-service.ts';

/** Starts tasks of a deployment, spread over zones and capacity providers. */
export function startServiceTasks(
  service: ServiceRow,
  deployment: DeploymentRow,
  count: number,
  context: Context,
): void {
  const revision = context.store.table(serviceRevisions).get(deployment.revisionArn);
  const definition = revision && context.store.table(taskDefinitions).get(revision.taskDefinition);
  if (!revision || !definition) return;
  const present = context.store
    .table(tasks)
    .by('service', service.serviceArn)
    .filter(({ task }) => task.desiredStatus === 'RUNNING');
  const zones = zonesOf(revision.networkConfiguration?.awsvpcConfiguration?.subnets ?? [], context);
  const subnets = present.map(({ network }) => network?.subnetId ?? '');
  const providers = present.map(({ task }) => task.capacityProviderName);
  const started = Array.from({ length: count }, () => {
    const subnetId = nextSubnet(zones, subnets) ?? '';
    const provider = nextProvider(revision.capacityProviderStrategy ?? [], providers);
    subnets.push(subnetId);
    providers.push(provider);
    return createTask(context, {
      ...taskOf(service, revision, definition),
      startedBy: deployment.id,
      subnetId,
      ...(provider ? { capacityProviderName: provider } : {}),
      tags: taskTags(service, definition, context),
    }).task.taskArn;
  });
  logServiceEvent(
    context,
    service.serviceArn,
    `(service ${service.serviceName}) has started ${count} tasks: ${taskList(started)}.`,
  );
}

const taskOf = (service: ServiceRow, revision: ServiceRevisionRow, definition: TaskDefinitionRow) => ({
  clusterArn: service.clusterArn,
  definition,
  group: `service:${service.serviceName}`,
  serviceArn: service.serviceArn,
  network: revision.networkConfiguration,
  targets: revision.loadBalancers.flatMap(({ targetGroupArn, containerName = '', containerPort: port = 0 }) =>
    targetGroupArn ? [{ targetGroupArn, containerName, port }] : [],
  ),
  enableExecuteCommand: service.enableExecuteCommand ?? false,
  platformVersion: revision.platformVersion,
});

/** A service's tasks carry its tags or the definition's only where it says so; managed tags say whose they are. */
function taskTags(service: ServiceRow, definition: TaskDefinitionRow, context: Context): Tag[] {
  const managed = service.enableECSManagedTags
    ? [
        { key: 'aws:ecs:clusterName', value: lastPart(service.clusterArn) },
        { key: 'aws:ecs:serviceName', value: service.serviceName },
      ]
    : [];
  const source =
    service.propagateTags === 'SERVICE'
      ? service.serviceArn
      : service.propagateTags === 'TASK_DEFINITION'
        ? definition.taskDefinitionArn
        : undefined;
  return mergeTags(managed, source ? tagsOf(context, source) : []);
}
