import { expect, test } from 'vitest';
import { startWorld, statusOf, story, templateOf, thingNames, topic } from './testing/world.ts';

const child = templateOf({
  Parameters: { Name: { Type: 'String' } },
  Resources: { Inner: topic({ DisplayName: { 'Fn::Join': ['', ['inner-', { Ref: 'Name' }]] } }) },
  Outputs: { Arn: { Value: { Ref: 'Inner' } } },
});
const nested = (parameters: object, more: object = {}) => ({
  Type: 'AWS::CloudFormation::Stack',
  Properties: { TemplateURL: 'https://s3.us-east-1.amazonaws.com/assets/child.json', Parameters: parameters },
  ...more,
});
const parent = templateOf({
  Resources: {
    Second: nested({
      Name: {
        'Fn::Join': [
          '-',
          ['b', { 'Fn::Select': [5, { 'Fn::Split': [':', { 'Fn::GetAtt': ['First', 'Outputs.Arn'] }] }] }],
        ],
      },
    }),
    First: nested({ Name: 'a' }),
  },
  Outputs: { Second: { Value: { 'Fn::GetAtt': ['Second', 'Outputs.Arn'] } } },
});
const objects = { 'assets/child.json': child };

test('nested stacks are stacks of their own, and the outputs of one feed the next', () => {
  const lab = startWorld({ objects });
  lab.cloudFormation.createStack({ StackName: 'app', TemplateBody: parent });
  expect(statusOf(lab, 'app')).toBe('CREATE_COMPLETE');
  const names = lab.cloudFormation
    .describeStacks({})
    .Stacks?.map(({ StackName }) => StackName?.replace(/-\w{12}$/, ''));
  expect(names?.sort()).toEqual(['app', 'app-First', 'app-Second']);
  const [first, second] = thingNames(lab);
  expect(first).toBe('inner-a');
  expect(second).toMatch(/^inner-b-app-First-\w{12}-Inner-\w{12}$/);
  expect(story(lab, 'app').map((line) => line.replace(/ Resource.*| User.*/, ''))).toEqual([
    'app CREATE_IN_PROGRESS',
    'First CREATE_IN_PROGRESS',
    'First CREATE_IN_PROGRESS',
    'First CREATE_COMPLETE',
    'Second CREATE_IN_PROGRESS',
    'Second CREATE_IN_PROGRESS',
    'Second CREATE_COMPLETE',
    'app CREATE_COMPLETE',
  ]);
});

test('deleting the parent deletes its nested stacks, dependents first', () => {
  const lab = startWorld({ objects });
  lab.cloudFormation.createStack({ StackName: 'app', TemplateBody: parent });
  const id = lab.cloudFormation.describeStacks({ StackName: 'app' }).Stacks?.[0]?.StackId ?? '';
  lab.cloudFormation.deleteStack({ StackName: 'app' });
  expect(statusOf(lab, id)).toBe('DELETE_COMPLETE');
  expect(thingNames(lab)).toEqual([]);
  expect(lab.cloudFormation.describeStacks({}).Stacks).toEqual([]);
  expect(() => statusOf(lab, 'app')).toThrow('Stack with id app does not exist');
  expect(story(lab, id).slice(-6)).toEqual([
    'app DELETE_IN_PROGRESS User Initiated',
    'Second DELETE_IN_PROGRESS',
    'Second DELETE_COMPLETE',
    'First DELETE_IN_PROGRESS',
    'First DELETE_COMPLETE',
    'app DELETE_COMPLETE',
  ]);
});

test('a nested stack that fails says why in its parent, and everything is rolled back', () => {
  const lab = startWorld({
    objects,
    faults: { create: (name) => (name.startsWith('inner-b') ? 'no room' : undefined) },
  });
  lab.cloudFormation.createStack({ StackName: 'app', TemplateBody: parent });
  expect(statusOf(lab, 'app')).toBe('ROLLBACK_COMPLETE');
  expect(thingNames(lab)).toEqual([]);
  const told = story(lab, 'app');
  expect(told.find((line) => line.startsWith('Second CREATE_FAILED'))).toMatch(
    /Embedded stack arn:aws:cloudformation:us-east-1:000000000000:stack\/app-Second-\w{12}\/\S+ was not successfully created: The following resource\(s\) failed to create: \[Inner\]. $/,
  );
  expect(told).toContain(
    'app ROLLBACK_IN_PROGRESS The following resource(s) failed to create: [Second]. Rollback requested by user.',
  );
});

test('slow resources are waited for, and a crash in between changes nothing', () => {
  const lab = startWorld({ objects, faults: { slow_ms: () => 10_000 } });
  lab.cloudFormation.createStack({ StackName: 'app', TemplateBody: parent });
  expect(statusOf(lab, 'app')).toBe('CREATE_IN_PROGRESS');
  lab.advance('5s');
  const again = lab.restart();
  again.advance('6s');
  expect(thingNames(again).length).toBe(2);
  again.restart().advance('11s');
  expect(statusOf(again.restart(), 'app')).toBe('CREATE_COMPLETE');
  expect(thingNames(again.restart()).length).toBe(2);
});
