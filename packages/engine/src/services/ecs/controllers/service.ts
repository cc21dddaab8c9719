import type { Context } from '../../../kernel/context.ts';
import { type Controller, watch } from '../../../kernel/controller.ts';
import { deployments, protections, services, tasks } from '../model.ts';
import { earliest } from './plan-containers.ts';
import { planService } from './plan-service.ts';
import { readService } from './read-service.ts';
import { takeServiceStep } from './take-service-step.ts';

/** Keeps each service at its desired count and brings its deployments out: reads, asks the plan, acts. */
export const serviceController: Controller = {
  name: 'ecs/service',
  watches: [
    watch(services, (row) => row.serviceArn),
    watch(deployments, (row) => row.serviceArn),
    watch(tasks, (row) => row.serviceArn),
    watch(protections, (row) => row.serviceArn),
  ],
  reconcile(serviceArn, context) {
    const service = context.store.table(services).get(serviceArn);
    if (!service || service.status === 'INACTIVE') return undefined;
    const view = readService(service, context);
    if (!view) return undefined;
    const { desiredCount } = view;
    // How many a daemon runs is told like a count that somebody has set.
    const told =
      desiredCount === service.desiredCount
        ? service
        : context.store.table(services).put(serviceArn, { ...service, desiredCount });
    const plan = planService(view, context.now);
    for (const step of plan.steps) takeServiceStep(step, { service: told, view, context });
    return earliest([plan.lookAgain_ms, nextExpiry(serviceArn, context)]);
  },
};

/** When a task's protection runs out, it may be one that was wanted gone. */
function nextExpiry(serviceArn: string, { store, now }: Context): number | undefined {
  const own = store.table(tasks).by('service', serviceArn);
  return earliest(
    own
      .map(({ task }) => store.table(protections).get(task.taskArn)?.expiresAt_ms)
      .filter((time) => time !== undefined && time > now),
  );
}
