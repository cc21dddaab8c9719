import { addresses, addressKey } from '../../../kernel/addresses.ts';
import type { Context } from '../../../kernel/context.ts';
import { type CommandResult, type ContainerReport, neverStarted, type PortBinding } from '../../../runtimes/runtime.ts';
import { afterCheck, firstCheck } from '../controllers/container-health.ts';
import {
  type ContainerDefinition,
  type ContainerRun,
  type HostPort,
  healthChecks,
  type TaskRow,
  taskDefinitions,
  tasks,
} from '../model.ts';
import { type Agent, addUsage, containerId, type Usage } from '../ports.ts';
import { saveTask } from '../save-task.ts';
import { logStreamOf, writeLines } from './container-logs.ts';
import { runOf, withRun } from './container-run.ts';

/** Which start of which container a report is about. */
export interface About {
  readonly taskArn: string;
  readonly container: string;
  readonly attempt: number;
}

/** Writes down what a runtime has learned. What follows from it is the task's plan, not decided here. */
export function takeReport(context: Context, agent: Agent, about: About, report: ContainerReport): void {
  const row = context.store.table(tasks).get(about.taskArn);
  const run = row && runOf(row, about.container);
  if (!row || !run || run.attempt !== about.attempt || run.phase === 'exited') return;
  const definition = containerDefinition(context, row, about.container);
  if (report.kind === 'usage') measure(agent, containerId(row.taskId, run), report);
  else if (report.kind === 'output') takeOutput(context, row, definition, report.lines);
  else saveTask(context, afterReport(context, agent, { row, run, definition }, report));
}

const measure = ({ usage }: Agent, id: string, report: Usage) => usage.set(id, addUsage(usage.get(id), report));

interface Reported {
  readonly row: TaskRow;
  readonly run: ContainerRun;
  readonly definition: ContainerDefinition | undefined;
}

function afterReport(
  context: Context,
  agent: Agent,
  { row, run, definition }: Reported,
  report: Exclude<ContainerReport, { kind: 'usage' | 'output' }>,
): TaskRow {
  const { now } = context;
  switch (report.kind) {
    case 'pulled':
      return row.task.startedAt ? row : { ...row, task: { ...row.task, pullStoppedAt: new Date(now) } };
    case 'started': {
      putAddresses(context, row, run.name, report.bindings);
      const startedAt_ms = run.startedAt_ms ?? now;
      const isChecked = beginChecks(context, row, { ...run, startedAt_ms }, definition);
      return withRun(row, run.name, {
        phase: 'running',
        runtimeId: report.runtimeId,
        startedAt_ms,
        bindings: report.bindings,
        ...(isChecked ? { health: run.health ?? 'UNKNOWN' } : {}),
      });
    }
    case 'failed-to-start':
      return withRun(row, run.name, {
        phase: 'exited',
        exitedAt_ms: now,
        reason: `${report.error}: ${report.reason}`,
      });
    case 'exited':
      return afterExit(context, agent, { row, run, definition }, report);
  }
}

function afterExit(
  context: Context,
  agent: Agent,
  { row, run, definition }: Reported,
  report: { readonly exitCode: number; readonly reason?: string },
): TaskRow {
  // The engine died between deciding to start and starting: the start is still to be done.
  if (report.reason === neverStarted && run.phase === 'starting')
    return withRun(row, run.name, { phase: 'waiting', attempt: run.attempt + 1, askedAt_ms: undefined });
  dropAddresses(context, row, run);
  agent.usage.delete(containerId(row.taskId, run));
  const ended = withRun(row, run.name, {
    phase: 'exited',
    startedAt_ms: run.startedAt_ms ?? context.now,
    exitedAt_ms: context.now,
    exitCode: report.exitCode,
    ...(report.reason ? { reason: exitReason(report.reason) } : {}),
  });
  return definition?.essential && !row.task.executionStoppedAt
    ? { ...ended, task: { ...ended.task, executionStoppedAt: new Date(context.now) } }
    : ended;
}

const exitReason = (reason: string): string =>
  reason === 'OutOfMemoryError' ? 'OutOfMemoryError: Container killed due to memory usage' : reason;

function takeOutput(
  context: Context,
  row: TaskRow,
  definition: ContainerDefinition | undefined,
  lines: readonly string[],
): void {
  const place = definition && logStreamOf(definition, row);
  if (place && lines.length > 0) writeLines(place, lines, context);
}

export const checkKey = ({ taskArn, container }: Pick<About, 'taskArn' | 'container'>): string =>
  `${taskArn}/${container}`;

/** Says whether the container is checked. One that was found again after an engine start goes on where its checks were. */
function beginChecks(
  { store }: Context,
  { task: { taskArn } }: TaskRow,
  { name: container, attempt, startedAt_ms = 0 }: ContainerRun,
  definition: ContainerDefinition | undefined,
): boolean {
  const check = definition?.healthCheck;
  if (!check || check.command?.[0] === 'NONE') return false;
  const table = store.table(healthChecks);
  const key = checkKey({ taskArn, container });
  if (table.get(key)?.attempt !== attempt)
    table.put(key, { taskArn, container, attempt, ...firstCheck(check, startedAt_ms) });
  return true;
}

/** The answer of a health check. */
export function takeCheck(context: Context, about: About, { exitCode }: CommandResult): void {
  const row = context.store.table(tasks).get(about.taskArn);
  const run = row && runOf(row, about.container);
  const known = context.store.table(healthChecks).get(checkKey(about));
  if (!row || !run?.health || known?.attempt !== about.attempt || run.phase !== 'running') return;
  const check = containerDefinition(context, row, about.container)?.healthCheck;
  if (!check) return;
  const facts = { passed: exitCode === 0, now: context.now, startedAt_ms: run.startedAt_ms ?? context.now };
  const { status, state } = afterCheck(run.health, known, check, facts);
  context.store.table(healthChecks).put(checkKey(about), { ...known, ...state });
  if (status === run.health) return;
  saveTask(context, withRun(row, run.name, { health: status }));
  context.emit({
    type: 'ecs/container-health-changed',
    subject: about.taskArn,
    message: `container ${about.container} of task ${row.taskId} is ${status}`,
    data: { container: about.container, from: run.health, to: status },
  });
}

const containerDefinition = ({ store }: Context, { task }: TaskRow, name: string): ContainerDefinition | undefined =>
  store
    .table(taskDefinitions)
    .get(task.taskDefinitionArn)
    ?.containerDefinitions.find((container) => container.name === name);

/** Where a container's port is reached from outside the task: at the task's own address, or at its instance's, by address and by id. */
function keysOf({ network, place }: TaskRow, container: string, { containerPort, protocol }: PortBinding): string[] {
  if (network?.privateAddress) return [addressKey(network.privateAddress, containerPort)];
  const isIts = (one: HostPort) =>
    one.container === container && one.containerPort === containerPort && one.protocol === protocol;
  const hostPort = place?.hostPorts.find(isIts)?.hostPort;
  if (!place || hostPort === undefined) return [];
  return [addressKey(place.privateAddress, hostPort), addressKey(place.ec2InstanceId, hostPort)];
}

function putAddresses({ store }: Context, row: TaskRow, container: string, bindings: readonly PortBinding[]): void {
  for (const binding of bindings)
    for (const key of keysOf(row, container, binding))
      store.table(addresses).put(key, { host: binding.host, port: binding.hostPort });
}

function dropAddresses({ store }: Context, row: TaskRow, { name, bindings }: ContainerRun): void {
  for (const binding of bindings) for (const key of keysOf(row, name, binding)) store.table(addresses).delete(key);
}
