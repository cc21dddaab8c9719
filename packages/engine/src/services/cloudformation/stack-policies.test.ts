import { expect, test } from 'vitest';
import { judgeUpdate } from './stack-policies/judge-update.ts';
import { startWorld, statusOf, story, templateOf, thingNames, topic } from './testing/world.ts';

type World = ReturnType<typeof startWorld>;

const policy = (...Statement: object[]) =>
  JSON.stringify({ Statement: Statement.map((one) => ({ Principal: '*', ...one })) });
const all = { Effect: 'Allow', Action: 'Update:*', Resource: '*' };
const body = (resources: object) => templateOf({ Resources: resources });

function deploy(lab: World, StackPolicyBody?: string) {
  const TemplateBody = body({ A: topic({ TopicName: 'a', DisplayName: 'one' }), B: topic({ DisplayName: 'b' }) });
  lab.cloudFormation.createStack({ StackName: 'app', TemplateBody, StackPolicyBody });
}
const update = (lab: World, resources: object, more: object = {}) =>
  lab.cloudFormation.updateStack({ StackName: 'app', TemplateBody: body(resources), ...more });

const changed = { A: topic({ TopicName: 'a', DisplayName: 'two' }), B: topic({ DisplayName: 'b' }) };
const replaced = { A: topic({ TopicName: 'c', DisplayName: 'one' }), B: topic({ DisplayName: 'b' }) };
const removed = { B: topic({ DisplayName: 'b' }) };

// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/protect-stack-resources.html
test.each([
  ['a change', changed, 'Update:Modify'],
  ['a replacement', replaced, 'Update:Replace'],
  ['a removal', removed, 'Update:Delete'],
])('%s that the policy denies fails the update, which goes back', (_what, resources, action) => {
  const lab = startWorld();
  deploy(lab, policy({ Effect: 'Deny', Action: action, Resource: 'LogicalResourceId/A' }, all));
  const before = thingNames(lab);
  update(lab, resources);
  expect(statusOf(lab, 'app')).toBe('UPDATE_ROLLBACK_COMPLETE');
  expect(story(lab, 'app')).toContain(
    `A UPDATE_FAILED Action denied by stack policy: Statement [#1] does not allow [${action}] for resource [LogicalResourceId/A]`,
  );
  expect(thingNames(lab)).toEqual(before);
  // What it says nothing of is not held up.
  update(lab, { A: topic({ TopicName: 'a', DisplayName: 'one' }), B: topic({ DisplayName: 'new' }) });
  expect(statusOf(lab, 'app')).toBe('UPDATE_COMPLETE');
});

test('once there is a policy, what no statement allows is refused', () => {
  const lab = startWorld();
  deploy(lab);
  lab.cloudFormation.setStackPolicy({
    StackName: 'app',
    StackPolicyBody: policy({ Effect: 'Allow', Action: 'Update:*', Resource: 'LogicalResourceId/B*' }),
  });
  update(lab, changed);
  expect(story(lab, 'app')).toContain('A UPDATE_FAILED Action not allowed by stack policy');
  expect(statusOf(lab, 'app')).toBe('UPDATE_ROLLBACK_COMPLETE');
});

test('a policy during an update counts for that update alone; a new policy takes the place of the old', () => {
  const lab = startWorld();
  const closed = policy({ Effect: 'Deny', Action: 'Update:*', Resource: '*' });
  deploy(lab, closed);
  update(lab, changed, { StackPolicyDuringUpdateBody: policy(all) });
  expect(statusOf(lab, 'app')).toBe('UPDATE_COMPLETE');
  expect(lab.cloudFormation.getStackPolicy({ StackName: 'app' })).toEqual({ StackPolicyBody: closed });
  update(lab, replaced);
  expect(statusOf(lab, 'app')).toBe('UPDATE_ROLLBACK_COMPLETE');
  update(lab, replaced, { StackPolicyBody: policy(all) });
  expect(statusOf(lab, 'app')).toBe('UPDATE_COMPLETE');
  expect(lab.cloudFormation.getStackPolicy({ StackName: 'app' })).toEqual({ StackPolicyBody: policy(all) });
});

test('creation and deletion are no updates', () => {
  const lab = startWorld();
  deploy(lab, policy({ Effect: 'Deny', Action: 'Update:*', Resource: '*' }));
  expect(statusOf(lab, 'app')).toBe('CREATE_COMPLETE');
  lab.cloudFormation.deleteStack({ StackName: 'app' });
  expect(thingNames(lab)).toEqual([]);
});

test('a stack without a policy has none to show', () => {
  const lab = startWorld();
  deploy(lab);
  expect(lab.cloudFormation.getStackPolicy({ StackName: 'app' })).toEqual({});
  expect(() => lab.cloudFormation.getStackPolicy({ StackName: 'nobody' })).toThrow('Stack [nobody] does not exist');
});

test.each([
  ['no JSON', 'nonsense'],
  ['no statement', '{}'],
  ['another action', policy({ ...all, Action: 's3:*' })],
  ['another resource', policy({ ...all, Resource: 'arn:aws:s3:::files' })],
  ['an effect that is none', policy({ ...all, Effect: 'Perhaps' })],
  ['no principal', JSON.stringify({ Statement: [all] })],
])('a policy with %s is refused', (_what, StackPolicyBody) => {
  const lab = startWorld();
  deploy(lab);
  expect(() => lab.cloudFormation.setStackPolicy({ StackName: 'app', StackPolicyBody })).toThrow(
    'Error validating stack policy: Invalid stack policy',
  );
});

test.each<[string, object, boolean]>([
  ['NotAction', { ...all, NotAction: 'Update:Replace', Action: undefined }, false],
  ['NotResource', { ...all, NotResource: 'LogicalResourceId/A', Resource: undefined }, false],
  ['its type', { ...all, Condition: { StringEquals: { ResourceType: ['AWS::SNS::Topic'] } } }, true],
  ['another type', { ...all, Condition: { StringLike: { ResourceType: ['AWS::RDS::*'] } } }, false],
])('a statement may say by %s what it is about', (_what, statement, isAllowed) => {
  const refusal = judgeUpdate(policy(statement), { action: 'Update:Replace', logicalId: 'A', type: 'AWS::SNS::Topic' });
  expect(refusal === undefined).toBe(isAllowed);
});
