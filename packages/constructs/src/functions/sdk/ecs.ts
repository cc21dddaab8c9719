import { ECS } from '@aws-sdk/client-ecs';
import type { Ecs } from '../aws.ts';

export function ecsCalls(client = new ECS({})): Ecs {
  return {
    describeServices: (input) => client.describeServices(input),
    updateService: (input) => client.updateService(input),
    listTasks: (input) => client.listTasks(input),
    describeTasks: (input) => client.describeTasks(input),
    getTaskProtection: (input) => client.getTaskProtection(input),
    updateTaskProtection: (input) => client.updateTaskProtection(input),
    executeCommand: (input) => client.executeCommand(input),
  };
}
