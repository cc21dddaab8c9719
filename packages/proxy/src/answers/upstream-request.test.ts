import { expect, test } from 'vitest';
import { parseRequestHead, type RequestHead } from '../http1/request-head.ts';
import type { Listener } from '../routing-table.ts';
import { hasTooManyForwarders, writeUpstreamRequest } from './upstream-request.ts';

const settings: Listener = {
  id: 'listener',
  loadBalancer: 'app/test',
  host: '127.0.0.5',
  port: 80,
  protocol: 'HTTP',
  rules: [],
  idleTimeout_ms: 60_000,
};

function head(lines: string, first = 'GET /a?b HTTP/1.1'): RequestHead {
  const parsed = parseRequestHead(`${first}\r\n${lines}\r\n\r\n`);
  if ('refused' in parsed) throw new Error(`refused with ${parsed.refused}`);
  return parsed;
}

const written = (request: RequestHead, listener: Partial<Listener> = {}, client = { host: '10.9.8.7', port: 5555 }) =>
  writeUpstreamRequest(request, { listener: { ...settings, ...listener }, port: 80, client, traceHeader: 'Root=1' });

test('keeps order and case of what it forwards, and adds what ALB adds', () => {
  expect(
    written(
      head(
        'Host: www.example.com\r\nACCEPT: */*\r\nX-Amzn-Trace-Id: Root=0\r\nX-Forwarded-Proto: https\r\nCookie: a=b',
      ),
    ),
  ).toBe(
    'GET /a?b HTTP/1.1\r\nHost: www.example.com\r\nACCEPT: */*\r\nCookie: a=b\r\n' +
      'X-Forwarded-For: 10.9.8.7\r\nX-Forwarded-Proto: http\r\n' +
      'X-Forwarded-Port: 80\r\nX-Amzn-Trace-Id: Root=1\r\nConnection: keep-alive\r\n\r\n',
  );
});

test.each<[string, Partial<Listener>, string | undefined]>([
  ['appended', {}, '1.1.1.1, 2.2.2.2, 10.9.8.7'],
  ['appended with the port', { xForwardedForClientPort: true }, '1.1.1.1, 2.2.2.2, 10.9.8.7:5555'],
  ['preserved', { xForwardedFor: 'preserve' }, '1.1.1.1, 2.2.2.2'],
  ['removed', { xForwardedFor: 'remove' }, undefined],
])('X-Forwarded-For is %s', (_, listener, expected) => {
  const text = written(head('Host: x\r\nX-Forwarded-For: 1.1.1.1\r\nx-forwarded-for: 2.2.2.2'), listener);
  expect(/X-Forwarded-For: (.*)\r\n/i.exec(text)?.[1]).toBe(expected);
  expect(text.match(/x-forwarded-for/gi) ?? []).toHaveLength(expected === undefined ? 0 : 1);
});

test('an IPv6 client with its port is bracketed', () => {
  const text = written(head('Host: x'), { xForwardedForClientPort: true }, { host: '2001:db8::1', port: 1 });
  expect(text).toContain('X-Forwarded-For: [2001:db8::1]:1\r\n');
});

test.each<[string, Partial<Listener>, string]>([
  ['www.example.com', {}, 'www.example.com'],
  ['www.example.com', { advertisedPort: 8080 }, 'www.example.com:8080'],
  ['www.example.com:99', { advertisedPort: 8080 }, 'www.example.com:99'],
  ['www.example.com', { advertisedPort: 8080, preserveHostHeader: true }, 'www.example.com'],
])('Host %s with %o is %s', (host, listener, expected) => {
  expect(written(head(`Host: ${host}`), listener)).toContain(`\r\nHost: ${expected}\r\n`);
});

test('an HTTP/1.0 request without a Host gets the listener as one', () => {
  expect(written(head('A: b', 'GET / HTTP/1.0'))).toContain('\r\nHost: 127.0.0.5:80\r\n');
});

test.each([
  ['Content-Length: 5', '\r\nContent-Length: 5\r\n'],
  ['Content-Length: 0', '\r\nContent-Length: 0\r\n'],
  ['Transfer-Encoding: Chunked', '\r\nTransfer-Encoding: chunked\r\n'],
])('the body framed by %s is framed so again', (line, expected) => {
  expect(written(head(`Host: x\r\n${line}`, 'POST / HTTP/1.1'))).toContain(expected);
});

test('names with other characters than letters, digits and hyphens are dropped on demand', () => {
  const request = head('Host: x\r\nbad_name: 1\r\nGood-Name: 2');
  expect(written(request)).toContain('bad_name: 1');
  expect(written(request, { dropInvalidHeaderFields: true })).not.toContain('bad_name');
  expect(written(request, { dropInvalidHeaderFields: true })).toContain('Good-Name: 2');
});

test('thirty forwarders pass, over however many lines; one more does not', () => {
  const addresses = (count: number) => ({
    name: 'x',
    lower: 'x-forwarded-for',
    value: Array(count).fill('1.1.1.1').join(', '),
  });
  expect(hasTooManyForwarders([addresses(10), addresses(20)])).toBe(false);
  expect(hasTooManyForwarders([addresses(11), addresses(20)])).toBe(true);
});
