import { describe, expect, test } from 'vitest';
import type { ContainerDefinition, ContainerRun, TaskDefinitionRow, TaskRow } from '../model.ts';
import { planTask, type TaskStatus } from './plan-task.ts';

const now = 1_000_000;

const container = (name: string, change: Partial<ContainerDefinition> = {}): ContainerDefinition => ({
  name,
  image: 'x',
  essential: true,
  portMappings: [],
  ...change,
});
const definition = (...containerDefinitions: ContainerDefinition[]): TaskDefinitionRow => ({
  taskDefinitionArn: 'arn:td:1',
  family: 'td',
  revision: 1,
  status: 'ACTIVE',
  containerDefinitions,
});

const run = (name: string, phase: ContainerRun['phase'], change: Partial<ContainerRun> = {}): ContainerRun => ({
  name,
  containerArn: name,
  attempt: 1,
  phase,
  image: 'x',
  bindings: [],
  ...(phase === 'waiting' ? {} : { askedAt_ms: now - 60_000 }),
  ...(phase === 'running' || phase === 'exited' ? { startedAt_ms: now - 60_000 } : {}),
  ...(phase === 'exited' ? { exitedAt_ms: now - 1000, exitCode: 0 } : {}),
  ...change,
});

const row = (
  lastStatus: TaskStatus,
  containers: ContainerRun[],
  change: Partial<TaskRow> = {},
  wanted = 'RUNNING',
): TaskRow => ({
  task: {
    taskArn: 'arn:task/a',
    clusterArn: 'c',
    taskDefinitionArn: 'arn:td:1',
    lastStatus,
    desiredStatus: wanted,
    version: 1,
    createdAt: new Date(0),
    group: 'g',
    ...(lastStatus === 'RUNNING' ? { startedAt: new Date(now - 60_000) } : {}),
  },
  taskId: 'a',
  since_ms: now - 60_000,
  containers,
  targets: [],
  endpointKey: 'k',
  endpointToken: 't',
  ...change,
});

const plan = (task: TaskRow, containers: ContainerDefinition[], drained = false) =>
  planTask(task, definition(...containers), { now, drained: () => drained });
const steps = (...args: Parameters<typeof plan>) => plan(...args).steps;

describe('starting', () => {
  const app = container('app');
  const after = (
    condition: 'START' | 'COMPLETE' | 'SUCCESS' | 'HEALTHY',
    change: Partial<ContainerDefinition> = {},
  ) => [
    container('first', { essential: condition === 'START' || condition === 'HEALTHY', ...change }),
    container('app', { dependsOn: [{ containerName: 'first', condition }] }),
  ];
  const start = [{ do: 'start', container: 'app' }];
  const never = { do: 'never-start', container: 'app', reason: 'dependency on container first was not met' };

  test.each<[string, ContainerRun, ContainerDefinition[], object[]]>([
    ['START: not before the other has started', run('first', 'starting'), after('START'), []],
    ['START: once it has', run('first', 'running'), after('START'), start],
    [
      'HEALTHY: not while nobody knows',
      run('first', 'running', { health: 'UNKNOWN' }),
      after('HEALTHY', { healthCheck: { command: ['CMD', 'x'] } }),
      [],
    ],
    [
      'HEALTHY: once it is',
      run('first', 'running', { health: 'HEALTHY' }),
      after('HEALTHY', { healthCheck: { command: ['CMD', 'x'] } }),
      start,
    ],
    ['COMPLETE: with any exit code', run('first', 'exited', { exitCode: 9 }), after('COMPLETE'), start],
    ['SUCCESS: with exit code 0', run('first', 'exited', { exitCode: 0 }), after('SUCCESS'), start],
    ['SUCCESS: never after another exit code', run('first', 'exited', { exitCode: 9 }), after('SUCCESS'), [never]],
    [
      'startTimeout: never when it is over',
      run('first', 'running', { askedAt_ms: now - 5000 }),
      after('COMPLETE', { startTimeout: 5 }),
      [never],
    ],
  ])('dependsOn %s', (_title, first, definitions, expected) => {
    expect(steps(row('PENDING', [first, run('app', 'waiting')]), definitions)).toEqual(expected);
  });

  test('startTimeout is looked at again when it runs out', () => {
    const first = run('first', 'running', { askedAt_ms: now - 4000 });
    expect(plan(row('PENDING', [first, run('app', 'waiting')]), after('COMPLETE', { startTimeout: 5 }))).toMatchObject({
      steps: [],
      lookAgain_ms: now + 1000,
      waiting: 'container app waits for first',
    });
  });

  test('a task is up when every container has run', () => {
    const definitions = [container('init', { essential: false }), app];
    expect(steps(row('PENDING', [run('init', 'exited'), run('app', 'starting')]), definitions)).toEqual([]);
    expect(steps(row('PENDING', [run('init', 'exited'), run('app', 'running')]), definitions)).toEqual([
      { do: 'become', status: 'ACTIVATING' },
    ]);
  });

  test('an image that cannot be had fails the task, essential or not', () => {
    const reason = 'CannotPullContainerError: not found';
    const failed = run('side', 'exited', { startedAt_ms: undefined, exitCode: undefined, reason });
    expect(
      steps(row('PENDING', [failed, run('app', 'running')]), [container('side', { essential: false }), app]),
    ).toEqual([{ do: 'stop-task', stopCode: 'TaskFailedToStart', reason, failure: 'never-ran' }]);
  });
});

