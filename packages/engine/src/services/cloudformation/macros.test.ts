import { describe, expect, test } from 'vitest';
import { expandMacros, macroParameters } from '../../cloudformation/template/macros.ts';
import type { Fields } from '../../cloudformation/template/template.ts';
import { defineService, type Service } from '../../kernel/service.ts';
import { invokeForService } from '../lambda/invoke-for-service.ts';
import { startLambdaLab } from '../lambda/testing/lambda-lab.ts';
import { ssm } from '../ssm/index.ts';
import { cloudFormation } from './index.ts';
import { statusOf, story, templateOf, topic } from './testing/world.ts';

interface MacroEvent {
  readonly fragment: Fields;
  readonly params: Fields;
  readonly requestId: string;
}

async function startMacros(work: (event: MacroEvent) => unknown) {
  const events: MacroEvent[] = [];
  const world = startLambdaLab(
    {
      worker: (event: MacroEvent) => {
        events.push(event);
        return work(event);
      },
    },
    {
      services: () => {
        const things = defineService('sns', { operations: {}, resources: {} });
        const own: Service = cloudFormation({
          resources: () => ({ ...own.resources }),
          invoke: invokeForService(() => world.lab.kernel.service('lambda')),
        });
        return [things, ssm(), own];
      },
    },
  );
  world.create('worker');
  const { cloudFormation: stacks } = world.lab;
  const Properties = { Name: 'Mark', FunctionName: 'worker' };
  await stacks.createStack({
    StackName: 'macros',
    TemplateBody: templateOf({ Resources: { Mark: { Type: 'AWS::CloudFormation::Macro', Properties } } }),
  });
  expect(statusOf(world.lab, 'macros')).toBe('CREATE_COMPLETE');
  return { world, stacks, events };
}

const success = (change: (fragment: Fields) => unknown) => (event: MacroEvent) => ({
  requestId: event.requestId,
  status: 'success',
  fragment: change(event.fragment),
});
const renamed = success((fragment) => ({ ...fragment, Resources: { Renamed: topic() } }));
const Capabilities = ['CAPABILITY_AUTO_EXPAND' as const];

test('a macro gets the event that AWS documents and gives the template that is deployed', async () => {
  const { world, stacks, events } = await startMacros(renamed);
  const TemplateBody = templateOf({
    Parameters: { Word: { Type: 'String', Default: 'default' } },
    Transform: { Name: 'Mark', Parameters: { Input: { Ref: 'Word' } } },
    Resources: { Topic: topic() },
  });
  await stacks.createStack({
    StackName: 'app',
    TemplateBody,
    Capabilities,
    Parameters: [{ ParameterKey: 'Word', ParameterValue: 'given' }],
  });
  expect(statusOf(world.lab, 'app')).toBe('CREATE_COMPLETE');
  expect(events).toEqual([
    {
      region: 'us-east-1',
      accountId: '000000000000',
      transformId: '000000000000::Mark',
      fragment: { Parameters: { Word: { Type: 'String', Default: 'default' } }, Resources: { Topic: topic() } },
      params: { Input: 'given' },
      requestId: expect.any(String),
      templateParameterValues: { Word: 'given' },
    },
  ]);
  const { TemplateBody: original } = stacks.getTemplate({ StackName: 'app', TemplateStage: 'Original' });
  const { TemplateBody: processed = '' } = stacks.getTemplate({ StackName: 'app', TemplateStage: 'Processed' });
  expect(original).toBe(TemplateBody);
  expect(Object.keys((JSON.parse(processed) as { Resources: object }).Resources)).toEqual(['Renamed']);
});

test('a macro within a resource works on what stands beside it, with parameters that are functions', async () => {
  const { world, stacks, events } = await startMacros(
    success((fragment) => ({ Type: fragment['Type'], Properties: { Type: 'String', Value: 'made' } })),
  );
  const call = { Name: 'Mark', Parameters: { Input: { 'Fn::Join': ['-', ['test', { Ref: 'AWS::Region' }]] } } };
  await stacks.createStack({
    StackName: 'app',
    TemplateBody: templateOf({
      Resources: { Stored: { Type: 'AWS::SSM::Parameter', Properties: { Odd: 1 }, 'Fn::Transform': [call] } },
    }),
    Capabilities,
  });
  expect(statusOf(world.lab, 'app')).toBe('CREATE_COMPLETE');
  expect(events[0]).toMatchObject({
    fragment: { Type: 'AWS::SSM::Parameter', Properties: { Odd: 1 } },
    params: { Input: 'test-us-east-1' },
  });
});

