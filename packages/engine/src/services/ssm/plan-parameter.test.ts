import { expect, test } from 'vitest';
import type { Parameter, ParameterVersion } from './model.ts';
import { type PutInput, planPut } from './plan-parameter.ts';

const now = new Date('2026-01-05T09:00:00Z');
const place = { arn: 'arn', now, by: 'me' };

const version = (number: number, more: Partial<ParameterVersion> = {}): ParameterVersion => ({
  version: number,
  value: 'old',
  type: 'String',
  tier: 'Standard',
  dataType: 'text',
  labels: [],
  modifiedAt: now,
  modifiedBy: 'me',
  ...more,
});
const existing = (...versions: ParameterVersion[]): Parameter => ({ name: '/a', arn: 'arn', versions, tags: [] });
const put = (input: Partial<PutInput>, before?: Parameter) =>
  planPut({ Name: '/a', Value: 'v', Type: 'String', ...input }, before, place);
const last = (parameter: Parameter) => parameter.versions.at(-1);

test.each([
  {
    case: 'a first version',
    input: {},
    before: undefined,
    expected: { version: 1, tier: 'Standard', dataType: 'text' },
  },
  {
    case: 'what is not said is kept',
    input: { Overwrite: true, Type: undefined },
    before: existing(version(4, { type: 'SecureString', keyId: 'k', description: 'd', tier: 'Advanced' })),
    expected: { version: 5, type: 'SecureString', keyId: 'k', description: 'd', tier: 'Advanced', value: 'v' },
  },
  {
    case: 'a secret has the default key',
    input: { Type: 'SecureString' as const },
    before: undefined,
    expected: { keyId: 'alias/aws/ssm' },
  },
  {
    case: 'a long value makes intelligent tiering choose the advanced tier',
    input: { Tier: 'Intelligent-Tiering' as const, Value: 'x'.repeat(4097) },
    before: undefined,
    expected: { tier: 'Advanced' },
  },
  {
    case: 'a short one the standard tier',
    input: { Tier: 'Intelligent-Tiering' as const },
    before: undefined,
    expected: { tier: 'Standard' },
  },
])('$case', ({ input, before, expected }) => {
  expect(last(put(input, before))).toMatchObject(expected);
});

test.each([
  { case: 'overwriting without saying so', input: {}, before: existing(version(1)), code: 'ParameterAlreadyExists' },
  { case: 'no type', input: { Type: undefined }, code: 'ValidationException' },
  { case: 'too long for the standard tier', input: { Value: 'x'.repeat(4097) }, code: 'ValidationException' },
  {
    case: 'too long for any',
    input: { Value: 'x'.repeat(8193), Tier: 'Advanced' as const },
    code: 'ValidationException',
  },
  {
    case: 'going back to the standard tier',
    input: { Overwrite: true, Tier: 'Standard' as const },
    before: existing(version(1, { tier: 'Advanced' })),
    code: 'ValidationException',
  },
  {
    case: 'tags with overwrite',
    input: { Overwrite: true, Tags: [{ Key: 'a', Value: 'b' }] },
    code: 'ValidationException',
  },
  {
    case: 'a value outside its pattern',
    input: { AllowedPattern: '^\\d+$' },
    code: 'ParameterPatternMismatchException',
  },
  { case: 'a pattern that is none', input: { AllowedPattern: '(' }, code: 'InvalidAllowedPatternException' },
  { case: 'an unknown data type', input: { DataType: 'nope' }, code: 'ValidationException' },
  { case: 'parameter policies', input: { Policies: '[{}]' }, code: 'NotImplemented' },
])('$case is refused', ({ input, before, code }) => {
  expect(() => put(input, before)).toThrow(expect.objectContaining({ code }));
});

test('a hundred versions are kept, and a label holds the oldest', () => {
  const full = Array.from({ length: 100 }, (_, index) => version(index + 1));
  const after = put({ Overwrite: true }, existing(...full));
  expect(after.versions.map(({ version: number }) => number)).toEqual(
    Array.from({ length: 100 }, (_, index) => index + 2),
  );
  const held = existing({ ...version(1), labels: ['prod'] }, ...full.slice(1));
  expect(() => put({ Overwrite: true }, held)).toThrow(
    expect.objectContaining({ code: 'ParameterMaxVersionLimitExceeded' }),
  );
});
