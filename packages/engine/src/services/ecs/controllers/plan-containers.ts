import type { ContainerDefinition, ContainerRun, TaskRow } from '../model.ts';
import type { TaskPlan, TaskStep } from './plan-task.ts';
import { stopTimeoutDefault_s } from './task-timing.ts';

type Definitions = readonly ContainerDefinition[];

/** What the agent does for containers that are to run: start those whose dependencies are met, restart, notice ends. Pure. */
export function planRunning(row: TaskRow, definitions: Definitions, now: number): TaskPlan {
  const ended = planEssentialEnd(row, definitions);
  if (ended) return { steps: [ended] };
  const plans = row.containers.map((run) => {
    const definition = definitionOf(run, definitions);
    if (run.phase === 'waiting') return planStart(row, definition, definitions, now);
    return planRestart(run, definition);
  });
  return {
    steps: plans.flatMap(({ steps }) => steps),
    lookAgain_ms: earliest(plans.map(({ lookAgain_ms }) => lookAgain_ms)),
    waiting: plans.find(({ waiting }) => waiting)?.waiting,
  };
}

/** ECS stops the whole task when an essential container ends, or when one cannot be started. */
function planEssentialEnd({ containers, task }: TaskRow, definitions: Definitions): TaskStep | undefined {
  for (const run of containers) {
    const definition = definitionOf(run, definitions);
    if (run.phase !== 'exited' || willRestart(run, definition)) continue;
    const failure = task.startedAt ? 'exited' : 'never-ran';
    if (run.startedAt_ms === undefined && (definition.essential || stopsTask(run)))
      return { do: 'stop-task', stopCode: 'TaskFailedToStart', reason: run.reason ?? 'Task failed to start', failure };
    if (run.startedAt_ms !== undefined && definition.essential)
      return {
        do: 'stop-task',
        stopCode: 'EssentialContainerExited',
        reason: 'Essential container in task exited',
        failure,
      };
  }
  return undefined;
}

/** Fargate fetches all images and secrets before it starts anything, so that one it cannot get fails the task, essential or not. */
const stopsTask = ({ reason = '' }: ContainerRun) =>
  /^(CannotPullContainerError|ResourceInitializationError)/.test(reason);

type Dependency =
  | { state: 'met' }
  | { state: 'waiting'; until_ms?: number; on: string }
  | { state: 'never'; on: string };

function planStart(row: TaskRow, definition: ContainerDefinition, definitions: Definitions, now: number): TaskPlan {
  const dependencies = (definition.dependsOn ?? []).map(({ containerName = '', condition = 'START' }) =>
    dependency(requireRun(row, containerName), requireDefinition(definitions, containerName), condition, now),
  );
  const never = dependencies.find(({ state }) => state === 'never');
  if (never?.state === 'never')
    return {
      steps: [
        { do: 'never-start', container: definition.name, reason: `dependency on container ${never.on} was not met` },
      ],
    };
  const waiting = dependencies.flatMap((one) => (one.state === 'waiting' ? [one] : []));
  if (waiting.length === 0) return { steps: [{ do: 'start', container: definition.name }] };
  return {
    steps: [],
    lookAgain_ms: earliest(waiting.map(({ until_ms }) => until_ms)),
    waiting: `container ${definition.name} waits for ${waiting.map(({ on }) => on).join(', ')}`,
  };
}

function dependency(on: ContainerRun, definition: ContainerDefinition, condition: string, now: number): Dependency {
  const started = on.startedAt_ms !== undefined;
  if (condition === 'START' && started) return { state: 'met' };
  if (condition === 'HEALTHY' && on.phase === 'running' && on.health === 'HEALTHY') return { state: 'met' };
  if (on.phase === 'exited' && !willRestart(on, definition)) {
    const ended = condition === 'COMPLETE' || (condition === 'SUCCESS' && on.exitCode === 0);
    return started && ended ? { state: 'met' } : { state: 'never', on: on.name };
  }
  // startTimeout belongs to the container that is waited for: how long it may take to get there.
  const until_ms =
    definition.startTimeout !== undefined && on.askedAt_ms !== undefined
      ? on.askedAt_ms + definition.startTimeout * 1000
      : undefined;
  if (until_ms !== undefined && now >= until_ms) return { state: 'never', on: on.name };
  return { state: 'waiting', on: on.name, ...(until_ms !== undefined ? { until_ms } : {}) };
}

/** A container's own restart policy: after it has run for `restartAttemptPeriod` (60 s), unless its exit code is to be ignored. */
export function willRestart(run: ContainerRun, { restartPolicy }: ContainerDefinition): boolean {
  if (!restartPolicy?.enabled || run.startedAt_ms === undefined || run.exitedAt_ms === undefined) return false;
  const { restartAttemptPeriod = 60, ignoredExitCodes = [] } = restartPolicy;
  if (run.exitCode !== undefined && ignoredExitCodes.includes(run.exitCode)) return false;
  return run.exitedAt_ms - run.startedAt_ms >= restartAttemptPeriod * 1000;
}

const planRestart = (run: ContainerRun, definition: ContainerDefinition): TaskPlan =>
  run.phase === 'exited' && willRestart(run, definition)
    ? { steps: [{ do: 'start', container: run.name }] }
    : { steps: [] };

/**
 * What the agent does for containers that are to end: the stop signal in reverse order of dependencies, and the kill when `stopTimeout`
 * is over. One that is just starting is signalled once it runs, since before there is nothing to signal. Pure.
 */
export function planStopping(row: TaskRow, definitions: Definitions, now: number): TaskPlan {
  const alive = row.containers.filter(({ phase }) => phase === 'running' || phase === 'starting');
  const neededBy = (name: string) =>
    alive.some((run) =>
      (definitionOf(run, definitions).dependsOn ?? []).some(({ containerName }) => containerName === name),
    );
  const plans = alive
    .filter(({ phase, name }) => phase === 'running' && !neededBy(name))
    .map((run): TaskPlan => {
      if (run.signalledAt_ms === undefined) return { steps: [{ do: 'signal', container: run.name, kill: false }] };
      const { stopTimeout = stopTimeoutDefault_s } = definitionOf(run, definitions);
      const killAt = run.signalledAt_ms + stopTimeout * 1000;
      if (run.killedAt_ms !== undefined) return { steps: [], waiting: `container ${run.name} has been killed` };
      return now >= killAt
        ? { steps: [{ do: 'signal', container: run.name, kill: true }] }
        : { steps: [], lookAgain_ms: killAt, waiting: `container ${run.name} has been asked to stop` };
    });
  return {
    steps: plans.flatMap(({ steps }) => steps),
    lookAgain_ms: earliest(plans.map(({ lookAgain_ms }) => lookAgain_ms)),
    waiting: plans.find(({ waiting }) => waiting)?.waiting,
  };
}

export function earliest(times: readonly (number | undefined)[]): number | undefined {
  const known = times.filter((time) => time !== undefined);
  return known.length > 0 ? Math.min(...known) : undefined;
}

const definitionOf = (run: ContainerRun, definitions: Definitions) => requireDefinition(definitions, run.name);

function requireDefinition(definitions: Definitions, name: string): ContainerDefinition {
  const definition = definitions.find((one) => one.name === name);
  if (!definition) throw new Error(`the task definition has no container ${name}`);
  return definition;
}

function requireRun({ containers }: TaskRow, name: string): ContainerRun {
  const run = containers.find((one) => one.name === name);
  if (!run) throw new Error(`the task has no container ${name}`);
  return run;
}
