import { expect, test } from 'vitest';
import { cookieValue, readStickyCookie, setStickyCookie, setsCookie, stickyMark } from './stickiness.ts';

const field = (name: string, value: string) => ({ name, lower: name.toLowerCase(), value });
const mark = stickyMark('group', '10.0.0.1:80');
const sent = (lines: string) => [field('Cookie', lines.match(/(AWSALB[^;]*);/)?.[1] ?? '')];

test('a cookie binds until its duration is over', () => {
  const lines = setStickyCookie('AWSALB', mark, { now_ms: 1_000_000, duration_s: 60 });
  expect(readStickyCookie(sent(lines), 'AWSALB', 1_059_999)).toBe(mark);
  expect(readStickyCookie(sent(lines), 'AWSALB', 1_060_000)).toBeUndefined();
  expect(readStickyCookie(sent(lines), 'AWSALBTG', 1_000_001)).toBeUndefined();
});

test('in the browser it lives for seven days, with a twin for cross-origin requests', () => {
  const [plain, cors, end] = setStickyCookie('AWSALB', mark, { now_ms: 0, duration_s: 60 }).split('\r\n');
  expect(plain).toMatch(/^Set-Cookie: AWSALB=\S+; Expires=Thu, 08 Jan 1970 00:00:00 GMT; Path=\/$/);
  expect(cors).toMatch(
    /^Set-Cookie: AWSALBCORS=\S+; Expires=Thu, 08 Jan 1970 00:00:00 GMT; Path=\/; SameSite=None; Secure$/,
  );
  expect(end).toBe('');
  expect(setStickyCookie('AWSALBAPP-0', mark, { now_ms: 0, duration_s: 60 })).not.toContain('CORS');
});

test('the twin binds alone, where the plain cookie was held back', () => {
  const [, cors = ''] = setStickyCookie('AWSALB', mark, { now_ms: 0, duration_s: 60 }).split('\r\n');
  expect(readStickyCookie(sent(cors), 'AWSALB', 1)).toBe(mark);
});

test('marks differ by group and by target', () => {
  expect(
    new Set([mark, stickyMark('group', '10.0.0.2:80'), stickyMark('other', '10.0.0.1:80'), stickyMark('group')]).size,
  ).toBe(4);
});

test('a cookie is found among others, by its whole name', () => {
  const fields = [field('Cookie', 'XSESSION=1; SESSION = 2;SESSION=3'), field('cookie', 'OTHER=4')];
  expect(cookieValue(fields, 'SESSION')).toBe('2');
  expect(cookieValue(fields, 'OTHER')).toBe('4');
  expect(cookieValue(fields, 'ESSION')).toBeUndefined();
});

test('an answer sets a cookie by its whole name', () => {
  expect(setsCookie([field('Set-Cookie', 'SESSION=1; Path=/')], 'SESSION')).toBe(true);
  expect(setsCookie([field('Set-Cookie', 'XSESSION=1')], 'SESSION')).toBe(false);
});
