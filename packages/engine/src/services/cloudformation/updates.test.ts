import { expect, test } from 'vitest';
import { startWorld, statusOf, story, templateOf, thingNames, things, topic } from './testing/world.ts';

const deploy = (lab: ReturnType<typeof startWorld>, resources: object, more: object = {}) =>
  lab.cloudFormation.createStack({ StackName: 'app', TemplateBody: templateOf({ Resources: resources, ...more }) });
const update = (lab: ReturnType<typeof startWorld>, resources: object, more: object = {}) =>
  lab.cloudFormation.updateStack({ StackName: 'app', TemplateBody: templateOf({ Resources: resources, ...more }) });
const told = (lab: ReturnType<typeof startWorld>, since: number) => story(lab, 'app').slice(since);
const count = (lab: ReturnType<typeof startWorld>) => story(lab, 'app').length;

test('a property that does not replace is changed in place', () => {
  const lab = startWorld();
  deploy(lab, { A: topic({ DisplayName: 'a' }) });
  const before = count(lab);
  update(lab, { A: topic({ DisplayName: 'b' }) });
  expect(told(lab, before)).toEqual([
    'app UPDATE_IN_PROGRESS User Initiated',
    'A UPDATE_IN_PROGRESS',
    'A UPDATE_COMPLETE',
    'app UPDATE_COMPLETE_CLEANUP_IN_PROGRESS',
    'app UPDATE_COMPLETE',
  ]);
  expect(thingNames(lab)).toEqual(['b']);
});

test('a property that replaces makes a new resource, tells those who refer to it, and then deletes the old one', () => {
  const lab = startWorld();
  const resources = (name: string) => ({ B: topic({ DisplayName: { Ref: 'A' } }), A: topic({ TopicName: name }) });
  deploy(lab, resources('one'));
  const before = count(lab);
  update(lab, resources('two'));
  expect(told(lab, before)).toEqual([
    'app UPDATE_IN_PROGRESS User Initiated',
    'A UPDATE_IN_PROGRESS Requested update requires the creation of a new physical resource; hence creating one.',
    'A UPDATE_IN_PROGRESS Resource creation Initiated',
    'A UPDATE_COMPLETE',
    'B UPDATE_IN_PROGRESS',
    'B UPDATE_COMPLETE',
    'app UPDATE_COMPLETE_CLEANUP_IN_PROGRESS',
    'A DELETE_IN_PROGRESS',
    'A DELETE_COMPLETE',
    'app UPDATE_COMPLETE',
  ]);
  expect(thingNames(lab)).toEqual(['arn:aws:sns:us-east-1:000000000000:two', 'two']);
});

test('added resources are made, removed ones are deleted at the end', () => {
  const lab = startWorld();
  deploy(lab, { A: topic({ DisplayName: 'a' }), B: topic({ DisplayName: 'b' }, { DependsOn: 'A' }) });
  update(lab, { C: topic({ DisplayName: 'c' }) });
  expect(thingNames(lab)).toEqual(['c']);
  expect(told(lab, 0).filter((line) => /DELETE/.test(line))).toEqual([
    'B DELETE_IN_PROGRESS',
    'B DELETE_COMPLETE',
    'A DELETE_IN_PROGRESS',
    'A DELETE_COMPLETE',
  ]);
  expect(lab.cloudFormation.describeStackResources({ StackName: 'app' }).StackResources).toMatchObject([
    { LogicalResourceId: 'C', ResourceStatus: 'CREATE_COMPLETE' },
  ]);
});

test('an update that changes nothing is refused', () => {
  const lab = startWorld();
  deploy(lab, { A: topic({ DisplayName: 'a' }) });
  expect(() => update(lab, { A: topic({ DisplayName: 'a' }) })).toThrow('No updates are to be performed.');
  expect(() => update(lab, { A: { Type: 'AWS::CDK::Metadata' } })).toThrow(
    'Update of resource type is not permitted. The new template modifies resource type of the following resources: [A]',
  );
});

test('a failed update goes back: what was changed is as before, what was new is gone', () => {
  const lab = startWorld({ faults: { create: (name) => (name === 'bad' ? 'no' : undefined) } });
  const first = { A: topic({ DisplayName: 'a' }), R: topic({ TopicName: 'r1' }), Old: topic({ DisplayName: 'old' }) };
  deploy(lab, first);
  const rows = () =>
    lab.context.store
      .table(things)
      .list()
      .map(({ id, name }) => [id, name])
      .sort();
  const before = rows();
  const events = count(lab);
  update(lab, {
    A: topic({ DisplayName: 'changed' }),
    R: topic({ TopicName: 'r2' }),
    New: topic({ DisplayName: 'new' }),
    Bad: topic({ DisplayName: 'bad' }, { DependsOn: ['A', 'R', 'New'] }),
  });
  expect(statusOf(lab, 'app')).toBe('UPDATE_ROLLBACK_COMPLETE');
  expect(rows()).toEqual(before);
  expect(told(lab, events)).toEqual([
    'app UPDATE_IN_PROGRESS User Initiated',
    'A UPDATE_IN_PROGRESS',
    'A UPDATE_COMPLETE',
    'R UPDATE_IN_PROGRESS Requested update requires the creation of a new physical resource; hence creating one.',
    'R UPDATE_IN_PROGRESS Resource creation Initiated',
    'R UPDATE_COMPLETE',
    'New CREATE_IN_PROGRESS',
    'New CREATE_IN_PROGRESS Resource creation Initiated',
    'New CREATE_COMPLETE',
    'Bad CREATE_IN_PROGRESS',
    expect.stringMatching(
      /^Bad CREATE_FAILED Resource handler returned message: "no" \(RequestToken: [0-9a-f-]{36}, HandlerErrorCode: InvalidRequest\)$/,
    ),
    'app UPDATE_ROLLBACK_IN_PROGRESS The following resource(s) failed to create: [Bad]. ',
    'A UPDATE_IN_PROGRESS',
    'A UPDATE_COMPLETE',
    'R UPDATE_IN_PROGRESS',
    'R UPDATE_COMPLETE',
    'app UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS',
    'New DELETE_IN_PROGRESS',
    'New DELETE_COMPLETE',
    'R DELETE_IN_PROGRESS',
    'R DELETE_COMPLETE',
    'app UPDATE_ROLLBACK_COMPLETE',
  ]);
  update(lab, { ...first, A: topic({ DisplayName: 'again' }) });
  expect(statusOf(lab, 'app')).toBe('UPDATE_COMPLETE');
});

