import type { Context } from '../../../kernel/context.ts';
import { asService } from '../../../kernel/create-context.ts';
import type { Root } from '../../../kernel/service.ts';
import type { ContainerSpec } from '../../../runtimes/runtime.ts';
import { type ContainerRun, healthChecks, images, type TaskRow, taskDefinitions, tasks } from '../model.ts';
import { type Agent, containerId } from '../ports.ts';
import { containerSpec } from './container-spec.ts';
import { checkKey, takeReport } from './reports.ts';
import { imageKey } from './start-container.ts';

interface Found {
  readonly context: Context;
  readonly row: TaskRow;
  readonly run: ContainerRun;
}

/** After an engine start: finds again the containers that ran, and repeats what may have been lost on the way to them. */
export function adoptContainers(root: Root, agent: Agent): void {
  const found = root.scopes().flatMap((scope) => {
    const context = asService(root.in(scope), 'ecs');
    forgetChecks(context);
    return alive(context);
  });
  agent.runtime.adopt(
    found.map(({ context, row, run }) => {
      const about = { taskArn: row.task.taskArn, container: run.name, attempt: run.attempt };
      return {
        spec: specOf(context, row, run),
        report: (report) => context.report((later) => takeReport(later, agent, about, report)),
      };
    }),
  );
  // A signal that was decided but did not go out before the crash would otherwise be missed; one that did is no harm again.
  for (const { row, run } of found) {
    const id = containerId(row.taskId, run);
    if (run.killedAt_ms !== undefined) agent.runtime.signal(id, 'SIGKILL');
    else if (run.signalledAt_ms !== undefined) agent.runtime.signal(id, run.stopSignal ?? 'SIGTERM');
  }
}

const isAlive = ({ phase }: ContainerRun) => phase === 'starting' || phase === 'running';

const alive = (context: Context): Found[] =>
  context.store
    .table(tasks)
    .list()
    .flatMap((row) => row.containers.filter(isAlive).map((run) => ({ context, row, run })));

/** The answers of health checks that were running are lost, so they are asked again. */
function forgetChecks(context: Context): void {
  const waiting = context.store.table(healthChecks).list(({ checking }) => checking);
  if (waiting.length === 0) return;
  context.turn(({ store }) => {
    for (const row of waiting) store.table(healthChecks).put(checkKey(row), { ...row, checking: false });
  });
}

/** As it was started, but without the environment, which holds secrets and so is kept nowhere. */
function specOf({ store }: Context, row: TaskRow, run: ContainerRun): ContainerSpec {
  const definition = store
    .table(taskDefinitions)
    .get(row.task.taskDefinitionArn)
    ?.containerDefinitions.find(({ name }) => name === run.name);
  const image = store.table(images).get(imageKey(row, run.name));
  if (!definition || !image) throw new Error(`the task ${row.taskId} has lost what its container ${run.name} runs`);
  return containerSpec(row, run, definition, { image, environment: {} });
}
