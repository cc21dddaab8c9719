import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type JsonObject, parseEventPattern } from './event-pattern.ts';
import { matchesPattern, matchesWildcard } from './match-pattern.ts';

const event: JsonObject = {
  'detail-type': 'EC2 Instance State-change Notification',
  source: 'aws.ec2',
  time: '2017-10-02T16:24:49Z',
  resources: ['arn:a', 'arn:b'],
  detail: {
    'c-count': 5,
    'd-count': 3,
    'x-limit': 301.8,
    'source-ip': '10.0.0.33',
    'source-ip6': '2001:db8::7',
    state: 'running',
    file: 'dir/lib/picture.PNG',
    star: 'a*b',
    empty: '',
    nothing: null,
    flag: true,
    none: [],
    nested: { inner: { value: 1 } },
    people: [
      { first: 'Anna', last: 'Smith' },
      { first: 'Peter', last: 'Jones' },
    ],
  },
};

const inDetail = (detail: unknown) => ({ detail });

test.each<[unknown, boolean]>([
  // values
  [{ source: ['aws.ec2'] }, true],
  [{ source: ['aws.s3', 'aws.ec2'] }, true],
  [{ source: ['aws.s3'] }, false],
  [{ resources: ['arn:b'] }, true],
  [{ resources: ['arn:c'] }, false],
  [{ source: ['aws.ec2'], region: ['us-east-1'] }, false],
  [inDetail({ 'c-count': [5] }), true],
  [inDetail({ 'c-count': ['5'] }), false],
  [inDetail({ empty: [''] }), true],
  [inDetail({ nothing: [null] }), true],
  [inDetail({ empty: [null] }), false],
  [inDetail({ flag: [true] }), true],
  [inDetail({ nested: { inner: { value: [1] } } }), true],
  // text
  [{ time: [{ prefix: '2017-10-02' }] }, true],
  [{ source: [{ prefix: { 'equals-ignore-case': 'AWS.' } }] }, true],
  [inDetail({ file: [{ suffix: '.png' }] }), false],
  [inDetail({ file: [{ suffix: { 'equals-ignore-case': '.png' } }] }), true],
  [inDetail({ state: [{ 'equals-ignore-case': 'RUNNING' }] }), true],
  [inDetail({ 'c-count': [{ prefix: '5' }] }), false],
  [inDetail({ file: [{ wildcard: 'dir/*/pic*' }] }), true],
  [inDetail({ file: [{ wildcard: '*/lib/' }] }), false],
  [inDetail({ star: [{ wildcard: 'a\\*b' }] }), true],
  [inDetail({ state: [{ wildcard: 'run\\*' }] }), false],
  // anything-but
  [inDetail({ state: [{ 'anything-but': 'initializing' }] }), true],
  [inDetail({ state: [{ 'anything-but': 'running' }] }), false],
  [inDetail({ state: [{ 'anything-but': ['stopped', 'running'] }] }), false],
  [inDetail({ 'x-limit': [{ 'anything-but': [100, 200, 300] }] }), true],
  [inDetail({ 'c-count': [{ 'anything-but': 5 }] }), false],
  [inDetail({ state: [{ 'anything-but': { prefix: 'run' } }] }), false],
  [inDetail({ state: [{ 'anything-but': { prefix: ['init', 'stop'] } }] }), true],
  [inDetail({ state: [{ 'anything-but': { suffix: 'ing' } }] }), false],
  [inDetail({ state: [{ 'anything-but': { 'equals-ignore-case': ['Running'] } }] }), false],
  [inDetail({ file: [{ 'anything-but': { wildcard: '*/lib/*' } }] }), false],
  [inDetail({ absent: [{ 'anything-but': 'x' }] }), false],
  [{ resources: [{ 'anything-but': 'arn:a' }] }, true],
  // numeric
  [inDetail({ 'c-count': [{ numeric: ['>', 0, '<=', 5] }] }), true],
  [inDetail({ 'd-count': [{ numeric: ['<', 3] }] }), false],
  [inDetail({ 'x-limit': [{ numeric: ['=', 3.018e2] }] }), true],
  [inDetail({ state: [{ numeric: ['>', 0] }] }), false],
  // addresses
  [inDetail({ 'source-ip': [{ cidr: '10.0.0.0/24' }] }), true],
  [inDetail({ 'source-ip': [{ cidr: '10.0.1.0/24' }] }), false],
  [inDetail({ 'source-ip6': [{ cidr: '2001:db8::/32' }] }), true],
  [inDetail({ state: [{ cidr: '10.0.0.0/8' }] }), false],
  // exists: only a leaf exists
  [inDetail({ 'c-count': [{ exists: true }] }), true],
  [inDetail({ 'c-count': [{ exists: false }] }), false],
  [inDetail({ absent: [{ exists: false }] }), true],
  [inDetail({ absent: { deeper: [{ exists: false }] } }), true],
  [inDetail({ nested: [{ exists: true }] }), false],
  [inDetail({ nothing: [{ exists: true }] }), true],
  [inDetail({ none: [{ exists: true }] }), false],
  [inDetail({ absent: [{ exists: false }, 'x'] }), true],
  // arrays of objects are matched one object at a time
  [inDetail({ people: { first: ['Anna'], last: ['Smith'] } }), true],
  [inDetail({ people: { first: ['Anna'], last: ['Jones'] } }), false],
  // $or
  [{ $or: [{ source: ['aws.s3'] }, { detail: { state: ['running'] } }] }, true],
  [{ source: ['aws.s3'], $or: [{ detail: { state: ['running'] } }, { source: ['aws.ec2'] }] }, false],
  [inDetail({ $or: [{ state: ['stopped'] }, { 'c-count': [{ numeric: ['>', 4] }] }] }), true],
  [inDetail({ $or: [{ state: ['stopped'] }, { 'c-count': [{ numeric: ['>', 5] }] }] }), false],
  [{ source: ['aws.ec2'], $or: [{ x: [1] }, { y: [1], $or: [{ z: [1] }, { source: ['aws.ec2'] }] }] }, false],
])('%j is %s', (pattern, expected) => {
  expect(matchesPattern(parseEventPattern(JSON.stringify(pattern)), event)).toBe(expected);
});

