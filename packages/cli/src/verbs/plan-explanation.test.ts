import type { EngineEvent } from '@rockpool/engine';
import { expect, test } from 'vitest';
import { type Facts, planExplanation } from './plan-explanation.ts';
import { renderExplanation } from './render-explanation.ts';
import { event } from './testing/events.ts';

const arn = 'arn:aws:ecs:us-east-1:000000000000:service/main/web';
const other = 'arn:aws:ecs:us-east-1:000000000000:service/main/other';
const root: EngineEvent['actor'] = { kind: 'root', arn: 'arn:aws:iam::000000000000:root' };

const count = (from: number, to: number, actor: EngineEvent['actor'] = root, change: Partial<EngineEvent> = {}) =>
  event('ecs/desired-count-changed', { subject: arn, data: { from, to }, actor, ...change });

const role = (path: string, cause?: EngineEvent['actor']['cause']): EngineEvent['actor'] => ({
  kind: 'role',
  arn: `arn:aws:sts::000000000000:assumed-role/${path}`,
  ...(cause ? { cause } : {}),
});

const explain = (events: readonly EngineEvent[], facts: Partial<Facts> = {}) =>
  planExplanation({
    ...{ cluster: 'main', name: 'web', arn, protectedTasks: 0, events },
    described: { desiredCount: 2, runningCount: 2, pendingCount: 0, deployments: [] },
    ...facts,
  });

test.each([
  { who: 'a user of the account', actor: root, by: { kind: 'user', name: 'root' } },
  {
    who: 'an IAM user',
    actor: { kind: 'user' as const, arn: 'arn:aws:iam::000000000000:user/ops/anna' },
    by: { kind: 'user', name: 'anna' },
  },
  {
    who: 'a function',
    actor: role('scaling/scale-out', { function: 'scale-out' }),
    by: { kind: 'function', name: 'scale-out' },
  },
  {
    who: 'a scaling policy',
    actor: role('AWSServiceRoleForApplicationAutoScaling_ECSService/AutoScaling-UpdateDesiredCapacity'),
    by: { kind: 'scaling', name: 'Application Auto Scaling' },
  },
  {
    who: 'CloudFormation with a role',
    actor: role('deployer/AWSCloudFormation'),
    by: { kind: 'stack', name: 'CloudFormation as deployer' },
  },
  { who: 'somebody with a role', actor: role('admin/anna'), by: { kind: 'role', name: 'admin/anna' } },
  {
    who: 'a service for a resource',
    actor: { kind: 'service' as const, arn: 'ecs.amazonaws.com', sourceArn: arn },
    by: { kind: 'service', name: 'ecs for web' },
  },
])('a change was made by $who', ({ actor, by }) => {
  expect(explain([count(1, 2, actor)]).changes).toMatchObject([{ from: 1, to: 2, by }]);
});

test('what CloudFormation does as the user who deploys is told as the stack', () => {
  const resource = (time: number, physicalId: string) =>
    event('cloudformation/resource-status', {
      time,
      data: { stackName: 'Web', physicalId, status: 'CREATE_IN_PROGRESS' },
      actor: { kind: 'service', arn: 'cloudformation.amazonaws.com' },
    });
  const created = count(0, 2);
  const byHand = count(2, 3);
  const events = [created, resource(created.time, arn), byHand, resource(byHand.time, other), resource(1, arn)];
  expect(explain(events).changes.map(({ by }) => by)).toEqual([
    { kind: 'stack', name: 'Web' },
    { kind: 'user', name: 'root' },
  ]);
});

test('the cause is told with the change', () => {
  const cause = {
    ...{ function: 'scale-out', rule: 'on-upper', alarm: 'upper', metric: 'LicensesInUse' },
    ...{ value: 92, threshold: 80, reason: 'Threshold Crossed: 1 datapoint', event: 'CloudWatch Alarm State Change 1' },
  };
  const { function: name, event: _, ...told } = cause;
  expect(explain([count(1, 2, role('scaling/scale-out', cause))]).changes).toMatchObject([
    { by: { kind: 'function', name }, ...told },
  ]);
});

test('other services, and an earlier one of the same name, are other stories', () => {
  const events = [
    count(0, 5),
    event('ecs/service-deleted', { subject: arn }),
    count(0, 1),
    event('ecs/desired-count-changed', { subject: other, data: { from: 0, to: 9 } }),
    event('ecs/service-deleted', { subject: other }),
    count(1, 2),
  ];
  expect(explain(events).changes).toMatchObject([
    { from: 0, to: 1 },
    { from: 1, to: 2 },
  ]);
});

