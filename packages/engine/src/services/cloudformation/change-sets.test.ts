import { expect, test } from 'vitest';
import { startWorld, statusOf, templateOf, thingNames, topic } from './testing/world.ts';

const body = (resources: object) => templateOf({ Resources: resources });

test('a change set for a new stack is made, looked at, executed', () => {
  const lab = startWorld();
  const { Id = '' } = lab.cloudFormation.createChangeSet({
    StackName: 'app',
    ChangeSetName: 'first',
    ChangeSetType: 'CREATE',
    TemplateBody: body({ B: topic({ DisplayName: { Ref: 'A' } }), A: topic({ DisplayName: 'a' }) }),
  });
  expect(statusOf(lab, 'app')).toBe('REVIEW_IN_PROGRESS');
  expect(
    lab.cloudFormation.describeChangeSet({ StackName: 'app', ChangeSetName: 'first', IncludePropertyValues: true }),
  ).toMatchObject({
    ChangeSetId: Id,
    Status: 'CREATE_COMPLETE',
    ExecutionStatus: 'AVAILABLE',
    Changes: [
      {
        ResourceChange: {
          Action: 'Add',
          LogicalResourceId: 'B',
          AfterContext: '{"Properties":{"DisplayName":"{{changeSet:KNOWN_AFTER_APPLY}}"}}',
        },
      },
      { ResourceChange: { Action: 'Add', LogicalResourceId: 'A', AfterContext: '{"Properties":{"DisplayName":"a"}}' } },
    ],
  });
  expect(thingNames(lab)).toEqual([]);
  lab.cloudFormation.executeChangeSet({ ChangeSetName: Id });
  expect(statusOf(lab, 'app')).toBe('CREATE_COMPLETE');
  expect(lab.cloudFormation.describeChangeSet({ ChangeSetName: Id })).toMatchObject({
    ExecutionStatus: 'EXECUTE_COMPLETE',
  });
  expect(() => lab.cloudFormation.executeChangeSet({ ChangeSetName: Id })).toThrow(
    'cannot be executed in its current status',
  );
});

test('a change set for a stack that is there tells what is changed, replaced and removed', () => {
  const follower = topic({ TopicName: { 'Fn::Join': ['-', [{ 'Fn::GetAtt': ['R', 'TopicName'] }, 'follower']] } });
  const lab = startWorld();
  lab.cloudFormation.createStack({
    StackName: 'app',
    TemplateBody: body({ A: topic({ DisplayName: 'a' }), R: topic({ TopicName: 'r1' }), S: follower, Old: topic() }),
  });
  lab.cloudFormation.createChangeSet({
    StackName: 'app',
    ChangeSetName: 'next',
    TemplateBody: body({ A: topic({ DisplayName: 'b' }), R: topic({ TopicName: 'r2' }), S: follower, New: topic() }),
  });
  const { Changes = [] } = lab.cloudFormation.describeChangeSet({ StackName: 'app', ChangeSetName: 'next' });
  expect(
    Changes.map(({ ResourceChange: change = {} }) => [change.LogicalResourceId, change.Action, change.Replacement]),
  ).toEqual([
    ['A', 'Modify', 'False'],
    ['R', 'Modify', 'True'],
    ['S', 'Modify', 'Conditional'],
    ['New', 'Add', undefined],
    ['Old', 'Remove', undefined],
  ]);
  expect(Changes[1]?.ResourceChange?.Details).toEqual([
    {
      Evaluation: 'Static',
      ChangeSource: 'DirectModification',
      Target: { Attribute: 'Properties', Name: 'TopicName', RequiresRecreation: 'Always' },
    },
  ]);
});

test('a change set without changes fails in AWS’s words', () => {
  const lab = startWorld();
  const TemplateBody = body({ A: topic({ DisplayName: 'a' }) });
  lab.cloudFormation.createStack({ StackName: 'app', TemplateBody });
  lab.cloudFormation.createChangeSet({ StackName: 'app', ChangeSetName: 'none', TemplateBody });
  expect(lab.cloudFormation.describeChangeSet({ StackName: 'app', ChangeSetName: 'none' })).toMatchObject({
    Status: 'FAILED',
    ExecutionStatus: 'UNAVAILABLE',
    StatusReason:
      "The submitted information didn't contain changes. Submit different information to create a change set.",
    Changes: [],
  });
});