test.each([
  ['nonsense', 'the text is not valid JSON'],
  ['[]', 'Filter is not an object'],
  ['{}', 'Empty objects are not allowed'],
  ['{"source":"aws.ec2"}', '"source" must be an object or an array'],
  ['{"source":[]}', 'Empty arrays are not allowed'],
  ['{"a":[["x"]]}', 'Match value must be String'],
  ['{"a":[{"like":"x"}]}', 'Unrecognized match type like'],
  ['{"a":[{"prefix":"x","suffix":"y"}]}', 'Only one key allowed'],
  ['{"a":[{"prefix":1}]}', 'prefix match pattern must be a string'],
  ['{"a":[{"numeric":[">"]}]}', 'Too many elements'],
  ['{"a":[{"numeric":["~",1]}]}', 'Unrecognized numeric range operator: ~'],
  ['{"a":[{"anything-but":["x",1]}]}', 'Value of anything-but must be'],
  ['{"a":[{"exists":"yes"}]}', 'exists match pattern must be either true or false.'],
  ['{"a":[{"wildcard":"a**b"}]}', 'Consecutive wildcard characters'],
  ['{"a":[{"wildcard":"a\\\\b"}]}', 'Invalid escape character'],
])('%s is refused', (text, reason) => {
  expect(() => parseEventPattern(text)).toThrow(reason);
});

test('a wildcard means what the regular expression would', () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'b', '*') });
  fc.assert(
    fc.property(text, fc.string({ unit: fc.constantFrom('a', 'b') }), (pattern, value) => {
      const expression = new RegExp(`^${pattern.split('*').join('.*')}$`);
      expect(matchesWildcard(pattern, value)).toBe(expression.test(value));
    }),
  );
});