test('what has happened since the last change is told where it is about the service', () => {
  const about = (type: string, change: Partial<EngineEvent>, is: boolean) => ({ event: event(type, change), is });
  const before = event('ecs/service-event', { subject: arn });
  const started = event('ecs/task-state-changed', { subject: 'task/1', data: { service: arn, to: 'RUNNING' } });
  const by = role('scaling/scale-in', { function: 'scale-in' });
  const changed = count(1, 2, by);
  const cases = [
    about('ecs/service-event', { subject: arn }, true),
    about('ecs/service-event', { subject: other }, false),
    about('ecs/task-protection-changed', { data: { service: arn } }, true),
    about('ecs/task-protection-changed', { data: { service: other } }, false),
    about('ecs/task-state-changed', { subject: 'task/1', data: { service: arn, to: 'STOPPED' } }, true),
    about('ecs/task-state-changed', { subject: 'task/1', data: { service: arn, to: 'DEACTIVATING' } }, false),
    about('ecs/execute-command-ended', { subject: 'task/1' }, true),
    about('ecs/execute-command-ended', { subject: 'task/9' }, false),
    about('application-auto-scaling/not-scaled', { data: { resource: 'service/main/web' } }, true),
    about('application-auto-scaling/not-scaled', { data: { resource: 'service/main/other' } }, false),
    about('lambda/function-failed', { data: { function: 'scale-in' } }, true),
    about('lambda/function-failed', { data: { function: 'something-else' } }, false),
    about('s3/bucket-created', {}, false),
  ];
  const { since } = explain([before, started, changed, ...cases.map((one) => one.event)]);
  const times = since.map(({ time }) => time);
  expect(times).toEqual(cases.filter(({ is }) => is).map((one) => one.event.time));
});

test.each([
  { case: 'nothing to say', facts: {}, present: [] },
  {
    case: 'too few run',
    facts: { described: { desiredCount: 3, runningCount: 2, deployments: [] } },
    present: ['1 task still to start'],
  },
  {
    case: 'too many run',
    facts: { described: { desiredCount: 1, runningCount: 3, deployments: [] } },
    present: ['2 tasks still to stop'],
  },
  {
    case: 'a deployment goes on',
    facts: {
      described: {
        desiredCount: 2,
        runningCount: 2,
        deployments: [
          { id: 'ecs-svc/1', rolloutState: 'IN_PROGRESS' as const, rolloutStateReason: 'ECS deployment in progress.' },
          { id: 'ecs-svc/0', rolloutState: 'COMPLETED' as const },
        ],
      },
    },
    present: ['ecs-svc/1 is IN_PROGRESS: ECS deployment in progress.'],
  },
  { case: 'tasks are protected', facts: { protectedTasks: 1 }, present: ['1 task protected from scale-in'] },
  { case: 'at the maximum', facts: { bounds: { min: 1, max: 2 } }, present: ['at its maximum of 2'] },
  { case: 'at the minimum', facts: { bounds: { min: 2, max: 6 } }, present: ['at its minimum of 2'] },
])('what holds now: $case', ({ facts, present }) => {
  expect(explain([], facts).present).toEqual(present);
});

test.each([
  { cause: { metric: 'M', value: 92, threshold: 80, alarm: 'a' }, told: 'because M was 92, above 80 (alarm a)' },
  { cause: { metric: 'M', value: 12, threshold: 20 }, told: 'because M was 12, below 20' },
  { cause: { metric: 'M', value: 20, threshold: 20 }, told: 'because M was 20, which is its threshold' },
  { cause: { metric: 'M', value: 20 }, told: 'because M was 20' },
  { cause: { reason: 'it was asked to', rule: 'r' }, told: 'because it was asked to (rule r)' },
  { cause: { alarm: 'a', rule: 'r' }, told: 'because of alarm a, rule r' },
  { cause: {}, told: 'admin/anna' },
])('a change reads "$told"', ({ cause, told }) => {
  const text = renderExplanation(explain([count(1, 2, role('admin/anna', cause))]));
  expect(text.split('\n').find((line) => line.includes('1 -> 2'))).toMatch(
    new RegExp(`${told.replace(/[()]/g, '\\$&')}$`),
  );
});

test('of a long story the end is told', () => {
  const events = [
    count(0, 2),
    ...Array.from({ length: 40 }, (_, index) =>
      event('ecs/service-event', { subject: arn, message: `event ${index}.` }),
    ),
  ];
  const text = renderExplanation(explain(events));
  expect(text).toContain('since then (the last 15 of 40)');
  expect(text).not.toContain('event 24.');
  expect(text).toContain('event 25.');
});

test('a service whose count never changed says so', () => {
  expect(renderExplanation(explain([]))).toBe(
    'web: 2 wanted, 2 running\n\nits count has not changed since it was created\n',
  );
});
