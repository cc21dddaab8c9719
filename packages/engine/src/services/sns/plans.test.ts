import fc from 'fast-check';
import { expect, test } from 'vitest';
import { planRetry } from './controllers/plan-retry.ts';
import { parseFilterPolicy, passes } from './filter-policy.ts';

const delays = (protocol: Parameters<typeof planRetry>[0], count: number) =>
  Array.from({ length: count }, (_, index) => planRetry(protocol, index + 1));

test('a function is retried at once, then ever later, for weeks', () => {
  const all = delays('lambda', 16);
  expect(all.slice(0, 6)).toEqual([0, 0, 0, 1000, 1000, 1000]);
  expect(all.slice(14)).toEqual([20_000, 20_000]);
  expect(planRetry('lambda', 100_015)).toBe(20_000);
  expect(planRetry('lambda', 100_016)).toBeUndefined();
});

test('mail is retried fifty times within some six hours, and the web three times', () => {
  const all = delays('email', 51);
  expect(all.slice(0, 3)).toEqual([10_000, 10_000, 10_000]);
  expect(all.slice(11, 13)).toEqual([600_000, 600_000]);
  expect(all.at(-2)).toBe(600_000);
  expect(all.at(-1)).toBeUndefined();
  expect(delays('https', 4)).toEqual([20_000, 20_000, 20_000, undefined]);
});

test.each<[unknown, object, boolean]>([
  [{ store: ['a'] }, { store: 'a' }, true],
  [{ store: ['a'] }, {}, false],
  [{ store: ['a'] }, { store: ['b', 'a'] }, true],
  [{ store: ['a'], kind: ['x'] }, { store: 'a' }, false],
  [{ store: [{ prefix: 'a' }] }, { store: 'abc' }, true],
  [{ store: [{ suffix: 'bc' }] }, { store: 'abc' }, true],
  [{ store: [{ 'equals-ignore-case': 'ABC' }] }, { store: 'abc' }, true],
  [{ store: [{ wildcard: 'a*c' }] }, { store: 'abbc' }, true],
  [{ store: [{ 'anything-but': ['a', 'b'] }] }, { store: 'c' }, true],
  [{ store: [{ 'anything-but': ['a', 'b'] }] }, { store: 'a' }, false],
  [{ store: [{ 'anything-but': ['a'] }] }, {}, false],
  [{ store: [{ 'anything-but': { prefix: 'a' } }] }, { store: 'abc' }, false],
  [{ price: [{ numeric: ['>', 0, '<=', 5] }] }, { price: 5 }, true],
  [{ price: [{ numeric: ['=', 5] }] }, { price: '5' }, false],
  [{ price: [5] }, { price: 5 }, true],
  [{ from: [{ cidr: '10.0.0.0/8' }] }, { from: '10.1.2.3' }, true],
  [{ from: [{ cidr: '10.0.0.0/8' }] }, { from: '11.1.2.3' }, false],
  [{ store: [{ exists: true }] }, { store: 'a' }, true],
  [{ store: [{ exists: false }] }, { store: 'a' }, false],
  [{ store: [{ exists: false }] }, {}, true],
  [{ a: { b: ['c'] } }, { a: { b: 'c' } }, true],
  [{ a: { b: ['c'] } }, { a: [{ b: 'x' }, { b: 'c' }] }, true],
  [{ $or: [{ a: ['1'] }, { b: ['2'] }] }, { b: '2' }, true],
  [{ $or: [{ a: ['1'] }, { b: ['2'] }] }, { b: '1' }, false],
])('the policy %j on %j: %s', (policy, message, expected) => {
  expect(passes(parseFilterPolicy(JSON.stringify(policy)), message as never)).toBe(expected);
});

test.each([
  ['x', 'failed to parse JSON.'],
  ['[]', 'Filter policy must be a JSON object'],
  ['{"a":"b"}', '"a" must be an object or an array'],
  ['{"a":[]}', 'Empty arrays are not allowed'],
  ['{"a":[{"like":"x"}]}', 'Unrecognized match type like'],
])('the policy %s is refused', (text, reason) => {
  expect(() => parseFilterPolicy(text)).toThrow(reason);
});

test('a wildcard means what its parts in order mean', () => {
  const word = fc.string({ unit: fc.constantFrom('a', 'b', '.'), maxLength: 3 });
  fc.assert(
    fc.property(fc.array(word, { minLength: 1, maxLength: 4 }), fc.array(word, { maxLength: 3 }), (parts, between) => {
      const text = parts.reduce((so_far, part, index) => so_far + (between[index - 1] ?? '') + part);
      expect(passes({ a: [{ wildcard: parts.join('*') }] }, { a: text })).toBe(true);
    }),
  );
});
