import { describe, expect, test } from 'vitest';
import { notKnown } from '../template/environment.ts';
import { checkProperties } from './check-properties.ts';
import { propertyChanges, replacement } from './property-changes.ts';
import { resourceSchema, resourceTypeExists } from './resource-schemas.ts';

const check = (type: string, properties: object) => {
  const { properties: checked, complaints } = checkProperties(resourceSchema(type), { ...properties });
  return complaints.length > 0 ? complaints.map(({ path, message }) => `${path}: ${message}`) : checked;
};

describe('properties are coerced as CloudFormation does', () => {
  test.each<[string, object, unknown]>([
    ['AWS::Logs::LogGroup', { RetentionInDays: '7' }, { RetentionInDays: 7 }],
    [
      'AWS::EC2::VPC',
      { CidrBlock: '10.0.0.0/16', EnableDnsSupport: 'true' },
      { CidrBlock: '10.0.0.0/16', EnableDnsSupport: true },
    ],
    ['AWS::ECS::TaskDefinition', { Cpu: 256, Memory: 512 }, { Cpu: '256', Memory: '512' }],
    [
      'AWS::IAM::Role',
      { AssumeRolePolicyDocument: '{"Version":"2012-10-17"}' },
      { AssumeRolePolicyDocument: { Version: '2012-10-17' } },
    ],
    [
      'AWS::SSM::Parameter',
      { Type: 'String', Value: 5, Tags: { a: 1 } },
      { Type: 'String', Value: '5', Tags: { a: '1' } },
    ],
    [
      'AWS::ECS::TaskDefinition',
      {
        ContainerDefinitions: [
          { Name: 'a', Image: 'b', PortMappings: [{ ContainerPort: '80' }], DockerLabels: { x: 1 } },
        ],
      },
      {
        ContainerDefinitions: [
          { Name: 'a', Image: 'b', PortMappings: [{ ContainerPort: 80 }], DockerLabels: { x: '1' } },
        ],
      },
    ],
    [
      'AWS::SNS::Topic',
      { DisplayName: notKnown, Tags: [{ Key: 'a', Value: notKnown }] },
      { DisplayName: notKnown, Tags: [{ Key: 'a', Value: notKnown }] },
    ],
    ['Custom::Anything', { ServiceToken: 'x', Own: { deep: [1] } }, { ServiceToken: 'x', Own: { deep: [1] } }],
  ])('%s %j', (type, properties, expected) => {
    expect(check(type, properties)).toEqual(expected);
  });
});

describe('properties that do not fit are complained about, with the place', () => {
  test.each<[string, object, string[]]>([
    ['AWS::EC2::VPC', { CidrBlok: 'x' }, ['#: extraneous key [CidrBlok] is not permitted']],
    ['AWS::SSM::Parameter', { Value: 'x' }, ['#: required key [Type] not found']],
    ['AWS::Logs::LogGroup', { RetentionInDays: 8 }, ['#/RetentionInDays: 8 is not a valid enum value']],
    ['AWS::EC2::VPC', { EnableDnsSupport: 'maybe' }, ['#/EnableDnsSupport: expected type: Boolean, found: String']],
    ['AWS::ECS::Service', { DesiredCount: 'many' }, ['#/DesiredCount: expected type: Integer, found: String']],
    [
      'AWS::ECS::Service',
      { LoadBalancers: { TargetGroupArn: 'x' } },
      ['#/LoadBalancers: expected type: JSONArray, found: JSONObject'],
    ],
    [
      'AWS::ECS::Service',
      { NetworkConfiguration: 'x' },
      ['#/NetworkConfiguration: expected type: JSONObject, found: String'],
    ],
    [
      'AWS::ECS::TaskDefinition',
      { ContainerDefinitions: [{ Name: 'a' }, { Image: 'b', Name: 'c', Prts: [] }] },
      [
        '#/ContainerDefinitions/0: required key [Image] not found',
        '#/ContainerDefinitions/1: extraneous key [Prts] is not permitted',
      ],
    ],
  ])('%s %j', (type, properties, complaints) => {
    expect(check(type, properties)).toEqual(complaints);
  });
});

describe('a change means what the schema says', () => {
  test.each<[string, object, object, 'no' | 'maybe' | 'yes', string[]]>([
    ['AWS::EC2::VPC', { CidrBlock: '10.0.0.0/16' }, { CidrBlock: '10.1.0.0/16' }, 'yes', ['CidrBlock']],
    ['AWS::EC2::VPC', { EnableDnsSupport: true }, { EnableDnsSupport: false }, 'no', ['EnableDnsSupport']],
    ['AWS::EC2::VPC', { InstanceTenancy: 'default' }, { InstanceTenancy: 'dedicated' }, 'maybe', ['InstanceTenancy']],
    ['AWS::EC2::VPC', {}, { CidrBlock: notKnown }, 'maybe', ['CidrBlock']],
    [
      'AWS::ECS::Service',
      { DeploymentConfiguration: { MaximumPercent: 200, MinimumHealthyPercent: 100 } },
      { DeploymentConfiguration: { MaximumPercent: 150, MinimumHealthyPercent: 100 } },
      'no',
      ['DeploymentConfiguration/MaximumPercent'],
    ],
    ['AWS::ECS::Service', { ServiceName: 'a' }, {}, 'yes', ['ServiceName']],
    ['AWS::SNS::Topic', { Tags: [{ Key: 'a', Value: 'b' }] }, { Tags: [{ Value: 'b', Key: 'a' }] }, 'no', []],
  ])('%s %j -> %j', (type, before, after, expected, paths) => {
    const changes = propertyChanges(resourceSchema(type), { ...before }, { ...after });
    expect(changes.map(({ path }) => path.join('/'))).toEqual(paths);
    expect(replacement(changes)).toBe(expected);
  });
});

test('types outside of the committed slice come from the whole database', () => {
  expect(resourceTypeExists('AWS::Cognito::UserPool')).toBe(true);
  expect(resourceTypeExists('AWS::Cognito::UserPol')).toBe(false);
  expect(resourceSchema('AWS::Cognito::UserPool').attributes).toHaveProperty('Arn');
  expect(check('AWS::Cognito::UserPool', { UserPoolNam: 'x' })).toEqual([
    '#: extraneous key [UserPoolNam] is not permitted',
  ]);
});
