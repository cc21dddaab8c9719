import { shortId } from './plan-log-view.ts';
import type {
  AlarmStatus,
  DeploymentStatus,
  PlatformStatus,
  RecordedResource,
  ServiceStatus,
  StackStatus,
  StoppedTask,
  TaskStatus,
} from './plan-status.ts';
import { counted, indented, textTable } from './text-table.ts';
import { ageText } from './times.ts';

/** What runs, for people: the services first, since that is what they ask for. */
export function renderStatus(status: PlatformStatus): string {
  const { services, alarms, stacks, recorded, now } = status;
  const sections = [
    ...services.map((service) => serviceLines(service, now)),
    listenerLines(status),
    alarmLines(alarms),
    stackLines(stacks),
    recordedLines(recorded),
  ];
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

function serviceLines(service: ServiceStatus, now: number): string[] {
  const { cluster, name, status, desired, running, pending, bounds, addresses, deployments, tasks, stopped } = service;
  const range = bounds ? ` (min ${bounds.min}, max ${bounds.max})` : '';
  return [
    `${name}  ${status}  ${running} of ${counted(desired, 'task')} running, ${pending} pending${range}`,
    ...indented([
      ...textTable([
        ['cluster', cluster],
        ...addresses.map((address) => ['address', address]),
        ...deployments.map((deployment) => ['rollout', rolloutText(deployment)]),
      ]),
      ...taskTable(tasks),
      ...stopped.map((task) => stoppedText(task, now)),
    ]),
  ];
}

function rolloutText(deployment: DeploymentStatus): string {
  const { status, rolloutState, taskDefinition, desired, running, pending, failed, reason } = deployment;
  const counts = `${running} of ${desired} running, ${pending} pending${failed > 0 ? `, ${failed} failed` : ''}`;
  // What a completed rollout says of itself is that it is completed.
  return `${status} ${rolloutState}  ${taskDefinition}  ${counts}${rolloutState === 'COMPLETED' ? '' : `  ${reason}`}`.trimEnd();
}

const taskTable = (tasks: readonly TaskStatus[]): string[] =>
  tasks.length === 0
    ? []
    : textTable([
        ['TASK', 'STATE', 'HEALTH', 'TARGET', 'AGE', 'ADDRESS', ''],
        ...tasks.map((task) => [
          shortId(task.id),
          task.desired === 'STOPPED' && task.state === 'RUNNING' ? 'RUNNING, stopping' : task.state,
          task.health,
          targetText(task),
          ageText(task.age_seconds),
          task.address ?? '-',
          task.protectedUntil === undefined ? '' : 'protected',
        ]),
      ]);

const targetText = ({ targets }: TaskStatus): string =>
  targets.map(({ state, reason }) => (reason ? `${state} (${reason})` : state)).join(', ') || '-';

function stoppedText({ id, at, reason, containers }: StoppedTask, now: number): string {
  const ends = containers.map(
    ({ name, exitCode, reason: why }) => `${name} ${exitCode ?? 'never ran'}${why ? `: ${why}` : ''}`,
  );
  return `stopped ${shortId(id)} ${ageText((now - at) / 1000)} ago: ${reason} (exit codes: ${ends.join(', ')})`;
}

/** Addresses that belong to no service are shown all the same. */
function listenerLines({ listeners, services }: PlatformStatus): string[] {
  const shown = new Set(services.flatMap(({ addresses }) => addresses));
  const rows = listeners
    .filter(({ address }) => !shown.has(address))
    .map(({ loadBalancer, port, address }) => [loadBalancer, String(port), address]);
  return rows.length > 0 ? ['other listeners', ...indented(textTable(rows))] : [];
}

function alarmLines(alarms: readonly AlarmStatus[]): string[] {
  if (alarms.length === 0) return [];
  const states = ['ALARM', 'OK', 'INSUFFICIENT_DATA'];
  const counts = states
    .map((state) => ({ state, count: alarms.filter((alarm) => alarm.state === state).length }))
    .filter(({ count }) => count > 0)
    .map(({ state, count }) => `${count} ${state}`);
  const rows = alarms.filter(({ state }) => state === 'ALARM').map(({ state, name, reason }) => [state, name, reason]);
  return [`alarms: ${counts.join(', ')}`, ...indented(textTable(rows))];
}

function stackLines(stacks: readonly StackStatus[]): string[] {
  const names = new Set(stacks.map(({ name }) => name));
  const rowsBelow = (parent: string | undefined, depth: number): string[][] =>
    stacks
      .filter((stack) => (parent === undefined ? !stack.parent || !names.has(stack.parent) : stack.parent === parent))
      .flatMap(({ name, status, reason }) => [
        ['  '.repeat(depth) + name, status, ...(status.endsWith('_COMPLETE') || !reason ? [] : [reason.trim()])],
        ...rowsBelow(name, depth + 1),
      ]);
  return stacks.length > 0 ? ['stacks', ...indented(textTable(rowsBelow(undefined, 0)))] : [];
}

function recordedLines(recorded: readonly RecordedResource[]): string[] {
  if (recorded.length === 0) return [];
  const rows = recorded.map(({ type, logicalId, stack }) => [type, logicalId, stack]);
  return [`${counted(recorded.length, 'resource')} recorded, not run`, ...indented(textTable(rows))];
}