test('a change set whose properties do not fit the schema fails, and DescribeEvents says where', () => {
  const lab = startWorld({
    objects: { 'assets/inner.json': body({ Inner: topic({ Colour: 'red' }) }) },
  });
  lab.cloudFormation.createChangeSet({
    StackName: 'app',
    ChangeSetName: 'bad',
    ChangeSetType: 'CREATE',
    IncludeNestedStacks: true,
    TemplateBody: body({
      A: topic({ DisplayNam: 'a', FifoTopic: 'perhaps', Subscription: [{ Endpoint: 'x' }] }),
      N: { Type: 'AWS::CloudFormation::Stack', Properties: { TemplateURL: 's3://assets/inner.json' } },
    }),
  });
  expect(lab.cloudFormation.describeChangeSet({ StackName: 'app', ChangeSetName: 'bad' })).toMatchObject({
    Status: 'FAILED',
    StatusReason: expect.stringContaining('AWS::EarlyValidation::PropertyValidation'),
  });
  const { OperationEvents = [] } = lab.cloudFormation.describeEvents({ StackName: 'app', ChangeSetName: 'bad' });
  expect(
    OperationEvents.map((event) => [event.LogicalResourceId, event.ValidationPath, event.ValidationStatusReason]),
  ).toEqual([
    ['A', '/Resources/A/Properties', 'extraneous key [DisplayNam] is not permitted'],
    ['A', '/Resources/A/Properties/FifoTopic', 'expected type: Boolean, found: String'],
    ['A', '/Resources/A/Properties/Subscription/0', 'required key [Protocol] not found'],
    ['N/Inner', '/Resources/Inner/Properties', 'extraneous key [Colour] is not permitted'],
  ]);
});

test('deleting a change set that is not there succeeds, and asking for it then says so', () => {
  const lab = startWorld();
  lab.cloudFormation.createStack({ StackName: 'app', TemplateBody: body({ A: topic() }) });
  lab.cloudFormation.deleteChangeSet({ StackName: 'app', ChangeSetName: 'ghost' });
  expect(() => lab.cloudFormation.describeChangeSet({ StackName: 'app', ChangeSetName: 'ghost' })).toThrow(
    'ChangeSet [ghost] does not exist',
  );
  expect(() =>
    lab.cloudFormation.createChangeSet({ StackName: 'nobody', ChangeSetName: 'x', TemplateBody: body({ A: topic() }) }),
  ).toThrow('Stack [nobody] does not exist');
});

test('a stack created with a wrong property fails before anything is made', () => {
  const lab = startWorld();
  lab.cloudFormation.createStack({ StackName: 'app', TemplateBody: body({ A: topic(), B: topic({ Nope: 1 }) }) });
  expect(statusOf(lab, 'app')).toBe('ROLLBACK_COMPLETE');
  const events = lab.cloudFormation.describeStackEvents({ StackName: 'app' }).StackEvents ?? [];
  expect(events.find(({ ResourceStatus }) => ResourceStatus === 'CREATE_FAILED')?.ResourceStatusReason).toBe(
    'Properties validation failed for resource B with message:\n#: extraneous key [Nope] is not permitted',
  );
  expect(events.some(({ LogicalResourceId }) => LogicalResourceId === 'A')).toBe(false);
});

test('a change set with nested stacks has one for each that would change', () => {
  const objects: Record<string, string> = {
    'assets/a.json': body({ Inner: topic({ DisplayName: 'one' }) }),
    'assets/b.json': body({ Inner: topic({ DisplayName: 'same' }) }),
  };
  const lab = startWorld({ objects });
  const nested = (file: string) => ({
    Type: 'AWS::CloudFormation::Stack',
    Properties: { TemplateURL: `s3://assets/${file}` },
  });
  const TemplateBody = body({ A: nested('a.json'), B: nested('b.json') });
  lab.cloudFormation.createStack({ StackName: 'app', TemplateBody });
  objects['assets/a.json'] = body({ Inner: topic({ DisplayName: 'two' }) });
  lab.cloudFormation.createChangeSet({
    StackName: 'app',
    ChangeSetName: 'next',
    TemplateBody,
    IncludeNestedStacks: true,
  });
  const root = lab.cloudFormation.describeChangeSet({ StackName: 'app', ChangeSetName: 'next' });
  expect(root.Changes?.map(({ ResourceChange }) => ResourceChange?.LogicalResourceId)).toEqual(['A']);
  const ChangeSetName = root.Changes?.[0]?.ResourceChange?.ChangeSetId ?? '';
  expect(lab.cloudFormation.describeChangeSet({ ChangeSetName, IncludePropertyValues: true })).toMatchObject({
    ParentChangeSetId: root.ChangeSetId,
    RootChangeSetId: root.ChangeSetId,
    Changes: [
      {
        ResourceChange: {
          LogicalResourceId: 'Inner',
          Details: [{ Target: { BeforeValue: 'one', AfterValue: 'two' } }],
        },
      },
    ],
  });
  lab.cloudFormation.executeChangeSet({ StackName: 'app', ChangeSetName: 'next' });
  expect([statusOf(lab, 'app'), thingNames(lab)]).toEqual(['UPDATE_COMPLETE', ['same', 'two']]);
  expect(() => lab.cloudFormation.describeChangeSet({ ChangeSetName })).toThrow('does not exist');
});
