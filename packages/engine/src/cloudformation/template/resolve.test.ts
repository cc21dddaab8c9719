import { describe, expect, test } from 'vitest';
import { made, smallEnvironment } from '../testing/small-environment.ts';
import { notKnown } from './environment.ts';
import { resolve } from './resolve.ts';

// biome-ignore-start lint/suspicious/noTemplateCurlyInString: Fn::Sub writes its variables like this

const environment = smallEnvironment({
  parameters: { Name: 'web', Zones: ['z1', 'z2'], Stage: 'prod', Port: '80' },
  resources: {
    Vpc: made('vpc-1', { CidrBlock: '10.0.0.0/16', 'Endpoint.Port': '5432' }),
    Later: made(notKnown, { Arn: notKnown }),
  },
  exports: { 'net-Vpc': 'vpc-9' },
  template: {
    Mappings: { Sizes: { prod: { cpu: '1024', zones: ['a', 'b'] } } },
    Conditions: {
      Prod: { 'Fn::Equals': [{ Ref: 'Stage' }, 'prod'] },
      Test: { 'Fn::Not': [{ Condition: 'Prod' }] },
      Either: { 'Fn::Or': [{ Condition: 'Test' }, { 'Fn::And': [{ Condition: 'Prod' }, { 'Fn::Equals': [1, '1'] }] }] },
    },
  },
});
const subbed = '${Name}-${AWS::Region}-${Vpc}-${Vpc.CidrBlock}-${!Literal}-${Own}';

