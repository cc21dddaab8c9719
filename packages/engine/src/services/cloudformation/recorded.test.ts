import { expect, test } from 'vitest';
import type { ResourceContext } from '../../cloudformation/resource-handler.ts';
import { publishedTypes, resourceSchema } from '../../cloudformation/schema/resource-schemas.ts';
import { labScope } from '../../testing/lab.ts';
import { recordedResource } from './resources/recorded.ts';
import { startWorld, statusOf, story, templateOf, thingNames, topic } from './testing/world.ts';

const context = (lab: ReturnType<typeof startWorld>): ResourceContext =>
  Object.assign(lab.kernel.in(labScope), {
    stackId: 'arn:aws:cloudformation:us-east-1:000000000000:stack/app/1',
    stackName: 'app',
    logicalId: 'Thing',
    physicalName: () => 'app-Thing-0123456789AB',
    tags: () => [],
  });

test('every published type can be recorded, with an identity and all its attributes', () => {
  const forResource = context(startWorld());
  const types = publishedTypes();
  expect(types.length).toBeGreaterThan(1500);
  const wrong = types.filter((type) => {
    const { id, attributes = {} } = recordedResource(type).create({}, forResource);
    const named = Object.keys(resourceSchema(type).attributes);
    const isArn = (name: string) => /^arn:aws:[a-z0-9-]+:[a-z0-9-]*:\d*:.+/.test(String(attributes[name]));
    const arns = named.filter((name) => /Arn$/i.test(name) && typeof attributes[name] === 'string');
    return id === '' || named.some((name) => attributes[name] === undefined) || !arns.every(isArn);
  });
  expect(wrong).toEqual([]);
});

test.each([
  ['AWS::ApiGateway::Stage', { RestApiId: 'api', StageName: 'prod' }, 'prod', {}],
  ['AWS::ApiGateway::Resource', { RestApiId: 'api' }, 'app-Thing-0123456789AB', {}],
  ['AWS::WAFv2::IPSet', { Name: 'set', Scope: 'REGIONAL' }, 'set|app-Thing-0123456789AB|REGIONAL', {}],
  [
    'AWS::DynamoDB::Table',
    { TableName: 'locks' },
    'locks',
    { Arn: 'arn:aws:dynamodb:us-east-1:000000000000:table/locks' },
  ],
  [
    'AWS::StepFunctions::StateMachine',
    { StateMachineName: 'flow' },
    expect.stringMatching(/^arn:aws:states:us-east-1:000000000000:/),
    {},
  ],
])('Ref and GetAtt of a recorded %s have the form of the real ones', (type, properties, id, attributes) => {
  const made = recordedResource(type).create(properties, context(startWorld()));
  expect(made.id).toEqual(id);
  expect(made.attributes).toMatchObject(attributes);
});

const hex = '[0-9a-f]{17}';
test.each([
  ['AWS::EC2::Instance', `^i-${hex}$`],
  ['AWS::EC2::Volume', `^vol-${hex}$`],
  ['AWS::EFS::FileSystem', `^fs-${hex}$`],
  ['AWS::KMS::Key', '^[0-9a-f]{8}-[0-9a-f]{4}-'],
  ['AWS::Cognito::UserPool', '^us-east-1_[A-Z0-9]{9}$'],
  ['AWS::CertificateManager::Certificate', '^arn:aws:acm:us-east-1:000000000000:certificate/'],
])('a recorded %s that its service would give an id has one of that form', (type, form) => {
  expect(recordedResource(type).create({}, context(startWorld())).id).toMatch(new RegExp(form));
});

test('an address of what is only recorded leads nowhere', () => {
  const { attributes } = recordedResource('AWS::OpenSearchService::Domain').create({}, context(startWorld()));
  expect(attributes?.['DomainEndpoint']).toBe('app-thing-0123456789ab.recorded.invalid');
});

const template = (properties: object) =>
  templateOf({
    Resources: {
      Table: { Type: 'AWS::DynamoDB::Table', Properties: { KeySchema: [], AttributeDefinitions: [], ...properties } },
      Use: topic({ DisplayName: { 'Fn::GetAtt': ['Table', 'Arn'] } }),
    },
  });

test('a recorded resource says so wherever it is shown, and is replaced where its schema says so', () => {
  const lab = startWorld();
  lab.cloudFormation.createStack({ StackName: 'app', TemplateBody: template({ TableName: 'one' }) });
  const reason = 'Recorded only: nothing stands behind AWS::DynamoDB::Table in this engine';
  expect(story(lab, 'app')).toContain(`Table CREATE_COMPLETE ${reason}`);
  const [resource] = lab.cloudFormation.describeStackResources({ StackName: 'app' }).StackResources ?? [];
  expect(resource?.ResourceStatusReason).toBe(reason);
  lab.cloudFormation.updateStack({
    StackName: 'app',
    TemplateBody: template({ TableName: 'one', BillingMode: 'PAY_PER_REQUEST' }),
  });
  expect(story(lab, 'app')).toContain(`Table UPDATE_COMPLETE ${reason}`);
  expect(story(lab, 'app').join()).not.toContain('DELETE');
  lab.cloudFormation.updateStack({ StackName: 'app', TemplateBody: template({ TableName: 'two' }) });
  expect(story(lab, 'app').join()).toContain('Table DELETE_COMPLETE');
  expect(thingNames(lab)).toEqual(['arn:aws:dynamodb:us-east-1:000000000000:table/two']);
});

test('a strict engine refuses what it could only record, before anything is made, and says what to do', () => {
  const lab = startWorld({ strict: true });
  const TemplateBody = template({});
  const next = 'start it without --strict, or take the resource out of the template';
  lab.cloudFormation.createStack({ StackName: 'app', TemplateBody });
  expect(statusOf(lab, 'app')).toBe('ROLLBACK_COMPLETE');
  expect(story(lab, 'app').find((line) => line.startsWith('Table CREATE_FAILED'))).toContain(next);
  expect(story(lab, 'app').join()).not.toContain('Use CREATE_COMPLETE');
  lab.cloudFormation.createChangeSet({
    StackName: 'other',
    ChangeSetName: 'first',
    ChangeSetType: 'CREATE',
    TemplateBody,
  });
  const { Status } = lab.cloudFormation.describeChangeSet({ StackName: 'other', ChangeSetName: 'first' });
  expect(Status).toBe('FAILED');
  lab.cloudFormation.createStack({ StackName: 'fine', TemplateBody: templateOf({ Resources: { A: topic() } }) });
  expect(statusOf(lab, 'fine')).toBe('CREATE_COMPLETE');
});

test('a type that nobody publishes is refused', () => {
  const create = () =>
    startWorld().cloudFormation.createStack({
      StackName: 'app',
      TemplateBody: templateOf({ Resources: { A: { Type: 'AWS::No::Such' } } }),
    });
  expect(create).toThrow('Template format error: Unrecognized resource types: [AWS::No::Such]');
});
