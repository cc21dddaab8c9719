import { expect, test } from 'vitest';
import { ssm } from '../ssm/index.ts';
import { physicalName } from './resource-context.ts';
import { startWorld, statusOf, story, templateOf, thingNames, things, topic } from './testing/world.ts';

const more = () => [ssm()];

test('exports are imported by other stacks, which keeps them where they are', () => {
  const lab = startWorld();
  const exporter = (name: string) =>
    templateOf({
      Resources: { A: topic({ TopicName: name }) },
      Outputs: {
        Topic: { Value: { Ref: 'A' }, Export: { Name: { 'Fn::Sub': '$'.concat('{AWS::StackName}-topic') } } },
      },
    });
  lab.cloudFormation.createStack({ StackName: 'base', TemplateBody: exporter('one') });
  lab.cloudFormation.createStack({
    StackName: 'leaf',
    TemplateBody: templateOf({ Resources: { B: topic({ DisplayName: { 'Fn::ImportValue': 'base-topic' } }) } }),
  });
  const value = 'arn:aws:sns:us-east-1:000000000000:one';
  expect(thingNames(lab)).toContain(value);
  expect(lab.cloudFormation.listExports({}).Exports).toMatchObject([{ Name: 'base-topic', Value: value }]);
  expect(lab.cloudFormation.listImports({ ExportName: 'base-topic' }).Imports).toEqual(['leaf']);
  expect(() => lab.cloudFormation.deleteStack({ StackName: 'base' })).toThrow(
    'Export base-topic cannot be deleted as it is in use by leaf',
  );
  lab.cloudFormation.updateStack({ StackName: 'base', TemplateBody: exporter('two') });
  expect(statusOf(lab, 'base')).toBe('UPDATE_ROLLBACK_COMPLETE');
  expect(story(lab, 'base')).toContain(
    'base UPDATE_ROLLBACK_IN_PROGRESS Export base-topic cannot be updated as it is in use by leaf',
  );
  expect(thingNames(lab)).toEqual([value, 'one']);
  lab.cloudFormation.createStack({
    StackName: 'twin',
    TemplateBody: exporter('three').replace('$'.concat('{AWS::StackName}'), 'base'),
  });
  expect(story(lab, 'twin').find((line) => line.startsWith('twin ROLLBACK_IN_PROGRESS'))).toContain(
    'Export with name base-topic is already exported by stack base',
  );
  lab.cloudFormation.deleteStack({ StackName: 'leaf' });
  lab.cloudFormation.deleteStack({ StackName: 'base' });
  expect(lab.cloudFormation.listExports({}).Exports).toEqual([]);
});

test('secret parameters are masked wherever they are shown', () => {
  const lab = startWorld();
  lab.cloudFormation.createStack({
    StackName: 'app',
    Parameters: [{ ParameterKey: 'Password', ParameterValue: 'hunter2' }],
    TemplateBody: templateOf({
      Parameters: { Password: { Type: 'String', NoEcho: true } },
      Resources: { A: topic({ DisplayName: { Ref: 'Password' } }) },
    }),
  });
  expect(thingNames(lab)).toEqual(['hunter2']);
  lab.cloudFormation.createChangeSet({
    StackName: 'app',
    ChangeSetName: 'next',
    Parameters: [{ ParameterKey: 'Password', ParameterValue: 'hunter2-next' }],
    UsePreviousTemplate: true,
  });
  const shown = [
    lab.cloudFormation.describeStacks({ StackName: 'app' }),
    lab.cloudFormation.describeStackEvents({ StackName: 'app' }),
    lab.cloudFormation.describeStackResources({ StackName: 'app' }),
    lab.cloudFormation.describeChangeSet({ StackName: 'app', ChangeSetName: 'next', IncludePropertyValues: true }),
  ];
  expect(JSON.stringify([shown, lab.events()])).not.toContain('hunter2');
  expect(shown[0]).toMatchObject({ Stacks: [{ Parameters: [{ ParameterKey: 'Password', ParameterValue: '****' }] }] });
  expect(JSON.stringify(shown[1])).toContain('****');
  expect(JSON.stringify(shown[3])).toContain('****');
});

