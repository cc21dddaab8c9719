import { expect, test } from 'vitest';
import { startLab } from '../../testing/lab.ts';
import { cloudFormation } from '../cloudformation/index.ts';
import { ssm } from './index.ts';

function world() {
  return startLab({
    services: () => {
      const store = ssm();
      return [store, cloudFormation({ resources: () => store.resources ?? {}, readObject: () => undefined })];
    },
  });
}

const put = (lab: ReturnType<typeof world>, Name: string, Value = 'v', more: object = {}) =>
  lab.ssm.putParameter({ Name, Value, Type: 'String', ...more });
const names = ({ Parameters = [] }: { Parameters?: { Name?: string }[] }) => Parameters.map(({ Name }) => Name);

test('a parameter is read by name, version, label and ARN', () => {
  const lab = world();
  expect(put(lab, '/app/url', 'one')).toEqual({ Version: 1, Tier: 'Standard' });
  put(lab, '/app/url', 'two', { Overwrite: true });
  lab.ssm.labelParameterVersion({ Name: '/app/url', Labels: ['live'], ParameterVersion: 1 });
  const read = (Name: string) => lab.ssm.getParameter({ Name }).Parameter;
  expect(read('/app/url')).toEqual({
    Name: '/app/url',
    Type: 'String',
    Value: 'two',
    Version: 2,
    DataType: 'text',
    ARN: 'arn:aws:ssm:us-east-1:000000000000:parameter/app/url',
    LastModifiedDate: new Date(lab.context.now),
  });
  expect(read('/app/url:1')).toMatchObject({ Value: 'one', Selector: ':1' });
  expect(read('/app/url:live')).toMatchObject({ Value: 'one', Selector: ':live' });
  expect(read('arn:aws:ssm:us-east-1:000000000000:parameter/app/url:2')).toMatchObject({ Value: 'two' });
  put(lab, 'flat');
  expect(read('arn:aws:ssm:us-east-1:000000000000:parameter/flat')?.Name).toBe('flat');
});

test('what is not there is said', () => {
  const lab = world();
  put(lab, 'a');
  const read = (Name: string) => () => lab.ssm.getParameter({ Name });
  expect(read('/aws/service/ami-amazon-linux-latest/al2023')).toThrow(
    expect.objectContaining({ code: 'ParameterNotFound' }),
  );
  expect(read('a:7')).toThrow('Systems Manager could not find version 7 of a. Verify the version and try again.');
  expect(lab.ssm.getParameters({ Names: ['a', 'b', 'a:9'] })).toMatchObject({
    Parameters: [{ Name: 'a' }],
    InvalidParameters: ['b', 'a:9'],
  });
  expect(() => lab.ssm.deleteParameter({ Name: 'b' })).toThrow(expect.objectContaining({ code: 'ParameterNotFound' }));
  expect(lab.ssm.deleteParameters({ Names: ['a', 'b'] })).toEqual({
    DeletedParameters: ['a'],
    InvalidParameters: ['b'],
  });
});

test.each([
  ['a/b', 'ValidationException', 'must be a fully qualified name'],
  ['aws-thing', 'AccessDeniedException', 'No access to reserved parameter name: aws-thing.'],
  ['/AWS/thing', 'AccessDeniedException', 'No access to reserved'],
  ['ssm-thing', 'ValidationException', 'can\'t be prefixed with "ssm"'],
  ['a b', 'ValidationException', 'following 3 symbols'],
  ['/a//b', 'ValidationException', 'following 3 symbols'],
  [`/${'a/'.repeat(15)}b`, 'HierarchyLevelLimitExceededException', 'maximum of 15 levels'],
])('the name %s is refused', (name, code, message) => {
  const attempt = () => put(world(), name);
  expect(attempt).toThrow(expect.objectContaining({ code, message: expect.stringContaining(message) }));
});

