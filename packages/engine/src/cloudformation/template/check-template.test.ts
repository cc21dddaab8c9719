import { expect, test } from 'vitest';
import { resourceSchema, resourceTypeExists } from '../schema/resource-schemas.ts';
import { checkTemplate } from './check-template.ts';
import { parseTemplate } from './parse-template.ts';
import { templateGraph } from './template-graph.ts';

// biome-ignore-start lint/suspicious/noTemplateCurlyInString: Fn::Sub writes its variables like this

const types = {
  exists: resourceTypeExists,
  attributes: (type: string) => Object.keys(resourceSchema(type).attributes),
};
const topic = (properties: object = {}, more: object = {}) => ({
  Type: 'AWS::SNS::Topic',
  Properties: properties,
  ...more,
});
const check = (template: object) => checkTemplate(parseTemplate(JSON.stringify(template)), types);

test('a template that is right passes', () => {
  check({
    Parameters: { P: { Type: 'AWS::SSM::Parameter::Value<List<String>>' }, Q: { Type: 'List<AWS::EC2::Subnet::Id>' } },
    Conditions: { C: { 'Fn::Equals': [{ Ref: 'P' }, 'x'] } },
    Resources: {
      A: topic({ DisplayName: { 'Fn::GetAtt': ['B', 'TopicArn'] } }, { Condition: 'C' }),
      B: topic({ TopicName: { Ref: 'AWS::StackName' } }),
      N: { Type: 'AWS::CloudFormation::Stack', Properties: { TemplateURL: 'x' } },
      Own: { Type: 'Custom::Thing', Properties: { ServiceToken: 'x' } },
      M: { Type: 'AWS::CDK::Metadata', Properties: { Analytics: 'x' } },
    },
    Outputs: { O: { Value: { 'Fn::GetAtt': ['N', 'Outputs.Url'] }, Condition: 'C' } },
  });
});

test.each([
  [
    'an unknown type',
    { Resources: { A: { Type: 'AWS::SNS::Topik' }, B: { Type: 'My::Own::Type' } } },
    'Template format error: Unrecognized resource types: [AWS::SNS::Topik, My::Own::Type]',
  ],
  [
    'an unknown parameter type',
    { Parameters: { P: { Type: 'Sting' } }, Resources: { A: topic() } },
    'Unrecognized parameter type: Sting',
  ],
  [
    'a reference to nothing',
    { Resources: { A: topic({ DisplayName: { Ref: 'Nope' } }) } },
    'Template format error: Unresolved resource dependencies [Nope] in the Resources block of the template',
  ],
  [
    'a Sub of nothing',
    { Resources: { A: topic({ DisplayName: { 'Fn::Sub': '${Nope.Arn}' } }) } },
    'Unresolved resource dependencies [Nope] in the Resources block',
  ],
  [
    'a dependency on nothing',
    { Resources: { A: topic({}, { DependsOn: ['Nope'] }) } },
    'Unresolved resource dependencies [Nope] in the Resources block',
  ],
  [
    'an output of nothing',
    { Resources: { A: topic() }, Outputs: { O: { Value: { Ref: 'Nope' } } } },
    'Unresolved resource dependencies [Nope] in the Outputs block of the template',
  ],
  [
    'a condition on a resource',
    { Conditions: { C: { 'Fn::Equals': [{ Ref: 'A' }, 1] } }, Resources: { A: topic() } },
    'Unresolved dependencies [A]. Cannot reference resources in the Conditions block of the template',
  ],
  [
    'an unknown condition',
    { Resources: { A: topic({}, { Condition: 'C' }) } },
    'Unresolved condition dependency C in the Resources block of the template',
  ],
  [
    'an unknown attribute',
    { Resources: { A: topic(), B: topic({ DisplayName: { 'Fn::GetAtt': 'A.Colour' } }) } },
    'Template error: resource A does not support attribute type Colour in Fn::GetAtt',
  ],
])('%s is refused', (_, template, message) => {
  expect(() => check(template)).toThrow(message);
});

test('the graph has what a resource refers to and depends on, as far as its conditions let it exist', () => {
  const template = parseTemplate(
    JSON.stringify({
      Parameters: { P: { Type: 'String' } },
      Conditions: { Yes: { 'Fn::Equals': [1, 1] }, No: { 'Fn::Equals': [1, 2] } },
      Resources: {
        A: topic({ DisplayName: { 'Fn::If': ['No', { Ref: 'Gone' }, { 'Fn::Sub': '${B.TopicArn}${P}' }] } }),
        B: topic({}, { DependsOn: ['C', 'Gone'] }),
        C: topic({ DisplayName: { Ref: 'AWS::Region' } }, { Metadata: { see: { Ref: 'D' } } }),
        D: topic({}, { Condition: 'Yes' }),
        Gone: topic({}, { Condition: 'No' }),
      },
    }),
  );
  const graph = templateGraph(template, (name) => name === 'Yes');
  expect([...graph]).toEqual([
    ['A', ['B']],
    ['B', ['C']],
    ['C', ['D']],
    ['D', []],
  ]);
});

test('a circle is refused, and named', () => {
  const template = parseTemplate(
    JSON.stringify({
      Resources: {
        A: topic({ DisplayName: { Ref: 'B' } }),
        B: topic({ DisplayName: { 'Fn::GetAtt': ['C', 'TopicArn'] } }),
        C: topic({}, { DependsOn: 'A' }),
      },
    }),
  );
  expect(() => templateGraph(template, () => true)).toThrow('Circular dependency between resources: [A, B, C]');
});
// biome-ignore-end lint/suspicious/noTemplateCurlyInString: Fn::Sub writes its variables like this
