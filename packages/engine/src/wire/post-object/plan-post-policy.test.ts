import { expect, test } from 'vitest';
import { boundaryOf, readForm } from './form-data.ts';
import { planPostPolicy } from './plan-post-policy.ts';

const now = Date.parse('2026-01-05T12:00:00Z');
const fields = new Map([
  ['key', 'in/a'],
  ['acl', 'private'],
  ['policy', '...'],
]);
const policy = (...conditions: unknown[]) => ({
  expiration: '2026-01-05T13:00:00Z',
  conditions: [{ acl: 'private' }, ['starts-with', '$key', 'in/'], { bucket: 'b' }, ...conditions],
});

test.each<[string, unknown, string | undefined]>([
  ['all hold', policy(['content-length-range', 1, 9]), undefined],
  [
    'another bucket',
    policy({ bucket: 'c' }),
    'Invalid according to Policy: Policy Condition failed: ["eq","$bucket","c"]',
  ],
  ['too large', policy(['content-length-range', 1, 2]), 'Your proposed upload exceeds the maximum allowed size'],
  [
    'a field that nothing is said of',
    { ...policy(), conditions: [['starts-with', '$key', '']] },
    'Invalid according to Policy: Extra input fields: acl',
  ],
  ['over', { ...policy(), expiration: '2026-01-05T11:00:00Z' }, 'Invalid according to Policy: Policy expired.'],
  ['no policy', 'x', 'Invalid Policy: Invalid JSON.'],
])('%s', (_, given, message) =>
  expect(planPostPolicy(given, { bucket: 'b', fields, size: 3 }, now)?.message).toBe(message),
);

test('a form is read up to its file; a torn one is not', () => {
  const part = (head: string, text: string) => `--xx\r\nContent-Disposition: form-data; ${head}\r\n\r\n${text}\r\n`;
  const text = `${part('name="Key"', 'a')}${part('name="file"; filename="C:\\f.txt"', 'one\r\ntwo')}${part('name="late"', '')}--xx--\r\n`;
  const boundary = boundaryOf('multipart/form-data; boundary=xx') ?? '';
  const form = readForm(Buffer.from(text), boundary);
  expect([...(form?.fields ?? [])]).toEqual([['key', 'a']]);
  expect(form?.file?.name).toBe('f.txt');
  expect(Buffer.from(form?.file?.bytes ?? []).toString()).toBe('one\r\ntwo');
  expect(readForm(Buffer.from(text.slice(0, 60)), boundary)).toBeUndefined();
});
