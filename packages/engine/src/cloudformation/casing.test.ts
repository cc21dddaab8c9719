import { expect, test } from 'vitest';
import { toSdkInput } from './casing.ts';

test('properties become the input of the operation, and the keys of maps stay the user’s own', () => {
  expect(
    toSdkInput('ecs', 'RegisterTaskDefinition', {
      Family: 'web',
      ContainerDefinitions: [
        {
          Name: 'app',
          DockerLabels: { 'Com.Example': 'x' },
          PortMappings: [{ ContainerPort: 80 }],
          LogConfiguration: { LogDriver: 'awslogs', Options: { 'awslogs-group': 'g' } },
        },
      ],
      Unheard: true,
    }),
  ).toEqual({
    family: 'web',
    containerDefinitions: [
      {
        name: 'app',
        dockerLabels: { 'Com.Example': 'x' },
        portMappings: [{ containerPort: 80 }],
        logConfiguration: { logDriver: 'awslogs', options: { 'awslogs-group': 'g' } },
      },
    ],
  });
});

test('an operation that is not there is a mistake of ours', () => {
  expect(() => toSdkInput('ecs', 'CreateServce', {})).toThrow('the SDK of ecs has no operation CreateServce');
});
