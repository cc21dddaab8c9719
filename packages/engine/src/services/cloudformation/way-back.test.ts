import { expect, test } from 'vitest';
import { startWorld, statusOf, story, templateOf, thingNames, topic } from './testing/world.ts';

const deploy = (lab: ReturnType<typeof startWorld>, resources: object, more: object = {}) =>
  lab.cloudFormation.createStack({ StackName: 'app', TemplateBody: templateOf({ Resources: resources, ...more }) });
const update = (lab: ReturnType<typeof startWorld>, resources: object, more: object = {}) =>
  lab.cloudFormation.updateStack({ StackName: 'app', TemplateBody: templateOf({ Resources: resources, ...more }) });

test('with rollback disabled a failed stack stays as it is, can be looked at, and put right', () => {
  let fail = true;
  const lab = startWorld({ faults: { create: (name) => (fail && name === 'bad' ? 'no' : undefined) } });
  const resources = { Good: topic({ DisplayName: 'good' }), Bad: topic({ DisplayName: 'bad' }) };
  lab.cloudFormation.createStack({
    StackName: 'app',
    DisableRollback: true,
    TemplateBody: templateOf({ Resources: resources }),
  });
  expect(statusOf(lab, 'app')).toBe('CREATE_FAILED');
  expect(thingNames(lab)).toEqual(['good']);
  fail = false;
  update(lab, resources);
  expect(statusOf(lab, 'app')).toBe('UPDATE_COMPLETE');
  expect(thingNames(lab)).toEqual(['bad', 'good']);
});

test('an update can be cancelled, and goes back', () => {
  const lab = startWorld({ faults: { slow_ms: () => 30_000 } });
  deploy(lab, { A: topic({ DisplayName: 'a' }) });
  lab.advance('1m');
  expect(() => lab.cloudFormation.cancelUpdateStack({ StackName: 'app' })).toThrow(
    'cannot be called from current stack status',
  );
  update(lab, { A: topic({ DisplayName: 'b' }), B: topic({ DisplayName: 'new' }, { DependsOn: 'A' }) });
  lab.cloudFormation.cancelUpdateStack({ StackName: 'app' });
  lab.advance('2m');
  expect([statusOf(lab, 'app'), thingNames(lab)]).toEqual(['UPDATE_ROLLBACK_COMPLETE', ['a']]);
});

test('a rollback that gets stuck is told, and can be continued', () => {
  const stuck = { a: false };
  const lab = startWorld({
    faults: {
      create: (name) => (name === 'bad' ? 'no' : undefined),
      update: (name) => (stuck.a && name === 'a' ? 'not now' : undefined),
    },
  });
  deploy(lab, { A: topic({ DisplayName: 'a' }), B: topic({ DisplayName: 'b' }) });
  stuck.a = true;
  update(lab, {
    A: topic({ DisplayName: 'a2' }),
    B: topic({ DisplayName: 'b2' }),
    Bad: topic({ DisplayName: 'bad' }, { DependsOn: ['A', 'B'] }),
  });
  expect(statusOf(lab, 'app')).toBe('UPDATE_ROLLBACK_FAILED');
  expect(thingNames(lab)).toEqual(['a2', 'b']);
  lab.cloudFormation.continueUpdateRollback({ StackName: 'app' });
  expect(statusOf(lab, 'app')).toBe('UPDATE_ROLLBACK_FAILED');
  stuck.a = false;
  lab.cloudFormation.continueUpdateRollback({ StackName: 'app' });
  expect([statusOf(lab, 'app'), thingNames(lab)]).toEqual(['UPDATE_ROLLBACK_COMPLETE', ['a', 'b']]);
});

test('what failed with rollback disabled can be rolled back later', () => {
  const lab = startWorld({ faults: { create: (name) => (name === 'bad' ? 'no' : undefined) } });
  deploy(lab, { A: topic({ DisplayName: 'a' }), R: topic({ TopicName: 'r1' }) });
  lab.cloudFormation.updateStack({
    StackName: 'app',
    DisableRollback: true,
    TemplateBody: templateOf({
      Resources: {
        A: topic({ DisplayName: 'a2' }),
        R: topic({ TopicName: 'r2' }),
        Bad: topic({ DisplayName: 'bad' }, { DependsOn: ['A', 'R'] }),
      },
    }),
  });
  expect([statusOf(lab, 'app'), thingNames(lab)]).toEqual(['UPDATE_FAILED', ['a2', 'r1', 'r2']]);
  lab.cloudFormation.rollbackStack({ StackName: 'app' });
  expect([statusOf(lab, 'app'), thingNames(lab)]).toEqual(['UPDATE_ROLLBACK_COMPLETE', ['a', 'r1']]);
});

