import { awsvpc, image, role } from '../../../../engine/src/services/ecs/testing/ecs-lab.ts';
import { targetGroup } from '../../../../engine/src/services/ecs/testing/neighbours.ts';
import type { LabPlatform } from './lab-platform.ts';

/** A service `web` of two tasks in the cluster `main`, that logs, takes commands, and is scaled between one and three. */
export function deployWeb({ lab, listeners }: LabPlatform): void {
  lab.ecs.createCluster({ clusterName: 'main' });
  lab.logs.createLogGroup({ logGroupName: '/web' });
  const options = { 'awslogs-group': '/web', 'awslogs-stream-prefix': 'app', 'awslogs-region': 'us-east-1' };
  const { taskDefinition } = lab.ecs.registerTaskDefinition({
    family: 'web',
    requiresCompatibilities: ['FARGATE'],
    networkMode: 'awsvpc',
    cpu: '256',
    memory: '512',
    executionRoleArn: role,
    taskRoleArn: role,
    containerDefinitions: [
      {
        name: 'app',
        image,
        portMappings: [{ containerPort: 8080 }],
        logConfiguration: { logDriver: 'awslogs', options },
      },
    ],
  });
  lab.ecs.createService({
    cluster: 'main',
    serviceName: 'web',
    taskDefinition: taskDefinition?.taskDefinitionArn,
    desiredCount: 2,
    launchType: 'FARGATE',
    networkConfiguration: awsvpc,
    enableExecuteCommand: true,
    loadBalancers: [{ targetGroupArn: targetGroup, containerName: 'app', containerPort: 8080 }],
  });
  lab.applicationAutoScaling.registerScalableTarget({
    ServiceNamespace: 'ecs',
    ResourceId: 'service/main/web',
    ScalableDimension: 'ecs:service:DesiredCount',
    MinCapacity: 1,
    MaxCapacity: 3,
  });
  listeners.push({ loadBalancer: 'web', dnsName: 'web.elb.localhost', port: 80, address: 'http://127.0.1.1:80' });
}