test('a slow resource is cancelled when another one fails', () => {
  const lab = startWorld({
    faults: {
      slow_ms: (name) => (name === 'slow' ? 60_000 : 5_000),
      settle: (name) => (name === 'bad' ? 'it never came up' : undefined),
    },
  });
  deploy(lab, { Bad: topic({ DisplayName: 'bad' }), Slow: topic({ DisplayName: 'slow' }) });
  lab.advance('6s');
  expect(statusOf(lab, 'app')).toBe('ROLLBACK_COMPLETE');
  expect(told(lab, 5)).toEqual([
    expect.stringMatching(/^Bad CREATE_FAILED .*"it never came up" .*HandlerErrorCode: NotStabilized\)$/),
    'Slow CREATE_FAILED Resource creation cancelled',
    'app ROLLBACK_IN_PROGRESS The following resource(s) failed to create: [Bad, Slow]. Rollback requested by user.',
    'Bad DELETE_IN_PROGRESS',
    'Bad DELETE_COMPLETE',
    'Slow DELETE_IN_PROGRESS',
    'Slow DELETE_COMPLETE',
    'app ROLLBACK_COMPLETE',
  ]);
  expect(thingNames(lab)).toEqual([]);
});

test('resources keep what their policies say', () => {
  const lab = startWorld();
  const resources = (name: string) => ({
    Kept: topic({ DisplayName: 'kept' }, { DeletionPolicy: 'Retain' }),
    Replaced: topic({ TopicName: name }, { UpdateReplacePolicy: 'Retain' }),
  });
  deploy(lab, resources('one'));
  update(lab, resources('two'));
  expect(thingNames(lab)).toEqual(['kept', 'one', 'two']);
  lab.cloudFormation.deleteStack({ StackName: 'app' });
  expect(thingNames(lab)).toEqual(['kept', 'one']);
});

test('what cannot be deleted is told, and tried again or left by the next request', () => {
  let stuck = true;
  const lab = startWorld({ faults: { delete: () => (stuck ? 'still in use' : undefined) } });
  deploy(lab, { A: topic({ DisplayName: 'a' }), B: topic({ DisplayName: { Ref: 'A' } }) });
  lab.cloudFormation.deleteStack({ StackName: 'app' });
  expect(statusOf(lab, 'app')).toBe('DELETE_FAILED');
  expect(lab.cloudFormation.describeStacks({ StackName: 'app' }).Stacks?.[0]?.StackStatusReason).toBe(
    'The following resource(s) failed to delete: [B]. ',
  );
  lab.cloudFormation.deleteStack({ StackName: 'app', RetainResources: ['B'] });
  expect(statusOf(lab, 'app')).toBe('DELETE_FAILED');
  stuck = false;
  lab.cloudFormation.deleteStack({ StackName: 'app' });
  expect(lab.cloudFormation.describeStacks({}).Stacks).toEqual([]);
});

test('a nested stack keeps its old resources until its parent is through, and goes back with it', () => {
  const objects: Record<string, string> = {
    'assets/one.json': templateOf({ Resources: { Inner: topic({ TopicName: 'one' }) } }),
    'assets/two.json': templateOf({ Resources: { Inner: topic({ TopicName: 'two' }) } }),
  };
  const lab = startWorld({ objects, faults: { create: (name) => (name === 'bad' ? 'no' : undefined) } });
  const resources = (file: string, more: object = {}) => ({
    Nested: { Type: 'AWS::CloudFormation::Stack', Properties: { TemplateURL: `http://127.0.0.1:4566/assets/${file}` } },
    ...more,
  });
  deploy(lab, resources('one.json'));
  update(lab, resources('two.json', { Bad: topic({ DisplayName: 'bad' }, { DependsOn: 'Nested' }) }));
  const nested = () => lab.cloudFormation.describeStacks({}).Stacks?.find(({ ParentId }) => ParentId)?.StackStatus;
  expect([statusOf(lab, 'app'), nested(), thingNames(lab)]).toEqual([
    'UPDATE_ROLLBACK_COMPLETE',
    'UPDATE_ROLLBACK_COMPLETE',
    ['one'],
  ]);
  update(lab, resources('two.json', { Good: topic({ DisplayName: 'good' }, { DependsOn: 'Nested' }) }));
  expect([statusOf(lab, 'app'), nested(), thingNames(lab)]).toEqual([
    'UPDATE_COMPLETE',
    'UPDATE_COMPLETE',
    ['good', 'two'],
  ]);
});
