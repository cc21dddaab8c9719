import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Context } from '../../../kernel/context.ts';
import { asService } from '../../../kernel/create-context.ts';
import type { Root } from '../../../kernel/service.ts';
import {
  type ContainerRun,
  endpointKeys,
  type TaskDefinitionRow,
  type TaskRow,
  taskDefinitions,
  tasks,
} from '../model.ts';

/** The task behind an endpoint key, as the agent on its host would know it. */
export interface EndpointTask {
  readonly context: Context;
  readonly row: TaskRow;
  readonly definition: TaskDefinitionRow | undefined;
}

export function findByKey(root: Root, key: string): EndpointTask | undefined {
  const place = root.in({ account: '', region: '' }).store.table(endpointKeys).get(key);
  if (!place) return undefined;
  const context = asService(root.in(place), 'ecs');
  const row = context.store.table(tasks).get(place.taskArn);
  return row && { context, row, definition: context.store.table(taskDefinitions).get(row.task.taskDefinitionArn) };
}

/** `<endpoint key>-<container index>`, as the container's environment has it. */
export function findContainer(root: Root, id: string): (EndpointTask & { readonly run: ContainerRun }) | undefined {
  const [key = '', index = ''] = id.split('-');
  const found = findByKey(root, key);
  const run = found?.row.containers[Number(index)];
  return found && run && { ...found, run };
}

export function answerJson(response: ServerResponse, status: number, content: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(content));
}

const body_bytes_max = 65_536;

export async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += (chunk as Buffer).length;
    if (size > body_bytes_max) return '';
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks).toString();
}
