import { expect, test } from 'vitest';
import { readSettings } from './settings.ts';
import { nextRound, runSidecar } from './sidecar.ts';

const env = {
  SIDECAR_TARGET: 'http://127.0.0.1:8080/metrics',
  SIDECAR_NAMESPACE: 'Licences',
  SIDECAR_DIMENSIONS: 'ServiceName=s',
  ECS_CONTAINER_METADATA_URI_V4: 'http://169.254.170.2/v4/abc',
};
const task = { TaskARN: 'arn:aws:ecs:eu-west-1:1:task/c/t1' };

interface Round {
  /** What the app tells in this round; an error when it is not there. */
  readonly app?: unknown;
  readonly metadata?: unknown;
  readonly cloudwatch?: Error;
}

/** Plays rounds one after the other on a clock of its own, and gathers what came out. */
async function play(rounds: readonly Round[], overrides: Readonly<Record<string, string | undefined>> = {}) {
  const stop = new AbortController();
  const published: { at: number; task?: string; value?: number }[] = [];
  const log: unknown[] = [];
  let now = 0;
  let round = -1;
  const answer = (value: unknown) => (value instanceof Error ? Promise.reject(value) : Promise.resolve(value));

  await runSidecar(
    readSettings({ ...env, ...overrides }),
    {
      now: () => now,
      async wait(ms) {
        now += ms;
        round += 1;
        if (round === rounds.length) stop.abort();
      },
      read: (url) => answer(url.endsWith('/task') ? (rounds[round]?.metadata ?? task) : rounds[round]?.app),
      async publish(_, data) {
        const failure = rounds[round]?.cloudwatch;
        if (failure) throw failure;
        for (const { Dimensions, Value } of data) {
          published.push({ at: now, task: Dimensions?.find(({ Name }) => Name === 'TaskId')?.Value, value: Value });
        }
      },
      log: (line) => log.push(line['message']),
    },
    stop.signal,
  );
  return { published, log: log.slice(1, -1) };
}

test('publishes each round, the first one at once', async () => {
  const { published } = await play([{ app: { A: 1 } }, { app: { A: 2 } }]);
  expect(published).toEqual([
    { at: 0, task: 't1', value: 1 },
    { at: 0, task: undefined, value: 1 },
    { at: 10_000, task: 't1', value: 2 },
    { at: 10_000, task: undefined, value: 2 },
  ]);
});

test('keeps to the platform time of an accelerated engine', async () => {
  const { published } = await play([{ app: { A: 1 } }, { app: { A: 1 } }], { ROCKPOOL_SPEED: '20' });
  expect(published.map(({ at }) => at)).toEqual([0, 0, 500, 500]);
});

test('while the app does not answer nothing is published, and only changes are logged', async () => {
  const gone = new Error('connect ECONNREFUSED');
  const { published, log } = await play([
    ...[{ app: gone }, { app: gone }, { app: { A: 1 } }, { app: { A: 1 } }],
    ...[{ app: gone }, { app: 'no object' }, { app: [1] }],
  ]);
  expect(published.map(({ at }) => at)).toEqual([20_000, 20_000, 30_000, 30_000]);
  expect(log).toEqual([
    'metadata: working',
    'target: connect ECONNREFUSED',
    'target: working',
    'metrics: working',
    'cloudwatch: working',
    'target: connect ECONNREFUSED',
  ]);
});

test('after CloudWatch failed the next round publishes what is true then, and nothing old', async () => {
  const cloudwatch = new Error('Rate exceeded');
  const { published, log } = await play([
    { app: { A: 1 }, cloudwatch },
    { app: { A: 2 }, cloudwatch },
    { app: { A: 3 } },
  ]);
  expect(published.map(({ value }) => value)).toEqual([3, 3]);
  expect(log.slice(-2)).toEqual(['cloudwatch: Rate exceeded', 'cloudwatch: working']);
});

test('waits for the metadata: before the task is known nothing is published', async () => {
  const { published } = await play([
    { app: { A: 1 }, metadata: new Error('HTTP 500') },
    { app: { A: 1 }, metadata: {} },
    { app: { A: 1 } },
  ]);
  expect(published).toEqual([
    { at: 20_000, task: 't1', value: 1 },
    { at: 20_000, task: undefined, value: 1 },
  ]);
});

test('outside of ECS it publishes for the service alone, and says so', async () => {
  const { published, log } = await play([{ app: { A: 1 } }], { ECS_CONTAINER_METADATA_URI_V4: undefined });
  expect(published).toEqual([{ at: 0, task: undefined, value: 1 }]);
  expect(log).toContain('metadata: not in an ECS task: metrics carry no TaskId');
});

test('a wanted number that the app does not tell is logged once', async () => {
  const { log } = await play([{ app: { A: 1 } }, { app: { A: 1 } }], { SIDECAR_METRICS: 'A,B' });
  expect(log.filter((line) => line === 'metrics: the app tells no number B')).toHaveLength(1);
});

test.each([
  { due: 0, now: 3, next: 10 },
  { due: 0, now: 10, next: 20 },
  { due: 0, now: 34, next: 40 },
])('a round due at $due and over at $now is followed by one at $next', ({ due, now, next }) => {
  expect(nextRound(due, 10, now)).toBe(next);
});
