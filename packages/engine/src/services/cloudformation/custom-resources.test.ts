import { expect, test } from 'vitest';
import { type Answer, type CustomEvent, custom, provider, startCustomWorld } from './testing/custom-world.ts';
import { statusOf, story, templateOf } from './testing/world.ts';

const template = (resources: object, outputs: object = {}) => templateOf({ Resources: resources, Outputs: outputs });
const topic = (DisplayName: string, more: object = {}) => ({
  Type: 'AWS::SNS::Topic',
  Properties: { DisplayName },
  ...more,
});
const always = (answer: Answer) => () => answer;
const kinds = (events: readonly CustomEvent[]) =>
  events.map(({ RequestType, PhysicalResourceId }) => [RequestType, PhysicalResourceId].filter(Boolean).join(' '));

test('a provider gets the event that AWS documents, with every value a text', async () => {
  const { world, events, settle } = startCustomWorld(always({ PhysicalResourceId: 'one' }));
  const Thing = custom({ Count: 3, On: true, List: [1, 'two'], Inner: { Deep: 1.5 } });
  world.lab.cloudFormation.createStack({ StackName: 'demo', TemplateBody: template({ Thing }) });
  await settle();
  const [event] = events;
  expect(event).toEqual({
    RequestType: 'Create',
    ServiceToken: provider,
    ResponseURL: expect.stringMatching(
      /^http:\/\/127\.0\.0\.1:4566\/cloudformation-custom-resource-response-useast1\/arn%3Aaws%3Acloudformation%3Aus-east-1%3A000000000000%3Astack\/demo\/[0-9a-f-]+%7CThing%7C[0-9a-f-]+\?X-Amz-Algorithm=AWS4-HMAC-SHA256&.*X-Amz-Signature=[0-9a-f]{64}$/,
    ),
    StackId: expect.stringContaining(':stack/demo/'),
    RequestId: expect.any(String),
    LogicalResourceId: 'Thing',
    ResourceType: 'Custom::Thing',
    ResourceProperties: { ServiceToken: provider, Count: '3', On: 'true', List: ['1', 'two'], Inner: { Deep: '1.5' } },
  });
  expect(story(world.lab, 'demo')).toEqual([
    'demo CREATE_IN_PROGRESS User Initiated',
    'Thing CREATE_IN_PROGRESS',
    'Thing CREATE_IN_PROGRESS Resource creation Initiated',
    'Thing CREATE_COMPLETE',
    'demo CREATE_COMPLETE',
  ]);
});

test('what a provider answers is what Ref and GetAtt give; a key that it does not name fails what asks for it', async () => {
  const data = { Url: 'http://x', 'Inner.Key': 'dotted', Inner: { Key: 'nested' } };
  const { world, settle } = startCustomWorld(always({ PhysicalResourceId: 'one', Data: data }));
  const outputs = (...names: string[]) =>
    Object.fromEntries(names.map((name, index) => [`O${index}`, { Value: { 'Fn::GetAtt': ['Thing', name] } }]));
  const create = (StackName: string, Outputs: object) =>
    world.lab.cloudFormation.createStack({
      StackName,
      TemplateBody: template({ Thing: custom() }, { Id: { Value: { Ref: 'Thing' } }, ...Outputs }),
    });
  create('good', outputs('Url', 'Inner.Key'));
  create('bad', outputs('Nothing'));
  await settle();
  const [good] = world.lab.cloudFormation.describeStacks({ StackName: 'good' }).Stacks ?? [];
  expect(good?.Outputs?.map(({ OutputValue }) => OutputValue)).toEqual(['one', 'http://x', 'dotted']);
  expect(story(world.lab, 'bad').join('\n')).toMatch(
    /CustomResource attribute error: Vendor response doesn't contain Nothing attribute in object arn:aws:cloudformation:us-east-1:000000000000:stack\/bad\/[0-9a-f-]+\|Thing\|[0-9a-f-]+/,
  );
});

test('a provider that fails fails the resource in its own words, and is asked to delete what it named', async () => {
  const { world, events, settle } = startCustomWorld(({ RequestType }) =>
    RequestType === 'Create' ? { Status: 'FAILED', Reason: 'no such luck', PhysicalResourceId: 'half' } : {},
  );
  world.lab.cloudFormation.createStack({ StackName: 'demo', TemplateBody: template({ Thing: custom() }) });
  await settle();
  const requestId = events[0]?.RequestId;
  expect(story(world.lab, 'demo')).toContain(
    `Thing CREATE_FAILED Received response status [FAILED] from custom resource. Message returned: no such luck (RequestId: ${requestId})`,
  );
  expect(statusOf(world.lab, 'demo')).toBe('ROLLBACK_COMPLETE');
  expect(kinds(events)).toEqual(['Create', 'Delete half']);
});

