import type { EngineEvent } from '@rockpool/engine';
import type { LoadCounters } from '../../examples/license-manager/load/index.ts';
import { eventsAfter } from '../../packages/cli/src/session.ts';
import type { ScaledIn } from './chapters.ts';
import { containersWanted } from './chapters.ts';
import { countOf, type Leftovers } from './leftovers.ts';
import { idOf, type World } from './world.ts';

/** What `npm run demo -- --json` prints as its last line. */
export interface Measured {
  readonly requests: number;
  readonly failed: number;
  readonly scaledOutTo: number;
  readonly drainedTask: string;
  readonly lowestMetricTask: string;
  readonly shutdownLoggedBeforeExit: boolean;
  readonly exitCode: number | undefined;
  /** Tasks that were started after the scale-in had begun. */
  readonly replaced: number;
  readonly mails: readonly string[];
  readonly leftovers: number;
  readonly seconds: Readonly<Record<string, number>>;
}

export type Observed = Omit<Measured, 'leftovers' | 'seconds' | 'requests' | 'failed'>;

/** Reads, while everything is still there, what the story's end rests on. */
export async function observe(world: World, scaledIn: ScaledIn): Promise<Observed> {
  const events = await eventsAfter(world.session, 0);
  const stopped = (await world.tasks('STOPPED')).find(({ taskArn }) => idOf(taskArn) === scaledIn.drainedTask);
  const app = stopped?.containers?.find(({ name }) => name === 'app');
  const shutdown = (await world.logged('lm down')).filter(({ logStreamName = '' }) =>
    logStreamName.endsWith(scaledIn.drainedTask),
  );
  const end = (stopped?.executionStoppedAt ?? stopped?.stoppedAt)?.getTime() ?? 0;
  return {
    ...scaledIn,
    scaledOutTo: Math.max(...counts(events)),
    shutdownLoggedBeforeExit: shutdown.some(({ timestamp = Number.POSITIVE_INFINITY }) => timestamp <= end),
    exitCode: app?.exitCode,
    replaced: startedAfter(events, scaledIn.drainedTask),
    mails: (await world.mails()).map(({ subject }) => subject),
  };
}

const counts = (events: readonly EngineEvent[]) =>
  events.filter(({ type }) => type === 'ecs/desired-count-changed').map(({ data }) => Number(data['to']));

/** Tasks that came after the drained one was told to go. */
function startedAfter(events: readonly EngineEvent[], drained: string): number {
  const task = (event: EngineEvent) => event.type === 'ecs/task-state-changed' && idOf(event.subject);
  const leaving = events.find(
    (event) => task(event) === drained && ['DEACTIVATING', 'STOPPING'].includes(String(event.data['to'])),
  );
  return events.filter(
    (event) => task(event) && event.data['to'] === 'PROVISIONING' && leaving && event.sequence > leaving.sequence,
  ).length;
}

export function measured(
  observed: Observed,
  { requests, failed }: LoadCounters,
  leftovers: Leftovers,
  seconds: Record<string, number>,
): Measured {
  return { requests, failed, ...observed, leftovers: countOf(leftovers), seconds };
}

/** The mails in the order in which the story sends them; one for each scale-out. */
const mailsExpected = [
  ...Array.from(
    { length: containersWanted - 1 },
    (_, index) => new RegExp(`scaled out from ${index + 1} to ${index + 2}`),
  ),
  /scale-in requested/,
  /container drained/,
  /container stopped/,
];

export interface Check {
  readonly what: string;
  readonly passed: boolean;
  readonly found: string;
}

/** The demonstration's own judgement of what was measured. */
export function check(result: Measured): Check[] {
  const told = result.mails.filter((subject) => mailsExpected.some((expected) => expected.test(subject)));
  const inOrder =
    told.length === mailsExpected.length && mailsExpected.every((expected, index) => expected.test(told[index] ?? ''));
  return [
    {
      what: 'requests that failed',
      passed: result.failed === 0 && result.requests > 0,
      found: `${result.failed} of ${result.requests}`,
    },
    {
      what: 'scaled out to',
      passed: result.scaledOutTo === containersWanted,
      found: `${result.scaledOutTo} containers`,
    },
    {
      what: 'the container that went is the one whose metric fell',
      passed: result.drainedTask !== '' && result.drainedTask === result.lowestMetricTask,
      found: result.drainedTask.slice(0, 8),
    },
    {
      what: 'lm down logged before it ended',
      passed: result.shutdownLoggedBeforeExit,
      found: result.shutdownLoggedBeforeExit ? 'yes' : 'no',
    },
    { what: 'its exit code', passed: result.exitCode === 0, found: String(result.exitCode) },
    { what: 'containers started in its place', passed: result.replaced === 0, found: String(result.replaced) },
    { what: 'mails in order', passed: inOrder, found: `${told.length} of ${mailsExpected.length}` },
    {
      what: 'processes, listeners and files left behind',
      passed: result.leftovers === 0,
      found: String(result.leftovers),
    },
  ];
}

export const renderChecks = (checks: readonly Check[]): string[] =>
  checks.map(({ what, passed, found }) => `${passed ? '✔' : '✘'} ${what.padEnd(54)} ${found}`);
