import { describe, expect, test } from 'vitest';
import { smallEnvironment } from '../testing/small-environment.ts';
import { parameterValues, referencedValues } from './parameters.ts';
import { parseTemplate } from './parse-template.ts';
import { checkRules } from './rules.ts';

const withParameters = (Parameters: object) =>
  parseTemplate(JSON.stringify({ Parameters, Resources: { A: { Type: 'AWS::SNS::Topic' } } }));
const store = (name: string) => ({ '/ami': 'ami-1', '/list': 'a,b' })[name];
const settle = (declarations: object, given: Record<string, string> = {}) => {
  const inputs = Object.entries(given).map(([ParameterKey, ParameterValue]) => ({ ParameterKey, ParameterValue }));
  const template = withParameters(declarations);
  return referencedValues(template, parameterValues(template, inputs, undefined, store));
};

describe('values', () => {
  test.each<[string, object, Record<string, string>, unknown]>([
    ['given', { P: { Type: 'String', Default: 'x' } }, { P: 'y' }, 'y'],
    ['default', { P: { Type: 'Number', Default: 7 } }, {}, '7'],
    ['empty text', { P: { Type: 'String', Default: 'x' } }, { P: '' }, ''],
    ['comma list', { P: { Type: 'CommaDelimitedList', Default: 'a, b' } }, {}, ['a', 'b']],
    ['list of ids', { P: { Type: 'List<AWS::EC2::Subnet::Id>' } }, { P: 's-1,s-2' }, ['s-1', 's-2']],
    ['stored text', { P: { Type: 'AWS::SSM::Parameter::Value<AWS::EC2::Image::Id>', Default: '/ami' } }, {}, 'ami-1'],
    ['stored list', { P: { Type: 'AWS::SSM::Parameter::Value<List<String>>' } }, { P: '/list' }, ['a', 'b']],
    ['name of a stored one', { P: { Type: 'AWS::SSM::Parameter::Name' } }, { P: '/ami' }, '/ami'],
  ])('%s', (_, declarations, given, expected) => {
    expect(settle(declarations, given)['P']).toEqual(expected);
  });

  test('an update may keep the value from before', () => {
    const template = withParameters({ P: { Type: 'String', Default: 'x' } });
    const keep = [{ ParameterKey: 'P', UsePreviousValue: true }];
    expect(parameterValues(template, keep, { P: { text: 'kept' } }, store)).toEqual({ P: { text: 'kept' } });
    expect(() => parameterValues(template, keep, {}, store)).toThrow('Cannot specify usePreviousValue');
  });
});

describe('values that do not fit are refused', () => {
  test.each<[object, Record<string, string>, string]>([
    [{ P: { Type: 'String' }, Q: { Type: 'String' } }, {}, 'Parameters: [P, Q] must have values'],
    [{ P: { Type: 'String' } }, { P: 'x', Z: 'y' }, 'Parameters: [Z] do not exist in the template'],
    [{ P: { Type: 'String', AllowedValues: ['a', 'b'] } }, { P: 'c' }, "Parameter 'P' must be one of AllowedValues"],
    [{ P: { Type: 'String', AllowedPattern: '[a-z]+' } }, { P: 'a1' }, "Parameter 'P' must match pattern [a-z]+"],
    [
      { P: { Type: 'String', AllowedPattern: '[a-z]+', ConstraintDescription: 'lower case only' } },
      { P: 'A' },
      'Parameter P failed to satisfy constraint: lower case only',
    ],
    [{ P: { Type: 'String', MinLength: 3 } }, { P: 'ab' }, "Parameter 'P' must contain at least 3 characters"],
    [{ P: { Type: 'String', MaxLength: '3' } }, { P: 'abcd' }, "Parameter 'P' must contain at most 3 characters"],
    [{ P: { Type: 'Number' } }, { P: 'x' }, "Parameter 'P' must be a number"],
    [{ P: { Type: 'Number', MinValue: 1 } }, { P: '0' }, "Parameter 'P' must be a number not less than 1"],
    [{ P: { Type: 'List<Number>', MaxValue: 5 } }, { P: '1,9' }, "Parameter 'P' must be a number not greater than 5"],
    [
      { P: { Type: 'AWS::SSM::Parameter::Value<String>' } },
      { P: '/no' },
      'Unable to fetch parameters [/no] from parameter store for this account.',
    ],
  ])('%j with %j', (declarations, given, message) => {
    expect(() => settle(declarations, given)).toThrow(message);
  });
});

test('a rule holds its assertions only where its condition holds', () => {
  const Rules = {
    R: {
      RuleCondition: { 'Fn::Equals': [{ Ref: 'Stage' }, 'prod'] },
      Assertions: [
        { Assert: { 'Fn::Contains': [['large'], { Ref: 'Size' }] }, AssertDescription: 'production is large' },
      ],
    },
  };
  const check = (Stage: string, Size: string) =>
    checkRules(
      parseTemplate(JSON.stringify({ Rules, Resources: { A: { Type: 'AWS::SNS::Topic' } } })),
      smallEnvironment({ parameters: { Stage, Size } }),
    );
  check('prod', 'large');
  check('test', 'small');
  expect(() => check('prod', 'small')).toThrow('Template validation error: Rule R failed: production is large');
});