describe('functions', () => {
  test.each([
    ['Ref of a parameter', { Ref: 'Name' }, 'web'],
    ['Ref of a list parameter', { Ref: 'Zones' }, ['z1', 'z2']],
    ['Ref of a resource', { Ref: 'Vpc' }, 'vpc-1'],
    [
      'pseudo parameters',
      [{ Ref: 'AWS::AccountId' }, { Ref: 'AWS::Partition' }, { Ref: 'AWS::URLSuffix' }, { Ref: 'AWS::StackName' }],
      ['000000000000', 'aws', 'amazonaws.com', 'app'],
    ],
    ['AWS::NoValue', { a: 1, b: { Ref: 'AWS::NoValue' }, c: [1, { Ref: 'AWS::NoValue' }] }, { a: 1, c: [1] }],
    ['GetAtt', { 'Fn::GetAtt': ['Vpc', 'CidrBlock'] }, '10.0.0.0/16'],
    ['GetAtt in one text', { 'Fn::GetAtt': 'Vpc.Endpoint.Port' }, '5432'],
    ['Sub', { 'Fn::Sub': [subbed, { Own: { Ref: 'Port' } }] }, 'web-us-east-1-vpc-1-10.0.0.0/16-${Literal}-80'],
    ['Join', { 'Fn::Join': ['-', ['a', 1, true, { Ref: 'Name' }]] }, 'a-1-true-web'],
    ['Join of a list', { 'Fn::Join': [',', { Ref: 'Zones' }] }, 'z1,z2'],
    ['Split', { 'Fn::Split': ['/', 'a/b/c'] }, ['a', 'b', 'c']],
    ['Select', { 'Fn::Select': ['1', { Ref: 'Zones' }] }, 'z2'],
    ['Select beside what is not known', { 'Fn::Select': [0, ['a', { Ref: 'Later' }]] }, 'a'],
    ['FindInMap', { 'Fn::FindInMap': ['Sizes', { Ref: 'Stage' }, 'cpu'] }, '1024'],
    ['FindInMap of a list', { 'Fn::FindInMap': ['Sizes', 'prod', 'zones'] }, ['a', 'b']],
    ['FindInMap with a default', { 'Fn::FindInMap': ['Sizes', 'dev', 'cpu', { DefaultValue: { Ref: 'Port' } }] }, '80'],
    ['Base64', { 'Fn::Base64': 'hello' }, 'aGVsbG8='],
    [
      'Cidr',
      { 'Fn::Cidr': [{ 'Fn::GetAtt': ['Vpc', 'CidrBlock'] }, 3, 8] },
      ['10.0.0.0/24', '10.0.1.0/24', '10.0.2.0/24'],
    ],
    [
      'Cidr of IPv6',
      { 'Fn::Cidr': ['2001:db8:1234:1a00::/56', 2, 64] },
      ['2001:db8:1234:1a00::/64', '2001:db8:1234:1a01::/64'],
    ],
    ['GetAZs here', { 'Fn::GetAZs': '' }, ['us-east-1a', 'us-east-1b']],
    ['GetAZs elsewhere', { 'Fn::GetAZs': 'eu-west-1' }, ['eu-west-1a', 'eu-west-1b']],
    ['ImportValue', { 'Fn::ImportValue': { 'Fn::Join': ['-', ['net', 'Vpc']] } }, 'vpc-9'],
    [
      'If',
      [{ 'Fn::If': ['Prod', 'yes', 'no'] }, { 'Fn::If': ['Test', 'yes', 'no'] }, { 'Fn::If': ['Either', 'yes', 'no'] }],
      ['yes', 'no', 'yes'],
    ],
    ['If without a value', { a: { 'Fn::If': ['Test', 1, { Ref: 'AWS::NoValue' }] } }, {}],
    ['Length', { 'Fn::Length': { Ref: 'Zones' } }, 2],
    ['ToJsonString', { 'Fn::ToJsonString': { a: { Ref: 'Name' }, b: [1] } }, '{"a":"web","b":[1]}'],
    [
      'a policy’s own Condition',
      { Condition: { StringEquals: { x: { Ref: 'Name' } } } },
      { Condition: { StringEquals: { x: 'web' } } },
    ],
    ['what is not known, in a text', { 'Fn::Join': ['', ['a', { Ref: 'Later' }]] }, notKnown],
    ['what is not known, in a Sub', { 'Fn::Sub': 'x${Later.Arn}' }, notKnown],
    ['what is not known, in a structure', { a: { Ref: 'Later' } }, { a: notKnown }],
  ])('%s', (_, value, expected) => {
    expect(resolve(value, environment)).toEqual(expected);
  });

  test.each([
    [{ 'Fn::FindInMap': ['Sizes', 'dev', 'cpu'] }, 'Template error: Unable to get mapping for Sizes::dev::cpu'],
    [{ 'Fn::Select': [2, ['a', 'b']] }, 'Template error: Fn::Select cannot select nonexistent value at index 2'],
    [{ 'Fn::Join': ['-'] }, 'Template error: every Fn::Join object requires two parameters'],
    [{ 'Fn::Split': ['-'] }, 'Template error: every Fn::Split object requires two parameters'],
    [{ 'Fn::ImportValue': 'nobody' }, 'No export named nobody found'],
    [
      { 'Fn::GetAtt': ['Vpc', 'Colour'] },
      'Template error: resource Vpc does not support attribute type Colour in Fn::GetAtt',
    ],
    [{ 'Fn::If': ['Nope', 1, 2] }, 'Unresolved condition dependency Nope'],
    [
      { 'Fn::Shout': 'x' },
      'Template error: Encountered unsupported function: Fn::Shout Supported functions are: [Ref,',
    ],
    [{ 'Fn::Sub': '${Zones}' }, 'Template error: variable Zones in Fn::Sub expression does not resolve to a string'],
    [{ 'Fn::Cidr': ['10.0.0.0/24', 2, 8] }, 'Fn::Cidr cannot make 2 blocks of 8 bits out of 10.0.0.0/24'],
    [{ 'Fn::Transform': { Name: 'AWS::Include' } }, 'the transform AWS::Include is not implemented here'],
  ])('%j is refused', (value, message) => {
    expect(() => resolve(value, environment)).toThrow(message);
  });

  test('conditions that depend on each other in a circle are refused', () => {
    const circle = smallEnvironment({
      template: { Conditions: { A: { 'Fn::Not': [{ Condition: 'B' }] }, B: { 'Fn::Not': [{ Condition: 'A' }] } } },
    });
    expect(() => circle.condition('A')).toThrow('the condition A depends on itself');
  });
});
// biome-ignore-end lint/suspicious/noTemplateCurlyInString: Fn::Sub writes its variables like this