test('paths, filters and pages', () => {
  const lab = world();
  for (const name of ['/app/b', '/app/a', '/app/db/host', '/other', 'flat']) put(lab, name);
  put(lab, '/app/secret', 's', { Type: 'SecureString', Tags: undefined });
  lab.ssm.addTagsToResource({ ResourceType: 'Parameter', ResourceId: '/app/a', Tags: [{ Key: 'team', Value: 'x' }] });
  const under = (more: object) => names(lab.ssm.getParametersByPath({ Path: '/app', ...more }));
  expect(under({})).toEqual(['/app/a', '/app/b', '/app/secret']);
  expect(under({ Recursive: true })).toEqual(['/app/a', '/app/b', '/app/db/host', '/app/secret']);
  expect(under({ ParameterFilters: [{ Key: 'Type', Values: ['SecureString'] }] })).toEqual(['/app/secret']);
  const first = lab.ssm.getParametersByPath({ Path: '/app/', MaxResults: 2 });
  const second = lab.ssm.getParametersByPath({ Path: '/app/', MaxResults: 2, NextToken: first.NextToken });
  expect([names(first), names(second), second.NextToken]).toEqual([['/app/a', '/app/b'], ['/app/secret'], undefined]);

  const described = (ParameterFilters: object[]) => names(lab.ssm.describeParameters({ ParameterFilters } as never));
  expect(described([{ Key: 'Name', Option: 'BeginsWith', Values: ['/app/d', 'fl'] }])).toEqual([
    '/app/db/host',
    'flat',
  ]);
  expect(described([{ Key: 'Path', Option: 'OneLevel', Values: ['/app'] }])).toHaveLength(3);
  expect(described([{ Key: 'tag:team', Values: ['x'] }])).toEqual(['/app/a']);
  expect(() => described([{ Key: 'Nope', Values: ['x'] }])).toThrow(
    expect.objectContaining({ code: 'InvalidFilterKey' }),
  );
  expect(() => under({ MaxResults: 11 })).toThrow('less than or equal to 10');
  expect(() => lab.ssm.getParametersByPath({ Path: 'app' })).toThrow('must begin with a forward slash');
});

test('a secret is shown only decrypted', () => {
  const lab = world();
  put(lab, 'key', 'hush', { Type: 'SecureString' });
  expect(lab.ssm.getParameter({ Name: 'key' }).Parameter?.Value).not.toContain('hush');
  expect(lab.ssm.getParameter({ Name: 'key', WithDecryption: true }).Parameter?.Value).toBe('hush');
  expect(JSON.stringify(lab.events())).not.toContain('hush');
});

test('labels move, and bad ones are told', () => {
  const lab = world();
  put(lab, 'a');
  put(lab, 'a', '2', { Overwrite: true });
  const label = (Labels: string[], ParameterVersion?: number) =>
    lab.ssm.labelParameterVersion({ Name: 'a', Labels, ParameterVersion });
  expect(label(['live', '1bad', 'aws-x'], 1)).toEqual({ InvalidLabels: ['1bad', 'aws-x'], ParameterVersion: 1 });
  expect(label(['live'])).toMatchObject({ ParameterVersion: 2 });
  const history = lab.ssm.getParameterHistory({ Name: 'a' }).Parameters ?? [];
  expect(history.map(({ Version, Labels, Value }) => [Version, Labels, Value])).toEqual([
    [1, [], 'v'],
    [2, ['live'], '2'],
  ]);
  expect(() => label(Array.from({ length: 11 }, (_, index) => `l${index}`))).toThrow('maximum 10 labels');
  expect(lab.ssm.unlabelParameterVersion({ Name: 'a', ParameterVersion: 2, Labels: ['live', 'x'] })).toEqual({
    RemovedLabels: ['live'],
    InvalidLabels: ['x'],
  });
});

test('AWS::SSM::Parameter is made, changed in place and deleted', () => {
  const lab = world();
  const template = (Value: string, Tags?: object) =>
    JSON.stringify({
      Resources: { P: { Type: 'AWS::SSM::Parameter', Properties: { Name: '/cfn', Type: 'String', Value, Tags } } },
      Outputs: { Name: { Value: { Ref: 'P' } }, Value: { Value: { 'Fn::GetAtt': ['P', 'Value'] } } },
    });
  const tags = () =>
    (lab.ssm.listTagsForResource({ ResourceType: 'Parameter', ResourceId: '/cfn' }).TagList ?? [])
      .map(({ Key }) => Key)
      .filter((key) => !key?.startsWith('aws:'));
  lab.cloudFormation.createStack({ StackName: 's', TemplateBody: template('1', { team: 'x', old: 'y' }) });
  lab.advance('1m');
  expect(lab.ssm.getParameter({ Name: '/cfn' }).Parameter).toMatchObject({ Value: '1', Version: 1 });
  expect(tags().sort()).toEqual(['old', 'team']);
  lab.cloudFormation.updateStack({ StackName: 's', TemplateBody: template('2', { team: 'x' }) });
  lab.advance('1m');
  expect(lab.ssm.getParameter({ Name: '/cfn' }).Parameter).toMatchObject({ Value: '2', Version: 2 });
  expect(tags()).toEqual(['team']);
  expect(lab.cloudFormation.describeStacks({ StackName: 's' }).Stacks?.[0]?.Outputs).toMatchObject([
    { OutputKey: 'Name', OutputValue: '/cfn' },
    { OutputKey: 'Value', OutputValue: '2' },
  ]);
  lab.cloudFormation.deleteStack({ StackName: 's' });
  lab.advance('1m');
  expect(() => lab.ssm.getParameter({ Name: '/cfn' })).toThrow('not found');
});
