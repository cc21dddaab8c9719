import { expect, test } from 'vitest';
import { seededIds } from '../../kernel/ids.ts';
import { broken, complaintOf, fuzz } from './fuzz.ts';
import { mutations } from './mutate.ts';

// A longer one: npm run fuzz -- --seed 7 --minutes 10

test('whatever comes, every operation answers as AWS does: no 5xx, no hang, nothing that the engine takes for a bug of its own', async () => {
  const { asked, complaints } = await fuzz({ seed: 1, variants: 2 });
  expect(complaints).toEqual([]);
  expect(asked).toBeGreaterThan(1000);
}, 60_000);

test.each([
  ['no answer', undefined, 'no answer'],
  ['a bug', { status: 500, headers: {}, body: '{"__type":"InternalFailure"}' }, '500'],
  ['an error that no client can read', { status: 400, headers: {}, body: 'sorry' }, '400 without an error'],
])('%s would be found', (_case, answered, complaint) => {
  expect(complaintOf(answered)).toContain(complaint);
});

test.each([
  ['an answer', { status: 200, headers: {}, body: '' }],
  ['a refusal in JSON', { status: 400, headers: {}, body: '{"__type":"ValidationException"}' }],
  ['a refusal in XML', { status: 404, headers: {}, body: '<Error><Code>NoSuchKey</Code></Error>' }],
  ['what is not there', { status: 501, headers: {}, body: '' }],
])('%s is fine', (_case, answered) => {
  expect(complaintOf(answered)).toBeUndefined();
});

test('a body that only begins like JSON is broken as bytes', () => {
  const mutation = mutations(seededIds(1));
  expect(broken(Buffer.from('{\nno'), mutation, 0)).toBeInstanceOf(Uint8Array);
  expect(() => JSON.parse(Buffer.from(broken(Buffer.from('{"a":1}'), mutation, 0)).toString())).not.toThrow();
});
