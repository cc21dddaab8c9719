import type { Context } from '../../../kernel/context.ts';
import { type Controller, watch } from '../../../kernel/controller.ts';
import { runOf } from '../agent/container-run.ts';
import { takeCheck } from '../agent/reports.ts';
import { type HealthCheckRow, healthChecks, taskDefinitions, tasks } from '../model.ts';
import { type Agent, containerId } from '../ports.ts';
import { checkCommand, timeout_ms } from './container-health.ts';

/** Runs each container's health check when its time has come, one at a time. */
export const healthCheckController = (agent: Agent): Controller => ({
  name: 'ecs/health-check',
  watches: [watch(healthChecks, (_, id) => id)],
  reconcile(id, context) {
    const table = context.store.table(healthChecks);
    const row = table.get(id);
    if (!row || row.checking) return undefined;
    const subject = subjectOf(row, context);
    if (!subject) {
      table.delete(id);
      return undefined;
    }
    if (context.now < row.nextAt_ms) return row.nextAt_ms;
    table.put(id, { ...row, checking: true });
    context.after(() =>
      agent.runtime.run(subject.containerId, subject.command, subject.timeout_ms, (result) =>
        context.report((later) => takeCheck(later, row, result)),
      ),
    );
    return undefined;
  },
});

const checkedStates = ['PENDING', 'ACTIVATING', 'RUNNING'];

/** What is to be run where; undefined once that start of the container has ended, or its task is on its way to stop. */
function subjectOf({ taskArn, container, attempt }: HealthCheckRow, { store }: Context) {
  const row = store.table(tasks).get(taskArn);
  if (!row || !checkedStates.includes(row.task.lastStatus)) return undefined;
  const run = runOf(row, container);
  if (run?.phase !== 'running' || run.attempt !== attempt) return undefined;
  const healthCheck = store
    .table(taskDefinitions)
    .get(row.task.taskDefinitionArn)
    ?.containerDefinitions.find(({ name }) => name === container)?.healthCheck;
  const command = checkCommand(healthCheck);
  if (!healthCheck || !command) return undefined;
  return { containerId: containerId(row.taskId, run), command, timeout_ms: timeout_ms(healthCheck) };
}
