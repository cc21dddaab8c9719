import { defineService, type Service } from '../../kernel/service.ts';
import { adoptContainers } from './agent/adopt-containers.ts';
import { containerInstanceController } from './controllers/container-instance.ts';
import { healthCheckController } from './controllers/health-check.ts';
import { serviceController } from './controllers/service.ts';
import { taskController } from './controllers/task.ts';
import { taskDefinitionController } from './controllers/task-definition.ts';
import { usageController } from './controllers/usage.ts';
import {
  deleteAccountSetting,
  listAccountSettings,
  putAccountSetting,
  putAccountSettingDefault,
} from './operations/account-settings.ts';
import { deleteAttributes, listAttributes, putAttributes } from './operations/attributes.ts';
import { describeCapacityProviders } from './operations/capacity-providers.ts';
import {
  createCluster,
  deleteCluster,
  describeClusters,
  listClusters,
  putClusterCapacityProviders,
  updateCluster,
  updateClusterSettings,
} from './operations/clusters.ts';
import {
  deregisterContainerInstance,
  describeContainerInstances,
  listContainerInstances,
  updateContainerInstancesState,
} from './operations/container-instances.ts';
import { createService } from './operations/create-service.ts';
import { describeTasks, listTasks } from './operations/describe-tasks.ts';
import { executeCommand } from './operations/execute-command.ts';
import { registerContainerInstance } from './operations/register-instance.ts';
import { runTask, startTask, stopTask } from './operations/run-task.ts';
import {
  describeServiceDeployments,
  describeServiceRevisions,
  listServiceDeployments,
  stopServiceDeployment,
} from './operations/service-deployments.ts';
import { deleteService, describeServices, listServices, updateService } from './operations/services.ts';
import { listTagsForResource, tagResource, untagResource } from './operations/tags.ts';
import {
  deleteTaskDefinitions,
  deregisterTaskDefinition,
  describeTaskDefinition,
  listTaskDefinitionFamilies,
  listTaskDefinitions,
  registerTaskDefinition,
} from './operations/task-definitions.ts';
import { getTaskProtection, updateTaskProtection } from './operations/task-protection.ts';
import type { Agent, EcsPorts } from './ports.ts';
import { cluster } from './resources/cluster.ts';
import { clusterCapacityProviderAssociations } from './resources/cluster-capacity-provider-associations.ts';
import { service } from './resources/service.ts';
import { taskDefinition } from './resources/task-definition.ts';
import { credentialsRoute } from './routes/credentials.ts';
import { metadataRoute } from './routes/metadata.ts';
import { sessionRoute } from './routes/sessions.ts';
import { taskProtectionRoute } from './routes/task-protection.ts';

const operations = {
  CreateCluster: createCluster,
  DeleteCluster: deleteCluster,
  DescribeClusters: describeClusters,
  ListClusters: listClusters,
  PutClusterCapacityProviders: putClusterCapacityProviders,
  UpdateCluster: updateCluster,
  UpdateClusterSettings: updateClusterSettings,
  DescribeCapacityProviders: describeCapacityProviders,
  ListContainerInstances: listContainerInstances,
  DescribeContainerInstances: describeContainerInstances,
  RegisterContainerInstance: registerContainerInstance,
  DeregisterContainerInstance: deregisterContainerInstance,
  UpdateContainerInstancesState: updateContainerInstancesState,
  PutAttributes: putAttributes,
  DeleteAttributes: deleteAttributes,
  ListAttributes: listAttributes,

  RegisterTaskDefinition: registerTaskDefinition,
  DescribeTaskDefinition: describeTaskDefinition,
  DeregisterTaskDefinition: deregisterTaskDefinition,
  DeleteTaskDefinitions: deleteTaskDefinitions,
  ListTaskDefinitions: listTaskDefinitions,
  ListTaskDefinitionFamilies: listTaskDefinitionFamilies,

  CreateService: createService,
  UpdateService: updateService,
  DeleteService: deleteService,
  DescribeServices: describeServices,
  ListServices: listServices,
  ListServiceDeployments: listServiceDeployments,
  DescribeServiceDeployments: describeServiceDeployments,
  DescribeServiceRevisions: describeServiceRevisions,
  StopServiceDeployment: stopServiceDeployment,

  RunTask: runTask,
  StartTask: startTask,
  StopTask: stopTask,
  DescribeTasks: describeTasks,
  ListTasks: listTasks,
  GetTaskProtection: getTaskProtection,
  UpdateTaskProtection: updateTaskProtection,

  TagResource: tagResource,
  UntagResource: untagResource,
  ListTagsForResource: listTagsForResource,
  ListAccountSettings: listAccountSettings,
  PutAccountSetting: putAccountSetting,
  PutAccountSettingDefault: putAccountSettingDefault,
  DeleteAccountSetting: deleteAccountSetting,
};

/** Amazon ECS: clusters, task definitions, tasks and services, run by a runtime. */
export function ecs(ports: EcsPorts): Service {
  const agent: Agent = { ...ports, usage: new Map(), published: new Map() };
  const sessions = sessionRoute(agent);
  return defineService('ecs', {
    operations: { ...operations, ExecuteCommand: executeCommand(agent) },
    controllers: [
      serviceController,
      taskController(agent),
      healthCheckController(agent),
      taskDefinitionController,
      usageController(agent),
      containerInstanceController,
    ],
    resources: {
      'AWS::ECS::Cluster': cluster,
      'AWS::ECS::ClusterCapacityProviderAssociations': clusterCapacityProviderAssociations,
      'AWS::ECS::Service': service,
      'AWS::ECS::TaskDefinition': taskDefinition,
    },
    routes: [metadataRoute(agent), credentialsRoute(agent), taskProtectionRoute, sessions],
    start: (root) => adoptContainers(root, agent),
    stop: async () => {
      sessions.close();
      await ports.runtime.close();
    },
  });
}
