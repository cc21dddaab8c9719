import { describe, expect, test } from 'vitest';
import { parseTemplate } from './parse-template.ts';

const yaml = `
AWSTemplateFormatVersion: 2010-09-09
Parameters:
  Account: { Type: String, Default: 012345678901 }
  Version: { Type: String, Default: 1.10 }
  Count: { Type: Number, Default: 3 }
Conditions:
  Many: !Not [!Equals [!Ref Count, 1]]
Resources:
  Topic:
    Type: AWS::SNS::Topic
    Condition: Many
    Properties:
      DisplayName: !Sub "\${Account}-x"
      TopicName: !Join ["-", [!GetAtt Other.TopicName, !Select [0, !Split [",", "a,b"]]]]
      Tags: !If [Many, [{ Key: a, Value: !Base64 hello }], !Ref AWS::NoValue]
  Other:
    Type: AWS::SNS::Topic
    Properties: { DisplayName: !FindInMap [M, !Ref AWS::Region, k], Subscription: [ !ImportValue x, !GetAtt [Topic, TopicArn] ] }
`;

describe('YAML', () => {
  const { parameters, conditions, resources } = parseTemplate(yaml);

  test('short forms are the long ones', () => {
    expect(conditions).toEqual({ Many: { 'Fn::Not': [{ 'Fn::Equals': [{ Ref: 'Count' }, 1] }] } });
    expect(resources['Topic']?.Properties).toEqual({
      // biome-ignore lint/suspicious/noTemplateCurlyInString: Fn::Sub writes its variables like this
      DisplayName: { 'Fn::Sub': '${Account}-x' },
      TopicName: {
        'Fn::Join': [
          '-',
          [{ 'Fn::GetAtt': ['Other', 'TopicName'] }, { 'Fn::Select': [0, { 'Fn::Split': [',', 'a,b'] }] }],
        ],
      },
      Tags: { 'Fn::If': ['Many', [{ Key: 'a', Value: { 'Fn::Base64': 'hello' } }], { Ref: 'AWS::NoValue' }] },
    });
    expect(resources['Other']?.Properties).toEqual({
      DisplayName: { 'Fn::FindInMap': ['M', { Ref: 'AWS::Region' }, 'k'] },
      Subscription: [{ 'Fn::ImportValue': 'x' }, { 'Fn::GetAtt': ['Topic', 'TopicArn'] }],
    });
  });

  test('numbers that would lose their form stay as they were written', () => {
    expect(Object.values(parameters).map(({ Default }) => Default)).toEqual(['012345678901', '1.10', 3]);
  });
});

describe('a template that is not well formed is refused', () => {
  const resources = { A: { Type: 'AWS::SNS::Topic' } };
  test.each<[string, unknown, string]>([
    ['broken JSON', '{"Resources": }', 'Template format error: JSON not well-formed. (line 1, column 15)'],
    ['broken YAML', 'Resources:\n  A: [', 'Template format error: YAML not well-formed. (line 2, column'],
    ['no object', '"text"', 'Template format error: unsupported structure.'],
    ['an alias', 'Resources:\n  A: &a { Type: AWS::SNS::Topic }\n  B: *a', 'YAML aliases are not allowed'],
    ['no resources', {}, 'Template format error: At least one Resources member must be defined.'],
    [
      'an unknown section',
      { Resources: resources, Resourcs: {} },
      'Invalid template property or properties [Resourcs]',
    ],
    [
      'another version',
      { AWSTemplateFormatVersion: '2011-01-01', Resources: resources },
      'unsupported value for AWSTemplateFormatVersion',
    ],
    [
      'a resource without a type',
      { Resources: { A: {} } },
      '[/Resources/A] Every Resources object must contain a Type member.',
    ],
    [
      'a resource with an unknown member',
      { Resources: { A: { Type: 'X', Props: {} } } },
      "Invalid template resource property 'Props'",
    ],
    ['a name with a dash', { Resources: { 'a-b': { Type: 'X' } } }, 'Resource name a-b is non alphanumeric.'],
    [
      'an output without a value',
      { Resources: resources, Outputs: { A: {} } },
      'Every Outputs member must contain a Value object',
    ],
    [
      'a null',
      { Resources: { A: { Type: 'X', Properties: { B: [null] } } } },
      "[/Resources/A/Properties/B/0] 'null' values are not allowed in templates",
    ],
    [
      'too many resources',
      { Resources: Object.fromEntries(Array.from({ length: 501 }, (_, index) => [`A${index}`, resources.A])) },
      'Number of resources, 501, is greater than maximum allowed, 500',
    ],
  ])('%s', (_, template, message) => {
    expect(() => parseTemplate(typeof template === 'string' ? template : JSON.stringify(template))).toThrow(message);
  });
});
