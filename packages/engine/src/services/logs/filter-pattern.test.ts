import { expect, test } from 'vitest';
import { parseFilterPattern } from './filter-pattern.ts';

const apache = '127.0.0.1 - frank [10/Oct/2000:13:25:15 -0700] "GET /index.html HTTP/1.0" 404 1534';
const json = JSON.stringify({
  level: 'ERROR',
  latency: 120,
  user: { name: 'ann', 'e-mail': null },
  codes: [500, 502],
  ok: false,
});

// The examples of https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntaxForMetricFilters.html, and their edges.
test.each([
  ['', 'anything', true],
  ['ERROR', '[ERROR] no space', true],
  ['ERROR', 'error', false],
  ['ERROR ARGUMENTS', 'ERROR 419 MISSING ARGUMENTS', true],
  ['ERROR ARGUMENTS', 'ERROR 401', false],
  ['?ERROR ?ARGUMENTS', 'INVALID ARGUMENTS', true],
  ['?ERROR ?ARGUMENTS', 'fine', false],
  ['"INTERNAL SERVER ERROR"', 'x INTERNAL SERVER ERROR y', true],
  ['"INTERNAL SERVER ERROR"', 'INTERNAL ERROR SERVER', false],
  ['ERROR -ARGUMENTS', 'ERROR 401', true],
  ['ERROR -ARGUMENTS', 'ERROR ARGUMENTS', false],
  ['%[0-9]{3}%', 'code 404', true],
  ['%[0-9]{3}%', 'code 4', false],
  ['{ $.level = "ERROR" }', json, true],
  ['{ $.level = "ERR*" }', json, true],
  ['{ $.level != "ERROR" }', json, false],
  ['{ $.missing != "ERROR" }', json, false],
  ['{ $.latency > 100 && $.ok IS FALSE }', json, true],
  ['{ $.latency = 120 }', json, true],
  ['{ $.latency = "120" }', json, false],
  ['{ ($.latency > 200) || ($.codes[1] = 502) }', json, true],
  ['{ $.user.name = %^a% }', json, true],
  ['{ $.user["e-mail"] IS NULL }', json, true],
  ['{ $.user.phone NOT EXISTS }', json, true],
  ['{ $.level = "ERROR" }', 'no json', false],
  ['[ip, id, user, timestamp, request, status_code, bytes]', apache, true],
  ['[ip, id, user, timestamp, request, status_code = 4*, bytes > 1000]', apache, true],
  ['[ip, id, user, timestamp, request, status_code = 5*, bytes]', apache, false],
  ['[ip, ..., bytes > 1000]', apache, true],
  ['[..., status = 404 || status = 410, bytes]', apache, true],
  ['[ip, user]', apache, false],
])('%s on %s: %s', (pattern, message, expected) => {
  expect(parseFilterPattern(pattern)(message) !== undefined).toBe(expected);
});

test('what a pattern names can be taken out', () => {
  expect(parseFilterPattern('[ip, ..., status, bytes]')(apache)?.fields).toMatchObject({
    $ip: '127.0.0.1',
    $status: '404',
    $bytes: '1534',
  });
  expect(parseFilterPattern('{ $.latency > 1 }')(json)?.fields['$.latency']).toBe(120);
});

test.each(['{ $.a = ', '{ a = 1 }', '{ ($.a = 1 }', '[a, b', '[..., a, ...]', '"open', '%(%'])(
  '%s is refused',
  (pattern) => {
    expect(() => parseFilterPattern(pattern)('{}')).toThrow('Invalid filter pattern');
  },
);
