import type { Context } from '../../../kernel/context.ts';
import type { ImageConfig } from '../../../runtimes/runtime.ts';
import type { ContainerDefinition, TaskRow } from '../model.ts';
import type { Agent } from '../ports.ts';
import { taskRoleOf } from './task-credentials.ts';

/** What a container finds in its environment: the image's, the platform's, then its own, and secrets last. */
export function containerEnvironment(
  row: TaskRow,
  definition: ContainerDefinition,
  { image, secrets }: { image: ImageConfig; secrets: Readonly<Record<string, string>> },
  context: Context,
  agent: Agent,
): Record<string, string> {
  const override = row.task.overrides?.containerOverrides?.find(({ name }) => name === definition.name);
  return {
    ...Object.fromEntries((image.Env ?? []).map(split)),
    ...platformEnvironment(row, definition.name, context, agent),
    ...pairs(definition.environment),
    ...pairs(override?.environment),
    ...secrets,
  };
}

const split = (line: string): [string, string] => {
  const at = line.indexOf('=');
  return at < 0 ? [line, ''] : [line.slice(0, at), line.slice(at + 1)];
};

const pairs = (list: ContainerDefinition['environment'] = []) =>
  Object.fromEntries(list.map(({ name = '', value = '' }) => [name, value]));

/** The name under which a container's own requests to the agent's endpoints come. */
export const endpointId = ({ endpointKey, containers }: TaskRow, name: string): string =>
  `${endpointKey}-${containers.findIndex((run) => run.name === name)}`;

function platformEnvironment(row: TaskRow, name: string, context: Context, agent: Agent): Record<string, string> {
  const endpoint = agent.endpoint();
  const { region } = context.scope;
  const id = endpointId(row, name);
  const { anchor } = agent.clock;
  return {
    AWS_EXECUTION_ENV: 'AWS_ECS_FARGATE',
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_ENDPOINT_URL: endpoint,
    ECS_CONTAINER_METADATA_URI_V4: `${endpoint}/v4/${id}`,
    ECS_AGENT_URI: `${endpoint}/api/${id}`,
    ...(taskRoleOf(row, context)
      ? {
          AWS_CONTAINER_CREDENTIALS_FULL_URI: `${endpoint}/credentials/${row.endpointKey}`,
          AWS_CONTAINER_AUTHORIZATION_TOKEN: row.endpointToken,
        }
      : {}),
    ...(Number.isFinite(context.speed) ? { ROCKPOOL_SPEED: String(context.speed) } : {}),
    ...(anchor ? { ROCKPOOL_CLOCK: `${anchor.platform_ms}@${anchor.real_ms}x${anchor.speed}` } : {}),
  };
}