describe('running', () => {
  test('an essential container that ends stops the task', () => {
    expect(steps(row('RUNNING', [run('app', 'exited', { exitCode: 1 })]), [container('app')])).toEqual([
      {
        do: 'stop-task',
        stopCode: 'EssentialContainerExited',
        reason: 'Essential container in task exited',
        failure: 'exited',
      },
    ]);
  });
  test('another may end', () => {
    const task = row('RUNNING', [run('app', 'running'), run('side', 'exited', { exitCode: 1 })]);
    expect(steps(task, [container('app'), container('side', { essential: false })])).toEqual([]);
  });
  test('a restart policy starts it again, once it has run long enough and its exit code is not ignored', () => {
    const policy = { restartPolicy: { enabled: true, restartAttemptPeriod: 60, ignoredExitCodes: [0] } };
    const at = (exitCode: number, ran_ms: number) =>
      steps(row('RUNNING', [run('app', 'exited', { exitCode, startedAt_ms: now - ran_ms, exitedAt_ms: now })]), [
        container('app', policy),
      ])[0]?.do;
    expect(at(1, 61_000)).toBe('start');
    expect(at(1, 59_000)).toBe('stop-task');
    expect(at(0, 61_000)).toBe('stop-task');
  });
});

describe('stopping', () => {
  const target = { targetGroupArn: 'tg', containerName: 'app', port: 80 };
  const leaving = (drain: boolean, state: 'registered' | 'deregistered', containers = [run('app', 'running')]) =>
    row('DEACTIVATING', containers, { stop: { drain }, targets: [{ ...target, state }] }, 'STOPPED');

  test('targets are taken out first', () => {
    expect(steps(leaving(true, 'registered'), [container('app')])).toEqual([{ do: 'deregister-targets' }]);
  });
  test('the scheduler waits for them to drain', () => {
    expect(plan(leaving(true, 'deregistered'), [container('app')])).toMatchObject({
      steps: [],
      lookAgain_ms: now + 1000,
    });
    expect(steps(leaving(true, 'deregistered'), [container('app')], true)).toEqual([
      { do: 'become', status: 'STOPPING' },
    ]);
  });
  test('StopTask does not', () => {
    expect(steps(leaving(false, 'deregistered'), [container('app')])).toEqual([{ do: 'become', status: 'STOPPING' }]);
  });
  test('nobody waits for a task whose essential container has ended', () => {
    expect(steps(leaving(true, 'deregistered', [run('app', 'exited')]), [container('app')])).toEqual([
      { do: 'become', status: 'STOPPING' },
    ]);
  });

  const both = [
    container('db'),
    container('app', { dependsOn: [{ containerName: 'db', condition: 'START' }], stopTimeout: 10 }),
  ];
  const ending = (...containers: ContainerRun[]) => row('STOPPING', containers, { stop: { drain: false } }, 'STOPPED');

  test('containers stop in reverse order of their dependencies', () => {
    expect(steps(ending(run('db', 'running'), run('app', 'running')), both)).toEqual([
      { do: 'signal', container: 'app', kill: false },
    ]);
    expect(steps(ending(run('db', 'running'), run('app', 'exited')), both)).toEqual([
      { do: 'signal', container: 'db', kill: false },
    ]);
  });
  test('one that does not end is killed after its stopTimeout, 30 s unless it says otherwise', () => {
    const asked = (name: string, ago_ms: number) => run(name, 'running', { signalledAt_ms: now - ago_ms });
    expect(plan(ending(run('db', 'running'), asked('app', 9_999)), both)).toMatchObject({
      steps: [],
      lookAgain_ms: now + 1,
    });
    expect(steps(ending(run('db', 'running'), asked('app', 10_000)), both)).toEqual([
      { do: 'signal', container: 'app', kill: true },
    ]);
    expect(plan(ending(asked('db', 29_999), run('app', 'exited')), both)).toMatchObject({
      steps: [],
      lookAgain_ms: now + 1,
    });
    expect(steps(ending(asked('db', 30_000), run('app', 'exited')), both)).toEqual([
      { do: 'signal', container: 'db', kill: true },
    ]);
  });
  test('one that is just starting is waited for', () => {
    expect(steps(ending(run('app', 'starting')), [container('app')])).toEqual([]);
  });
  test('one that never started needs nothing', () => {
    expect(steps(ending(run('db', 'exited'), run('app', 'waiting')), both)).toEqual([
      { do: 'become', status: 'DEPROVISIONING' },
    ]);
  });
  test('stopped before it began: straight to the end', () => {
    expect(steps(row('PROVISIONING', [run('app', 'waiting')], {}, 'STOPPED'), [container('app')])).toEqual([
      { do: 'become', status: 'DEPROVISIONING' },
    ]);
  });
});
