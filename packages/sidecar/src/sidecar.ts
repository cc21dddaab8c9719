import type { MetricDatum } from '@aws-sdk/client-cloudwatch';
import { planMetricData } from './plan-metric-data.ts';
import type { SidecarSettings } from './settings.ts';
import { createStates, type StateLog } from './states.ts';

/** The outside world, as far as the sidecar touches it. */
export interface SidecarWorld {
  /** Gets a JSON document. Rejects when there is no good answer. */
  readonly read: (url: string, signal: AbortSignal) => Promise<unknown>;
  readonly publish: (namespace: string, data: readonly MetricDatum[], signal: AbortSignal) => Promise<void>;
  /** Real milliseconds, from any origin. */
  readonly now: () => number;
  /** Resolves after so many real milliseconds, or as soon as the signal is aborted. */
  readonly wait: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly log: (line: Readonly<Record<string, unknown>>) => void;
}

/**
 * Asks the app for its numbers at a fixed rate and publishes them, until the signal is aborted. Whatever goes wrong is tried again in
 * the next round: nothing is kept for later, nothing is made up, and only a change is logged.
 */
export async function runSidecar(settings: SidecarSettings, world: SidecarWorld, signal: AbortSignal): Promise<void> {
  const states = createStates(world.log);
  const interval_ms = (settings.interval_seconds * 1000) / settings.speed;
  const rounds = { settings, world, states, signal };
  let taskId: string | undefined;

  world.log({ event: 'started', message: `publishing ${settings.target} as ${settings.namespace}` });
  if (!settings.metadataUri) states.failing('metadata', 'not in an ECS task: metrics carry no TaskId');

  for (let due = world.now(); !signal.aborted; due = nextRound(due, interval_ms, world.now())) {
    await world.wait(due - world.now(), signal);
    if (signal.aborted) break;
    taskId ??= await findTaskId(rounds);
    // Without the task's name a number could not be told from another task's, so nothing is published until it is known.
    if (taskId !== undefined || !settings.metadataUri) await publishOnce(rounds, taskId);
  }
  world.log({ event: 'stopped', message: 'stopped' });
}

interface Rounds {
  readonly settings: SidecarSettings;
  readonly world: SidecarWorld;
  readonly states: StateLog;
  readonly signal: AbortSignal;
}

/** Keeps the rate: a round that took too long costs the rounds it overlapped, not the rhythm. */
export function nextRound(due: number, interval_ms: number, now: number): number {
  const missed = Math.max(0, Math.floor((now - due) / interval_ms));
  return due + (missed + 1) * interval_ms;
}

async function findTaskId({ settings, world, states, signal }: Rounds): Promise<string | undefined> {
  if (!settings.metadataUri) return undefined;
  return attempt(states, signal, 'metadata', async () => {
    const task = await world.read(`${settings.metadataUri}/task`, signal);
    const arn = isRecord(task) ? task['TaskARN'] : undefined;
    if (typeof arn !== 'string' || arn === '') throw new Error('the answer has no TaskARN');
    return arn.split('/').at(-1);
  });
}

async function publishOnce({ settings, world, states, signal }: Rounds, taskId: string | undefined): Promise<void> {
  const told = await attempt(states, signal, 'target', async () => {
    const answer = await world.read(settings.target, signal);
    if (!isRecord(answer)) throw new Error('the answer is not a JSON object');
    return answer;
  });
  if (!told) return;

  const { batches, missing } = planMetricData(settings, told, taskId);
  if (missing.length > 0) states.failing('metrics', `the app tells no number ${missing.join(', ')}`);
  else states.working('metrics');
  for (const batch of batches) {
    await attempt(states, signal, 'cloudwatch', async () => {
      await world.publish(settings.namespace, batch, signal);
      return true;
    });
  }
}

/** The result, or undefined after a failure, which is noted. Being told to stop is no failure. */
async function attempt<T>(states: StateLog, signal: AbortSignal, what: string, act: () => Promise<T>) {
  try {
    const result = await act();
    states.working(what);
    return result;
  } catch (error) {
    if (!signal.aborted) states.failing(what, describeFailure(error));
    return undefined;
  }
}

/** The error's own words and its cause's: fetch says "fetch failed" and keeps the reason to itself. */
function describeFailure(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause instanceof Error ? `: ${error.cause.message}` : '';
  return `${error.name === 'Error' || error.name === 'TypeError' ? '' : `${error.name}: `}${error.message}${cause}`;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