test.each([
  ['not JSON', 'hello', 'Invalid response object: the response must be a JSON object'],
  ['no physical id', { PhysicalResourceId: '' }, 'Invalid PhysicalResourceId'],
  ['too long', { Data: { text: 'x'.repeat(4100) } }, 'Response object is too long.'],
  ['data is a text', { Data: 'text' }, 'Invalid response object: Value of property Data must be an object'],
  [
    'another request',
    { RequestId: 'other' },
    "Invalid response object: Value of property RequestId must be the request's",
  ],
])('an answer that is none fails the resource: %s', async (_, answer, reason) => {
  const { world, settle } = startCustomWorld(({ RequestType }) => (RequestType === 'Create' ? answer : {}));
  world.lab.cloudFormation.createStack({ StackName: 'demo', TemplateBody: template({ Thing: custom() }) });
  await settle();
  expect(story(world.lab, 'demo')).toContain(`Thing CREATE_FAILED ${reason}`);
});

test('a provider has ServiceTimeout seconds to answer, or an hour; what may have been made is deleted by a name of its own', async () => {
  const { world, events, settle } = startCustomWorld(({ RequestType }) => (RequestType === 'Create' ? undefined : {}));
  const create = (StackName: string, properties: object) =>
    world.lab.cloudFormation.createStack({ StackName, TemplateBody: template({ Thing: custom(properties) }) });
  create('quick', { ServiceTimeout: 30 });
  create('slow', {});
  await settle();
  world.lab.advance('25s');
  await settle();
  expect(statusOf(world.lab, 'quick')).toBe('ROLLBACK_COMPLETE');
  expect(statusOf(world.lab, 'slow')).toBe('CREATE_IN_PROGRESS');
  world.lab.advance('1h');
  await settle();
  expect(statusOf(world.lab, 'slow')).toBe('ROLLBACK_COMPLETE');
  const [{ RequestId } = { RequestId: '' }] = events;
  expect(story(world.lab, 'quick').join('\n')).toContain(
    `Thing CREATE_FAILED CloudFormation did not receive a response from your Custom Resource. Please check your logs for requestId [${RequestId}].`,
  );
  expect(kinds(events).filter((kind) => kind.startsWith('Delete'))[0]).toMatch(/^Delete quick-Thing-[A-Z0-9]{12}$/);
});

test('another physical id is another resource: the old one is deleted when the update has succeeded', async () => {
  const { world, events, settle } = startCustomWorld(({ ResourceProperties, RequestType, PhysicalResourceId }) => ({
    PhysicalResourceId: RequestType === 'Delete' ? PhysicalResourceId : `id-${ResourceProperties['Key']}`,
  }));
  const { cloudFormation } = world.lab;
  cloudFormation.createStack({ StackName: 'demo', TemplateBody: template({ Thing: custom({ Key: 'a' }) }) });
  await settle();
  cloudFormation.updateStack({ StackName: 'demo', TemplateBody: template({ Thing: custom({ Key: 'b', More: 1 }) }) });
  await settle();
  expect(kinds(events)).toEqual(['Create', 'Update id-a', 'Delete id-a']);
  expect(events[1]?.OldResourceProperties).toEqual({ ServiceToken: provider, Key: 'a' });
  expect(events[2]?.ResourceProperties).toEqual({ ServiceToken: provider, Key: 'a' });
  expect(story(world.lab, 'demo').slice(5)).toEqual([
    'demo UPDATE_IN_PROGRESS User Initiated',
    'Thing UPDATE_IN_PROGRESS',
    'Thing UPDATE_IN_PROGRESS Requested update required the provider to create a new physical resource',
    'Thing UPDATE_COMPLETE',
    'demo UPDATE_COMPLETE_CLEANUP_IN_PROGRESS',
    'Thing DELETE_IN_PROGRESS',
    'Thing DELETE_COMPLETE',
    'demo UPDATE_COMPLETE',
  ]);
  cloudFormation.deleteStack({ StackName: 'demo' });
  await settle();
  expect(kinds(events).slice(3)).toEqual(['Delete id-b']);
});

test('an update that fails elsewhere asks for the old properties again, and deletes what was made anew', async () => {
  const { world, events, settle } = startCustomWorld(({ ResourceProperties, RequestType, PhysicalResourceId }) => ({
    PhysicalResourceId: RequestType === 'Create' ? 'first' : (ResourceProperties['Id'] ?? PhysicalResourceId),
  }));
  const { cloudFormation } = world.lab;
  const update = (StackName: string, properties: object) =>
    cloudFormation.updateStack({
      StackName,
      TemplateBody: template({ Thing: custom(properties), Topic: topic('stuck', { DependsOn: 'Thing' }) }),
    });
  for (const StackName of ['same', 'other']) {
    cloudFormation.createStack({
      StackName,
      TemplateBody: template({ Thing: custom({ Key: 'a' }), Topic: topic('fine') }),
    });
    await settle();
  }
  update('same', { Key: 'b' });
  await settle();
  expect(statusOf(world.lab, 'same')).toBe('UPDATE_ROLLBACK_COMPLETE');
  expect(kinds(events).slice(2)).toEqual(['Update first', 'Update first']);
  expect(events.at(-1)?.ResourceProperties['Key']).toBe('a');
  update('other', { Key: 'b', Id: 'second' });
  await settle();
  expect(statusOf(world.lab, 'other')).toBe('UPDATE_ROLLBACK_COMPLETE');
  expect(kinds(events).slice(4)).toEqual(['Update first', 'Delete second']);
});

