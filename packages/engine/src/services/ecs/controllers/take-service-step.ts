import type { Context } from '../../../kernel/context.ts';
import { changeTarget } from '../agent/task-targets.ts';
import { deploymentsOf, tellService } from '../deployments.ts';
import { type DeploymentRow, deployments, type ServiceRow, services, type TaskRow, tasks } from '../model.ts';
import { saveTask } from '../save-task.ts';
import { logServiceEvent, logServiceEventOnce } from '../service-events.ts';
import { toStop } from '../stop-task.ts';
import { completeDeployment, failDeployment, retireDeployment } from './end-deployment.ts';
import type { ServiceStep } from './plan-service.ts';
import { taskList } from './read-service.ts';
import type { ServiceView } from './service-view.ts';
import { startServiceTasks } from './start-service-tasks.ts';

interface Facts {
  readonly service: ServiceRow;
  readonly view: ServiceView;
  readonly context: Context;
}

type Actions = { readonly [Do in ServiceStep['do']]: (step: Extract<ServiceStep, { do: Do }>, facts: Facts) => void };

/** Carries out one step of a service's plan. */
export function takeServiceStep(step: ServiceStep, facts: Facts): void {
  const act = actions[step.do] as (step: ServiceStep, facts: Facts) => void;
  act(step, facts);
}

const actions: Actions = {
  start: ({ count }, { service, view, context }) => startServiceTasks(service, view.primary, count, context),
  stop: ({ tasks: arns }, { service, view, context }) =>
    stopTasks(arns, service, context, () => `Scaling activity initiated by (deployment ${view.primary.id})`),
  'stop-unhealthy': ({ tasks: arns }, { service, view, context }) => stopUnhealthy(arns, service, view, context),
  'register-again': registerAgain,
  'count-failures': ({ tasks: counted, failures, startFailures, nextStartAt_ms, isImpaired }, facts) => {
    for (const arn of counted) markCounted(arn, facts.context);
    savePrimary(facts, { failures, startFailures, nextStartAt_ms });
    if (isImpaired) tellImpaired(facts.service, facts.context);
  },
  'note-healthy': ({ healthySeen, failures, startFailures }, facts) => {
    const throttle = startFailures === 0 ? { nextStartAt_ms: undefined } : {};
    savePrimary(facts, { healthySeen, failures, startFailures, ...throttle });
  },
  complete: (_step, { service, view, context }) => completeDeployment(service, view.primary, context),
  fail: ({ rollbackTo }, { service, view, context }) =>
    failDeployment(service, view.primary, { cause: 'breaker', ...(rollbackTo ? { rollbackTo } : {}) }, context),
  retire: ({ deployment }, { context }) => retireDeployment(deployment, context),
  say: ({ message, event }, { service, context }) => {
    if (logServiceEventOnce(context, service.serviceArn, message) && event)
      tellService(context, service, { eventType: 'ERROR', eventName: event, reason: 'RESOURCE:INSTANCE' });
  },
  steady: (_step, { service, context }) => {
    if (
      logServiceEventOnce(context, service.serviceArn, `(service ${service.serviceName}) has reached a steady state.`)
    )
      tellService(context, service, { eventType: 'INFO', eventName: 'SERVICE_STEADY_STATE' });
  },
  end: (_step, { service, context }) => end(service, context),
};

function savePrimary({ view: { primary }, context }: Facts, change: Partial<DeploymentRow>): void {
  context.store.table(deployments).put(primary.id, { ...primary, ...change, updatedAt: new Date(context.now) });
}

function registerAgain(
  step: { readonly task: string; readonly targetGroupArn: string; readonly port: number },
  { context }: Facts,
): void {
  const row = context.store.table(tasks).get(step.task);
  const target = row?.targets.find(
    ({ targetGroupArn, port }) => targetGroupArn === step.targetGroupArn && port === step.port,
  );
  if (row && target) changeTarget(row, target, context, 'registerTargets');
}

function stopTasks(
  arns: readonly string[],
  { serviceArn, serviceName }: ServiceRow,
  context: Context,
  reasonOf: (row: TaskRow) => string,
  failure?: 'unhealthy',
): void {
  const rows = arns.flatMap((arn) => context.store.table(tasks).get(arn) ?? []);
  for (const row of rows)
    saveTask(
      context,
      toStop(row, context.now, {
        stopCode: 'ServiceSchedulerInitiated',
        reason: reasonOf(row),
        drain: true,
        ...(failure ? { failure } : {}),
      }),
    );
  logServiceEvent(
    context,
    serviceArn,
    `(service ${serviceName}) has stopped ${rows.length} running tasks: ${taskList(arns)}.`,
  );
  const draining = rows.filter(({ targets }) => targets.some(({ state }) => state === 'registered'));
  if (draining.length > 0)
    logServiceEvent(
      context,
      serviceArn,
      `(service ${serviceName}) has begun draining connections on ${draining.length} tasks.`,
    );
}

function stopUnhealthy(arns: readonly string[], service: ServiceRow, view: ServiceView, context: Context): void {
  const reasons = new Map<string, string>();
  for (const arn of arns) {
    const task = view.tasks.find((one) => one.arn === arn);
    const target = task?.targets.find(({ state }) => state === 'unhealthy');
    reasons.set(
      arn,
      target
        ? `Task failed ELB health checks in (target-group ${target.targetGroupArn})`
        : 'Task failed container health checks',
    );
    logServiceEvent(
      context,
      service.serviceArn,
      target
        ? `(service ${service.serviceName}) (port ${target.port}) is unhealthy in (target-group ${target.targetGroupArn}) due to (reason ${target.description ?? 'Health checks failed'}).`
        : `(service ${service.serviceName}) ${taskList([arn])} failed container health checks.`,
    );
  }
  stopTasks(arns, service, context, (row) => reasons.get(row.task.taskArn) ?? '', 'unhealthy');
}

function markCounted(arn: string, context: Context): void {
  const row = context.store.table(tasks).get(arn);
  if (row) context.store.table(tasks).put(arn, { ...row, counted: true });
}

function tellImpaired(service: ServiceRow, context: Context): void {
  logServiceEvent(
    context,
    service.serviceArn,
    `(service ${service.serviceName}) is unable to consistently start tasks successfully. For more information, see the Troubleshooting section of the Amazon ECS Developer Guide.`,
  );
  tellService(context, service, { eventType: 'WARN', eventName: 'SERVICE_TASK_START_IMPAIRED' });
}

function end(service: ServiceRow, context: Context): void {
  context.store.table(services).put(service.serviceArn, { ...service, status: 'INACTIVE' });
  const table = context.store.table(deployments);
  for (const row of deploymentsOf(context, service.serviceArn)) table.put(row.id, { ...row, role: 'INACTIVE' });
  context.emit({
    type: 'ecs/service-deleted',
    subject: service.serviceArn,
    message: `service ${service.serviceName} is gone`,
  });
}
