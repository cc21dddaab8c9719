import { expect, test } from 'vitest';
import { AwsError } from '../../../engine/src/kernel/aws-error.ts';
import { seededIds } from '../../../engine/src/kernel/ids.ts';
import { logs } from '../../../engine/src/services/logs/index.ts';
import { type Lab, startLab } from '../../../engine/src/testing/lab.ts';
import { LogFollower } from './log-follower.ts';
import type { LogPlace } from './log-places.ts';
import type { TaskLine } from './plan-log-view.ts';

const group = '/web';
const place = (task: string, container = 'app'): LogPlace => ({
  ...{ service: 'web', task, container, group, stream: `${container}/${container}/${task}`, region: 'us-east-1' },
});
const taskOf = (task: string, lastStatus = 'RUNNING') => ({ taskArn: `arn:aws:ecs:::task/main/${task}`, lastStatus });

/** As the SDK's client throws it, an error has its code for a name. */
const read = (lab: Lab, page_max: number) => async (input: Parameters<Lab['logs']['getLogEvents']>[0]) => {
  try {
    return lab.logs.getLogEvents({ ...input, limit: Math.min(input.limit ?? page_max, page_max) });
  } catch (error) {
    throw error instanceof AwsError ? Object.assign(new Error(error.message), { name: error.code }) : error;
  }
};

function startWorld(options: { readonly container?: string; readonly page_max?: number } = {}) {
  const lab: Lab = startLab({ services: () => [logs()] });
  lab.logs.createLogGroup({ logGroupName: group });
  const follower = new LogFollower({
    connect: () => ({ getLogEvents: read(lab, options.page_max ?? 10_000) }) as never,
    places: async (tasks) =>
      tasks.flatMap(({ taskArn = '' }) => [
        place(taskArn.split('/').at(-1) ?? ''),
        place(taskArn.split('/').at(-1) ?? '', 'metrics'),
      ]),
    container: options.container,
  });
  const streams = new Set<string>();
  return {
    lab,
    follower,
    print(task: string, messages: readonly string[], container = 'app') {
      const { stream } = place(task, container);
      if (!streams.has(stream)) lab.logs.createLogStream({ logGroupName: group, logStreamName: stream });
      streams.add(stream);
      const timestamp = lab.clock.now();
      lab.logs.putLogEvents({
        logGroupName: group,
        logStreamName: stream,
        logEvents: messages.map((message) => ({ timestamp, message })),
      });
    },
  };
}

const text = (lines: readonly TaskLine[]) => lines.map(({ task, message }) => `${task} ${message}`);

test('the last lines of all tasks are one story, and what follows goes on after them', async () => {
  const { lab, follower, print } = startWorld();
  print('a', ['1', '2']);
  lab.advance(10);
  print('b', ['3']);
  lab.advance(10);
  print('a', ['4', '5']);
  const tasks = [taskOf('a'), taskOf('b')];
  expect(text(await follower.begin(tasks, 3))).toEqual(['b 3', 'a 4', 'a 5']);
  expect(await follower.next(tasks)).toEqual([]);
  print('b', ['6']);
  expect(text(await follower.next(tasks))).toEqual(['b 6']);
});

test('what does not fit into one answer is read in several', async () => {
  const { follower, print } = startWorld({ page_max: 2 });
  print('a', ['1', '2', '3', '4', '5', '6', '7']);
  expect(text(await follower.begin([taskOf('a')], 5))).toEqual(['a 3', 'a 4', 'a 5', 'a 6', 'a 7']);
  print('a', ['8', '9', '10']);
  expect(text(await follower.next([taskOf('a')]))).toEqual(['a 8', 'a 9', 'a 10']);
});

test('no lines from before, where none are asked for', async () => {
  const { follower, print } = startWorld();
  print('a', ['1', '2']);
  expect(await follower.begin([taskOf('a')], 0)).toEqual([]);
  print('a', ['3']);
  expect(text(await follower.next([taskOf('a')]))).toEqual(['a 3']);
});

test('a task that starts later is heard from its first line', async () => {
  const { follower, print } = startWorld();
  await follower.begin([taskOf('a')], 10);
  // Its stream is not there before the container has started.
  expect(await follower.next([taskOf('a'), taskOf('b')])).toEqual([]);
  print('b', ['first', 'second']);
  expect(text(await follower.next([taskOf('a'), taskOf('b')]))).toEqual(['b first', 'b second']);
});

test('a stopped task is heard to its end, and that is noticed', async () => {
  const { follower, print } = startWorld();
  print('a', ['1']);
  await follower.begin([taskOf('a')], 10);
  print('a', ['bye']);
  expect(follower.ended).toBe(false);
  expect(text(await follower.next([taskOf('a', 'STOPPED')]))).toEqual(['a bye']);
  expect(follower.ended).toBe(true);
});

test('only one container, where one is asked for', async () => {
  const { follower, print } = startWorld({ container: 'metrics' });
  print('a', ['from the app']);
  print('a', ['from the sidecar'], 'metrics');
  expect(text(await follower.begin([taskOf('a')], 10))).toEqual(['a from the sidecar']);
});

const seeds = Array.from({ length: 50 }, (_, index) => index + 1);

test.each(seeds)(
  'however printing and reading interleave, every line is told once and in order (seed %i)',
  async (seed) => {
    const { lab, follower, print } = startWorld();
    const ids = seededIds(seed);
    const draw = (count: number) => Math.floor(ids.random('test') * count);
    const names = ['a', 'b', 'c'];
    const printed = new Map<string, string[]>(names.map((name) => [name, []]));
    const heard = [
      ...(await follower.begin(
        names.map((name) => taskOf(name)),
        5,
      )),
    ];
    for (let step = 0; step < 60; step++) {
      const name = names[draw(names.length)] ?? '';
      const messages = Array.from({ length: 1 + draw(3) }, (_, index) => `${step}.${index}`);
      if (draw(3) > 0) {
        print(name, messages);
        printed.get(name)?.push(...messages);
      }
      // Often no time passes at all between two lines.
      if (draw(2) === 0) lab.advance(draw(20));
      if (draw(3) === 0) heard.push(...(await follower.next(names.map((task) => taskOf(task)))));
    }
    heard.push(...(await follower.next(names.map((task) => taskOf(task)))));
    for (const name of names)
      expect(heard.filter(({ task }) => task === name).map(({ message }) => message)).toEqual(printed.get(name));
  },
);