test('a creation that takes longer than its time limit is rolled back', () => {
  const lab = startWorld({ faults: { slow_ms: () => 600_000 } });
  lab.cloudFormation.createStack({
    StackName: 'app',
    TimeoutInMinutes: 5,
    TemplateBody: templateOf({ Resources: { A: topic({ DisplayName: 'a' }) } }),
  });
  lab.advance('4m');
  expect(statusOf(lab, 'app')).toBe('CREATE_IN_PROGRESS');
  lab.advance('1m');
  expect([statusOf(lab, 'app'), thingNames(lab)]).toEqual(['ROLLBACK_COMPLETE', []]);
  expect(story(lab, 'app')).toContain(
    'app ROLLBACK_IN_PROGRESS Stack creation time exceeded the specified timeout. Rollback requested by user.',
  );
});

test('a nested stack that failed with rollback disabled, or got stuck on its way back, goes back with its parent', () => {
  const stuck = { a: false };
  const inner = (name: string, more: object = {}) =>
    templateOf({ Resources: { A: topic({ DisplayName: name }), ...more } });
  const lab = startWorld({
    objects: {
      'assets/one.json': inner('a'),
      'assets/two.json': inner('a2', { Bad: topic({ DisplayName: 'bad' }, { DependsOn: 'A' }) }),
    },
    faults: {
      create: (name) => (name === 'bad' ? 'no' : undefined),
      update: (name) => (stuck.a && name === 'a' ? 'not now' : undefined),
    },
  });
  const resources = (file: string) => ({
    Nested: { Type: 'AWS::CloudFormation::Stack', Properties: { TemplateURL: `s3://assets/${file}` } },
  });
  deploy(lab, resources('one.json'));
  const statuses = () => [
    statusOf(lab, 'app'),
    lab.cloudFormation.describeStacks({}).Stacks?.find(({ ParentId }) => ParentId)?.StackStatus,
  ];
  lab.cloudFormation.updateStack({
    StackName: 'app',
    DisableRollback: true,
    TemplateBody: templateOf({ Resources: resources('two.json') }),
  });
  expect(statuses()).toEqual(['UPDATE_FAILED', 'UPDATE_FAILED']);
  lab.cloudFormation.rollbackStack({ StackName: 'app' });
  expect([statuses(), thingNames(lab)]).toEqual([['UPDATE_ROLLBACK_COMPLETE', 'UPDATE_ROLLBACK_COMPLETE'], ['a']]);
  stuck.a = true;
  update(lab, resources('two.json'));
  expect(statuses()).toEqual(['UPDATE_ROLLBACK_FAILED', 'UPDATE_ROLLBACK_FAILED']);
  stuck.a = false;
  lab.cloudFormation.continueUpdateRollback({ StackName: 'app' });
  expect([statuses(), thingNames(lab)]).toEqual([['UPDATE_ROLLBACK_COMPLETE', 'UPDATE_ROLLBACK_COMPLETE'], ['a']]);
});

test('a stack cannot be deleted in the middle of an update', () => {
  const lab = startWorld({ faults: { slow_ms: (name) => (name === 'slow' ? 5_000 : 0) } });
  deploy(lab, { A: topic({ DisplayName: 'a' }) });
  update(lab, { A: topic({ DisplayName: 'slow' }) });
  expect(() => lab.cloudFormation.deleteStack({ StackName: 'app' })).toThrow(
    'cannot be deleted while in status UPDATE_IN_PROGRESS',
  );
  expect(() => update(lab, { A: topic({ DisplayName: 'b' }) })).toThrow(
    'is in UPDATE_IN_PROGRESS state and can not be updated.',
  );
});

test('a stack can be deleted while it is being created', () => {
  const lab = startWorld({ faults: { slow_ms: () => 60_000 } });
  const { StackId = '' } = deploy(lab, {
    A: topic({ DisplayName: 'a' }),
    B: topic({ DisplayName: 'b' }, { DependsOn: 'A' }),
  });
  lab.advance('1s');
  lab.cloudFormation.deleteStack({ StackName: 'app' });
  expect([statusOf(lab, StackId), thingNames(lab)]).toEqual(['DELETE_COMPLETE', []]);
});

test('a resource that never settles is given up after two hours', () => {
  const lab = startWorld({ faults: { slow_ms: () => Number.MAX_SAFE_INTEGER } });
  deploy(lab, { A: topic({ DisplayName: 'a' }) });
  lab.advance('119m');
  expect(statusOf(lab, 'app')).toBe('CREATE_IN_PROGRESS');
  lab.advance('2m');
  expect([statusOf(lab, 'app'), thingNames(lab)]).toEqual(['ROLLBACK_COMPLETE', []]);
  expect(story(lab, 'app').join('\n')).toMatch(/A CREATE_FAILED .*"Exceeded attempts to wait" .*NotStabilized/);
});
