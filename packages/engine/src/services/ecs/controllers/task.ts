import { type Controller, watch } from '../../../kernel/controller.ts';
import { areDrained } from '../agent/task-targets.ts';
import { type TaskRow, taskDefinitions, tasks } from '../model.ts';
import type { Agent } from '../ports.ts';
import { saveTask } from '../save-task.ts';
import { planTask } from './plan-task.ts';
import { takeTaskStep } from './take-task-step.ts';

/** Brings each task along its lifecycle: reads, asks the plan, acts. */
export const taskController = (agent: Agent): Controller => ({
  name: 'ecs/task',
  watches: [watch(tasks, (row) => row.task.taskArn)],
  reconcile(taskArn, context) {
    const row = context.store.table(tasks).get(taskArn);
    const definition = row && context.store.table(taskDefinitions).get(row.task.taskDefinitionArn);
    if (!row || !definition) return undefined;
    const plan = planTask(row, definition, { now: context.now, drained: () => areDrained(row, context) });
    let after: TaskRow | undefined = row;
    for (const step of plan.steps) after = after && takeTaskStep(step, after, definition, context, agent);
    if (after && after !== row) saveTask(context, after);
    return plan.lookAgain_ms;
  },
});
