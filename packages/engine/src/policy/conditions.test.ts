import { expect, test } from 'vitest';
import { conditionsHold } from './conditions.ts';

const facts: Readonly<Record<string, readonly string[]>> = {
  'aws:username': ['anna'],
  'aws:tagkeys': ['team', 'cost'],
  'aws:currenttime': ['2026-01-05T09:00:00.000Z'],
  'aws:sourceip': ['10.1.2.3'],
  'aws:sourcearn': ['arn:aws:sns:eu-west-1:000000000000:mails'],
  's3:max-keys': ['10'],
  'aws:securetransport': ['true'],
  'ns:star': ['a*'],
};
const keys = (name: string) => facts[name];

// Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
test.each<[string, Record<string, Record<string, string | string[]>>, boolean]>([
  ['a string that is equal', { StringEquals: { 'aws:username': 'anna' } }, true],
  ['names of keys in any case', { StringEquals: { 'AWS:UserName': 'anna' } }, true],
  ['values in any case only where asked', { StringEquals: { 'aws:username': 'Anna' } }, false],
  ['which this operator does', { StringEqualsIgnoreCase: { 'aws:username': 'Anna' } }, true],
  ['one of several values', { StringEquals: { 'aws:username': ['bert', 'anna'] } }, true],
  ['none of several values', { StringNotEquals: { 'aws:username': ['bert', 'anna'] } }, false],
  ['wildcards only with Like', { StringEquals: { 'aws:username': 'an*' } }, false],
  ['wildcards with Like', { StringLike: { 'aws:username': 'a?n*' } }, true],
  [
    'every operator must hold',
    { StringLike: { 'aws:username': 'a*' }, Bool: { 'aws:securetransport': 'false' } },
    false,
  ],
  ['a key that is not there', { StringEquals: { 'aws:nothing': 'x' } }, false],
  ['a key that is not there, negated', { StringNotEquals: { 'aws:nothing': 'x' } }, true],
  ['a key that is not there, IfExists', { StringEqualsIfExists: { 'aws:nothing': 'x' } }, true],
  ['Null: is not there', { Null: { 'aws:nothing': 'true' } }, true],
  ['Null: is there', { Null: { 'aws:username': 'false' } }, true],
  ['Null: is there, but is not to be', { Null: { 'aws:username': 'true' } }, false],
  ['numbers', { NumericLessThanEquals: { 's3:max-keys': '10' } }, true],
  ['numbers that are too large', { NumericLessThan: { 's3:max-keys': '10' } }, false],
  ['what is no number', { NumericEquals: { 'aws:username': '1' } }, false],
  ['times', { DateGreaterThan: { 'aws:currenttime': '2026-01-01T00:00:00Z' } }, true],
  ['times as seconds', { DateLessThan: { 'aws:currenttime': '1767225600' } }, false],
  ['an address in a network', { IpAddress: { 'aws:sourceip': '10.0.0.0/8' } }, true],
  ['an address outside of it', { NotIpAddress: { 'aws:sourceip': ['192.168.0.0/16', '10.1.0.0/16'] } }, false],
  ['an ARN with wildcards', { ArnLike: { 'aws:sourcearn': 'arn:aws:sns:*:000000000000:*' } }, true],
  ['a wildcard within its part only', { ArnEquals: { 'aws:sourcearn': 'arn:aws:*:mails' } }, false],
  ['ForAnyValue', { 'ForAnyValue:StringEquals': { 'aws:tagkeys': ['cost', 'x'] } }, true],
  ['ForAllValues', { 'ForAllValues:StringEquals': { 'aws:tagkeys': ['cost', 'x'] } }, false],
  ['ForAllValues of none', { 'ForAllValues:StringEquals': { 'aws:nothing': ['x'] } }, true],
  ['ForAnyValue of none', { 'ForAnyValue:StringNotEquals': { 'aws:nothing': ['x'] } }, false],
  ['a variable', { StringEquals: { 'aws:username': `\${aws:username}` } }, true],
  ['a variable without a value', { StringEquals: { 'aws:username': `\${aws:nothing}` } }, false],
  ['a default of a variable', { StringEquals: { 'aws:username': `\${aws:nothing, 'anna'}` } }, true],
  ['a star in a value is no wildcard', { StringLike: { 'aws:username': `\${ns:star}` } }, false],
  ['an operator that does not exist', { StringIs: { 'aws:username': 'anna' } }, false],
])('%s', (_case, condition, holds) => {
  expect(conditionsHold(condition, keys)).toBe(holds);
});