test('the service token cannot be changed, and must be there', async () => {
  const { world, settle } = startCustomWorld(always({ PhysicalResourceId: 'one' }));
  const { cloudFormation } = world.lab;
  cloudFormation.createStack({ StackName: 'demo', TemplateBody: template({ Thing: custom() }) });
  await settle();
  const ServiceToken = `${provider}:live`;
  cloudFormation.updateStack({ StackName: 'demo', TemplateBody: template({ Thing: custom({ ServiceToken }) }) });
  await settle();
  expect(story(world.lab, 'demo')).toContain('Thing UPDATE_FAILED Modifying service token is not allowed.');
  expect(statusOf(world.lab, 'demo')).toBe('UPDATE_ROLLBACK_COMPLETE');
  const nobody = provider.replace('provider', 'nobody');
  cloudFormation.createStack({
    StackName: 'none',
    TemplateBody: template({ Thing: custom({ ServiceToken: nobody }) }),
  });
  await settle();
  expect(story(world.lab, 'none').join('\n')).toContain(`Thing CREATE_FAILED Function not found: ${nobody}`);
});

test('a topic gets the event as its message', async () => {
  const { world, notices, settle, put } = startCustomWorld(always(undefined));
  const ServiceToken = 'arn:aws:sns:us-east-1:000000000000:providers';
  world.lab.cloudFormation.createStack({
    StackName: 'demo',
    TemplateBody: template({ Thing: { Type: 'AWS::CloudFormation::CustomResource', Properties: { ServiceToken } } }),
  });
  expect(notices[0]?.subject).toBe('AWS CloudFormation custom resource request');
  const event = JSON.parse(notices[0]?.message ?? '') as CustomEvent;
  expect(event.ResourceType).toBe('AWS::CloudFormation::CustomResource');
  expect(put(event, { PhysicalResourceId: 'by-mail' })).toBe(true);
  await settle();
  expect(statusOf(world.lab, 'demo')).toBe('CREATE_COMPLETE');
});

test('only the first answer counts, and only with the signature', async () => {
  const { world, events, settle, put, putTo } = startCustomWorld(always(undefined));
  const outputs = { Id: { Value: { Ref: 'Thing' } } };
  world.lab.cloudFormation.createStack({ StackName: 'demo', TemplateBody: template({ Thing: custom() }, outputs) });
  await settle();
  const [event] = events;
  if (!event) throw new Error('the provider was not asked');
  expect(putTo(event.ResponseURL.replace(/Signature=.{8}/, 'Signature=00000000'), '{}')).toBe(false);
  expect(statusOf(world.lab, 'demo')).toBe('CREATE_IN_PROGRESS');
  put(event, { PhysicalResourceId: 'one' });
  put(event, { PhysicalResourceId: 'two' });
  const [stack] = world.lab.cloudFormation.describeStacks({ StackName: 'demo' }).Stacks ?? [];
  expect([stack?.StackStatus, stack?.Outputs?.[0]?.OutputValue]).toEqual(['CREATE_COMPLETE', 'one']);
});

test('a stack goes on after a crash while it waits for an answer', async () => {
  const { world, events, settle, put } = startCustomWorld(always(undefined));
  world.lab.cloudFormation.createStack({ StackName: 'demo', TemplateBody: template({ Thing: custom() }) });
  await settle();
  world.restart();
  await settle();
  expect(statusOf(world.lab, 'demo')).toBe('CREATE_IN_PROGRESS');
  const [event] = events;
  if (event) put(event, { PhysicalResourceId: 'one' });
  expect(statusOf(world.lab, 'demo')).toBe('CREATE_COMPLETE');
  expect(kinds(events)).toEqual(['Create']);
});

test('with NoEcho what a provider answers is masked where it is a property of others', async () => {
  const { world, settle } = startCustomWorld(
    always({ PhysicalResourceId: 'one', NoEcho: true, Data: { Key: 'secret' } }),
  );
  const DisplayName = { 'Fn::GetAtt': ['Thing', 'Key'] };
  world.lab.cloudFormation.createStack({
    StackName: 'demo',
    TemplateBody: template({ Thing: custom(), Topic: { Type: 'AWS::SNS::Topic', Properties: { DisplayName } } }),
  });
  await settle();
  const events = world.lab.cloudFormation.describeStackEvents({ StackName: 'demo' }).StackEvents ?? [];
  const shown = events.flatMap(({ LogicalResourceId, ResourceProperties }) =>
    LogicalResourceId === 'Topic' && ResourceProperties ? [ResourceProperties] : [],
  );
  expect(shown).toEqual(['{"DisplayName":"*****"}']);
});