test('stored parameters are read as parameters, and by dynamic references at the last moment', () => {
  const lab = startWorld({ more });
  lab.ssm.putParameter({ Name: '/name', Value: 'stored', Type: 'String' });
  const body = templateOf({
    Parameters: { Name: { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/name' } },
    Resources: {
      A: topic({ DisplayName: { Ref: 'Name' } }),
      B: topic({ DisplayName: 'by-{{resolve:ssm:/name:1}}' }),
      P: { Type: 'AWS::SSM::Parameter', Properties: { Name: '/own', Type: 'String', Value: { Ref: 'A' } } },
    },
  });
  lab.cloudFormation.createStack({ StackName: 'app', TemplateBody: body });
  expect(thingNames(lab)).toEqual(['by-stored', 'stored']);
  expect(lab.ssm.getParameter({ Name: '/own' }).Parameter?.Value).toMatch(/^arn:aws:sns:/);
  expect(lab.cloudFormation.describeStacks({ StackName: 'app' }).Stacks?.[0]?.Parameters).toEqual([
    { ParameterKey: 'Name', ParameterValue: '/name', ResolvedValue: 'stored' },
  ]);
});

test('capabilities must be acknowledged', () => {
  const lab = startWorld();
  const role = (properties: object) =>
    templateOf({
      Resources: { R: { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument: {}, ...properties } } },
    });
  const create = (body: string, Capabilities: ('CAPABILITY_IAM' | 'CAPABILITY_NAMED_IAM')[]) => () =>
    lab.cloudFormation.createStack({ StackName: 'app', TemplateBody: body, Capabilities });
  expect(create(role({}), [])).toThrow('Requires capabilities : [CAPABILITY_IAM]');
  expect(create(role({ RoleName: 'x' }), ['CAPABILITY_IAM'])).toThrow('Requires capabilities : [CAPABILITY_NAMED_IAM]');
  expect(create(role({}), ['CAPABILITY_NAMED_IAM'])).not.toThrow();
});

test('tags of the stack reach its resources, and a change of them changes those', () => {
  const lab = startWorld();
  const body = templateOf({ Resources: { A: topic({ Tags: [{ Key: 'own', Value: '1' }] }) } });
  lab.cloudFormation.createStack({ StackName: 'app', TemplateBody: body, Tags: [{ Key: 'team', Value: 'a' }] });
  const tags = () => lab.context.store.table(things).list()[0]?.tags;
  expect(tags()).toEqual([
    { Key: 'team', Value: 'a' },
    { Key: 'own', Value: '1' },
    { Key: 'aws:cloudformation:stack-name', Value: 'app' },
    { Key: 'aws:cloudformation:logical-id', Value: 'A' },
    { Key: 'aws:cloudformation:stack-id', Value: expect.stringContaining(':stack/app/') },
  ]);
  lab.cloudFormation.updateStack({ StackName: 'app', TemplateBody: body, Tags: [{ Key: 'team', Value: 'b' }] });
  expect(tags()).toContainEqual({ Key: 'team', Value: 'b' });
});

test('a protected stack cannot be deleted', () => {
  const lab = startWorld();
  lab.cloudFormation.createStack({
    StackName: 'app',
    TemplateBody: templateOf({ Resources: { A: topic() } }),
    EnableTerminationProtection: true,
  });
  expect(() => lab.cloudFormation.deleteStack({ StackName: 'app' })).toThrow(
    'Stack [app] cannot be deleted while TerminationProtection is enabled',
  );
  lab.cloudFormation.updateTerminationProtection({ StackName: 'app', EnableTerminationProtection: false });
  lab.cloudFormation.deleteStack({ StackName: 'app' });
  expect(lab.cloudFormation.describeStacks({}).Stacks).toEqual([]);
});

test('a type without behaviour is recorded, and says so', () => {
  const lab = startWorld();
  lab.cloudFormation.createStack({
    StackName: 'app',
    TemplateBody: templateOf({
      Resources: {
        Key: { Type: 'AWS::KMS::Key', Properties: {} },
        Zone: { Type: 'AWS::Route53::HostedZone', Properties: { Name: 'example.com' } },
        Use: topic({ DisplayName: { 'Fn::GetAtt': ['Key', 'Arn'] } }),
      },
    }),
  });
  expect(statusOf(lab, 'app')).toBe('CREATE_COMPLETE');
  expect(thingNames(lab)).toEqual([expect.stringMatching(/^arn:aws:kms:us-east-1:000000000000:key\/[0-9a-f-]{36}$/)]);
  const recorded = lab.events('cloudformation/resource-status').filter(({ data }) => data['recorded']);
  expect(new Set(recorded.map(({ data }) => data['logicalId']))).toEqual(new Set(['Key', 'Zone']));
});

test('every event has an id of its own in AWS’s form, whatever happens in the same millisecond', () => {
  const lab = startWorld();
  lab.cloudFormation.createStack({
    StackName: 'base',
    TemplateBody: templateOf({ Resources: { A: topic({}), B: topic({}) } }),
  });
  const { StackEvents = [] } = lab.cloudFormation.describeStackEvents({ StackName: 'base' });
  const ids = StackEvents.map(({ EventId }) => EventId);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids.filter((id) => /^A-CREATE_IN_PROGRESS-\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(id ?? ''))).toHaveLength(2);
});