test('a template with macros needs consent, except for a change set, which shows what they made', async () => {
  const { stacks } = await startMacros(renamed);
  const TemplateBody = templateOf({ Transform: 'Mark', Resources: { Topic: topic() } });
  const create = async () => stacks.createStack({ StackName: 'app', TemplateBody });
  await expect(create()).rejects.toThrow('Requires capabilities : [CAPABILITY_AUTO_EXPAND]');
  await stacks.createChangeSet({ StackName: 'app', ChangeSetName: 'first', ChangeSetType: 'CREATE', TemplateBody });
  const { Changes = [] } = stacks.describeChangeSet({ StackName: 'app', ChangeSetName: 'first' });
  expect(Changes.map(({ ResourceChange }) => ResourceChange?.LogicalResourceId)).toEqual(['Renamed']);
});

test.each([
  [
    'a status',
    () => ({ status: 'failed', errorMessage: 'it is a test' }),
    'Transform 000000000000::Mark failed with: it is a test',
  ],
  ['no message', () => ({ status: 'failed' }), 'Transform 000000000000::Mark failed without an error message.'],
  ['no answer', () => ({ fragment: {} }), 'Received malformed response from transform 000000000000::Mark'],
  ['no template', success(() => 'text'), 'Template format error: unsupported structure.'],
  [
    'an error',
    () => {
      throw new Error('bang');
    },
    'Received malformed response from transform 000000000000::Mark',
  ],
])('a macro that fails with %s rolls the stack back, and fails a change set', async (_, work, reason) => {
  const { world, stacks } = await startMacros(work);
  const TemplateBody = templateOf({ Transform: 'Mark', Resources: { Topic: topic() } });
  await stacks.createStack({ StackName: 'app', TemplateBody, Capabilities });
  expect(story(world.lab, 'app')).toEqual([
    'app CREATE_IN_PROGRESS User Initiated',
    `app ROLLBACK_IN_PROGRESS ${reason}. Rollback requested by user.`,
    'app ROLLBACK_COMPLETE',
  ]);
  await stacks.createChangeSet({ StackName: 'other', ChangeSetName: 'first', ChangeSetType: 'CREATE', TemplateBody });
  const { Status, StatusReason } = stacks.describeChangeSet({ StackName: 'other', ChangeSetName: 'first' });
  expect([Status, StatusReason]).toEqual(['FAILED', reason]);
  stacks.deleteStack({ StackName: 'app' });
  expect(statusOf(world.lab, 'macros')).toBe('CREATE_COMPLETE');
});

test('a macro that nobody made is told when the stack is under way; an update goes back', async () => {
  const { world, stacks } = await startMacros(renamed);
  const plain = templateOf({ Resources: { Topic: topic() } });
  const TemplateBody = templateOf({ Transform: 'Nobody', Resources: { Topic: topic() } });
  await stacks.createStack({ StackName: 'app', TemplateBody: plain });
  await stacks.updateStack({ StackName: 'app', TemplateBody, Capabilities });
  expect(story(world.lab, 'app').slice(-4)).toEqual([
    'app UPDATE_IN_PROGRESS User Initiated',
    'app UPDATE_ROLLBACK_IN_PROGRESS No transform named 000000000000::Nobody found.. Rollback requested by user.',
    'app UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS',
    'app UPDATE_ROLLBACK_COMPLETE',
  ]);
});

describe('expanding', () => {
  test('goes from the inside out, then over the whole in order', async () => {
    const order: string[] = [];
    const template = {
      Transform: ['First', 'AWS::LanguageExtensions', { Name: 'Second' }],
      Resources: { A: { Properties: { 'Fn::Transform': ['Inner', { Name: 'Next' }], Own: 1 } } },
    };
    const expanded = await expandMacros(template, async ({ name, fragment }) => {
      order.push(name);
      return { ...(fragment as object), [name]: true };
    });
    expect(order).toEqual(['Inner', 'Next', 'First', 'Second']);
    expect(expanded).toEqual({
      Transform: ['AWS::LanguageExtensions'],
      Resources: { A: { Properties: { Own: 1, Inner: true, Next: true } } },
      First: true,
      Second: true,
    });
  });

  test('leaves the transforms that AWS hosts alone', async () => {
    const template = { Resources: { 'Fn::Transform': { Name: 'AWS::Include' } } };
    expect(await expandMacros(template, () => Promise.reject(new Error('called')))).toEqual(template);
  });

  test.each([
    [{ Name: { Ref: 'X' } }, 'Key Name of transform definition must be a string.'],
    [{}, 'Key Name of transform definition must be a string.'],
  ])('refuses a transform %j', async (Transform, message) => {
    await expect(expandMacros({ Transform }, async () => ({}))).rejects.toThrow(message);
  });

  test('takes simple parameters only', () => {
    const resolve = (value: unknown) => (value === 'unknown' ? Symbol(value) : value);
    expect(macroParameters('M', { A: 'a', B: [1, true] }, resolve)).toEqual({ A: 'a', B: [1, true] });
    expect(() => macroParameters('M', { A: 'unknown' }, resolve)).toThrow(
      'The value of parameter A under transform M must resolve to a string, number, boolean or a list of any of these.',
    );
  });
});
