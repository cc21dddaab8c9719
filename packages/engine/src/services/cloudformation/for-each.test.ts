import { expect, test } from 'vitest';
import { startWorld, statusOf, templateOf, thingNames, topic } from './testing/world.ts';

/** What `Fn::Sub` and loops write around a name. */
const item = (name: string, mark = '$') => `${mark}{${name}}`;

const looping = (collection: unknown, more: object = {}) => ({
  Transform: 'AWS::LanguageExtensions',
  Resources: {
    'Fn::ForEach::Topics': [
      'Name',
      collection,
      { [`Topic${item('Name', '&')}`]: topic({ DisplayName: { Ref: 'Name' } }) },
    ],
  },
  ...more,
});

test('a loop makes a resource and an output of every item', () => {
  const lab = startWorld();
  const TemplateBody = templateOf(
    looping(['a-1', 'b'], {
      Outputs: {
        'Fn::ForEach::Arns': [
          'Name',
          ['a1', 'b'],
          { [`Arn${item('Name')}`]: { Value: { Ref: `Topic${item('Name')}` } } },
        ],
      },
    }),
  );
  lab.cloudFormation.createStack({ StackName: 'app', TemplateBody, Capabilities: ['CAPABILITY_AUTO_EXPAND'] });
  expect(statusOf(lab, 'app')).toBe('CREATE_COMPLETE');
  expect(thingNames(lab)).toEqual(['a-1', 'b']);
  const stack = lab.cloudFormation.describeStacks({ StackName: 'app' }).Stacks?.[0];
  expect(stack?.Outputs?.map(({ OutputKey }) => OutputKey)).toEqual(['Arna1', 'Arnb']);
  const shown = (TemplateStage: 'Original' | 'Processed') =>
    lab.cloudFormation.getTemplate({ StackName: 'app', TemplateStage }).TemplateBody;
  expect(shown('Original')).toBe(TemplateBody);
  expect(Object.keys(JSON.parse(shown('Processed') ?? '').Resources)).toEqual(['Topica1', 'Topicb']);
});

test('a loop over a parameter follows its value', () => {
  const lab = startWorld();
  const body = looping({ Ref: 'Names' }, { Parameters: { Names: { Type: 'CommaDelimitedList', Default: 'z' } } });
  const common = { StackName: 'app', Capabilities: ['CAPABILITY_AUTO_EXPAND' as const] };
  const names = (ParameterValue: string) => [{ ParameterKey: 'Names', ParameterValue }];
  lab.cloudFormation.createStack({ ...common, TemplateBody: templateOf(body) });
  expect(thingNames(lab)).toEqual(['z']);
  lab.cloudFormation.updateStack({ ...common, UsePreviousTemplate: true, Parameters: names('a, b') });
  expect(statusOf(lab, 'app')).toBe('UPDATE_COMPLETE');
  expect(thingNames(lab)).toEqual(['a', 'b']);
  const Parameters = [{ ParameterKey: 'Names', UsePreviousValue: true }];
  expect(() => lab.cloudFormation.updateStack({ ...common, UsePreviousTemplate: true, Parameters })).toThrow(
    'No updates are to be performed.',
  );
});

test('a loop within a loop, and one among properties', () => {
  const lab = startWorld();
  const inner = {
    'Fn::ForEach::Inner': [
      'In',
      ['1', '2'],
      {
        [`T${item('Out')}${item('In')}`]: {
          Type: 'AWS::SNS::Topic',
          Properties: { 'Fn::ForEach::P': ['Key', ['DisplayName'], { [item('Key')]: `${item('Out')}-${item('In')}` }] },
        },
      },
    ],
  };
  const TemplateBody = templateOf({
    Transform: 'AWS::LanguageExtensions',
    Resources: { 'Fn::ForEach::Outer': ['Out', ['a', 'b'], inner] },
  });
  lab.cloudFormation.createStack({ StackName: 'app', TemplateBody, Capabilities: ['CAPABILITY_AUTO_EXPAND'] });
  expect(thingNames(lab)).toEqual(['a-1', 'a-2', 'b-1', 'b-2']);
});

test.each([
  ['without its transform', { ...looping(['a']), Transform: [] }, 'Every Resources member must be an object.'],
  ['over a text', looping('a'), 'the collection of Fn::ForEach::Topics must be a list'],
  ['over what is no parameter', looping({ Ref: 'Nobody' }), 'the collection of Fn::ForEach::Topics must be a list'],
  ['with the same item twice', looping(['a', 'a']), 'makes the key Topica more than once'],
])('a loop %s is refused', (_, body, complaint) => {
  const lab = startWorld();
  const Capabilities = ['CAPABILITY_AUTO_EXPAND' as const];
  expect(() =>
    lab.cloudFormation.createStack({ StackName: 'app', TemplateBody: templateOf(body), Capabilities }),
  ).toThrow(complaint);
});