test('events carry what a resource is for', () => {
  const lab = startWorld();
  lab.cloudFormation.createStack({
    StackName: 'app',
    TemplateBody: templateOf({ Resources: { A: topic({}, { Metadata: { 'rockpool:description': 'Tells people' } }) } }),
  });
  const [first] = lab.events('cloudformation/resource-status');
  expect(first).toMatchObject({
    subject: expect.stringContaining(':stack/app/'),
    data: { logicalId: 'A', resourceType: 'AWS::SNS::Topic', description: 'Tells people', recorded: false },
  });
});

test('requests that make no sense are refused in AWS’s words', () => {
  const lab = startWorld();
  const body = templateOf({ Resources: { A: topic() } });
  lab.cloudFormation.createStack({ StackName: 'app', TemplateBody: body });
  expect(() => lab.cloudFormation.createStack({ StackName: 'app', TemplateBody: body })).toThrow(
    'Stack [app] already exists',
  );
  expect(() => lab.cloudFormation.createStack({ StackName: '1app', TemplateBody: body })).toThrow(
    "Value '1app' at 'stackName'",
  );
  expect(() => lab.cloudFormation.createStack({ StackName: 'b' })).toThrow(
    'Either Template URL or Template Body must be specified.',
  );
  expect(() => lab.cloudFormation.createStack({ StackName: 'b', TemplateURL: 'http://example.com/x' })).toThrow(
    'TemplateURL must be a supported URL.',
  );
  expect(() => lab.cloudFormation.createStack({ StackName: 'b', TemplateURL: 's3://a/b' })).toThrow(
    'S3 error: The specified key does not exist.',
  );
  expect(() => lab.cloudFormation.updateStack({ StackName: 'c', TemplateBody: body })).toThrow(
    'Stack [c] does not exist',
  );
  expect(() => lab.cloudFormation.describeStacks({ StackName: 'c' })).toThrow('Stack with id c does not exist');
  expect(() => lab.cloudFormation.describeStackEvents({ StackName: 'c' })).toThrow('Stack [c] does not exist');
  expect(() => lab.cloudFormation.describeStackResource({ StackName: 'app', LogicalResourceId: 'Z' })).toThrow(
    'Resource Z does not exist for stack app',
  );
  lab.cloudFormation.deleteStack({ StackName: 'c' });
});

test('templates are given back and summarised', () => {
  const lab = startWorld();
  const body = templateOf({
    Description: 'an app',
    Parameters: { P: { Type: 'String', Default: 'x', NoEcho: true, Description: 'p' } },
    Resources: { A: topic() },
  });
  lab.cloudFormation.createStack({ StackName: 'app', TemplateBody: body });
  expect(lab.cloudFormation.getTemplate({ StackName: 'app' })).toMatchObject({ TemplateBody: body });
  expect(lab.cloudFormation.getTemplateSummary({ StackName: 'app' })).toMatchObject({
    Description: 'an app',
    ResourceTypes: ['AWS::SNS::Topic'],
    Parameters: [{ ParameterKey: 'P', ParameterType: 'String', DefaultValue: 'x', NoEcho: true }],
  });
  expect(lab.cloudFormation.validateTemplate({ TemplateBody: body })).toMatchObject({
    Description: 'an app',
    Capabilities: [],
  });
  expect(lab.cloudFormation.describeStacks({ StackName: 'app' }).Stacks?.[0]?.Description).toBe('an app');
});

test.each([
  ['app', 'Bucket', {}, 'app-Bucket-ABCDEFGHIJKL'],
  ['app', 'Bucket', { lowerCase: true }, 'app-bucket-abcdefghijkl'],
  ['a-rather-long-stack-name', 'LoadBalancer', { max: 32 }, 'a-rather-LoadBalan-ABCDEFGHIJKL'],
  ['app', 'AnExtremelyLongLogicalName', { max: 32 }, 'app-AnExtremelyLong-ABCDEFGHIJKL'],
  ['a-rather-long-stack-name', 'Lb', { max: 32 }, 'a-rather-long-st-Lb-ABCDEFGHIJKL'],
])('the name of %s, %s with %j is %s', (stack, logical, options, expected) => {
  const name = physicalName(stack, logical, 'ABCDEFGHIJKL', options);
  expect(name).toBe(expected);
  expect(name.length).toBeLessThanOrEqual('max' in options ? options.max : 255);
});
