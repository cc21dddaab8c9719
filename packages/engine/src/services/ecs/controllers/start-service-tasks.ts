import type { Tag } from '@aws-sdk/client-ecs';
import type { Context } from '../../../kernel/context.ts';
import { lastPart } from '../arns.ts';
import { placeForService } from '../instances/place-for-service.ts';
import {
  type DeploymentRow,
  type ServiceRevisionRow,
  type ServiceRow,
  serviceRevisions,
  type TaskDefinitionRow,
  type TaskRow,
  taskDefinitions,
  tasks,
} from '../model.ts';
import { createTask, type NewTask } from '../new-task.ts';
import { isFargate, nextProvider, nextSubnet, zonesOf } from '../placement.ts';
import { logServiceEvent } from '../service-events.ts';
import { mergeTags, tagsOf } from '../tagging.ts';
import { taskList } from './read-service.ts';

/** Starts tasks of a deployment, where its launch type has them run. */
export function startServiceTasks(
  service: ServiceRow,
  deployment: DeploymentRow,
  count: number,
  context: Context,
): void {
  const revision = context.store.table(serviceRevisions).get(deployment.revisionArn);
  const definition = revision && context.store.table(taskDefinitions).get(revision.taskDefinition);
  if (!revision || !definition) return;
  const wanted = {
    ...taskOf(service, revision, definition),
    startedBy: deployment.id,
    tags: taskTags(service, definition, context),
  };
  const started = isFargate(service)
    ? startOnFargate(wanted, revision, count, context)
    : startOnInstances(wanted, { service, revision, definition }, count, context);
  if (started.length === 0) return;
  logServiceEvent(
    context,
    service.serviceArn,
    `(service ${service.serviceName}) has started ${started.length} tasks: ${taskList(started.map(({ task }) => task.taskArn))}.`,
  );
}

type Wanted = Omit<NewTask, 'subnetId'>;

/** Spread over zones and capacity providers. */
function startOnFargate(
  wanted: Wanted,
  { networkConfiguration, capacityProviderStrategy = [] }: ServiceRevisionRow,
  count: number,
  context: Context,
): TaskRow[] {
  const present = context.store
    .table(tasks)
    .by('service', wanted.serviceArn ?? '')
    .filter(({ task }) => task.desiredStatus === 'RUNNING');
  const zones = zonesOf(networkConfiguration?.awsvpcConfiguration?.subnets ?? [], context);
  const subnets = present.map(({ network }) => network?.subnetId ?? '');
  const providers = present.map(({ task }) => task.capacityProviderName);
  return Array.from({ length: count }, () => {
    const subnetId = nextSubnet(zones, subnets) ?? '';
    const provider = nextProvider(capacityProviderStrategy, providers);
    subnets.push(subnetId);
    providers.push(provider);
    return createTask(context, { ...wanted, subnetId, ...(provider ? { capacityProviderName: provider } : {}) });
  });
}

/** As many as there is room for; the service's plan tells what is in the way of the rest. */
function startOnInstances(
  wanted: Wanted,
  {
    service,
    revision,
    definition,
  }: { service: ServiceRow; revision: ServiceRevisionRow; definition: TaskDefinitionRow },
  count: number,
  context: Context,
): TaskRow[] {
  const started: TaskRow[] = [];
  while (started.length < count) {
    const placed = placeForService(service, revision, definition, context);
    if ('refusals' in placed) break;
    started.push(createTask(context, { ...wanted, ...placed }));
  }
  return started;
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
