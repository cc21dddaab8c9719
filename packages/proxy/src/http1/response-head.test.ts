import { expect, test } from 'vitest';
import { parseResponseHead } from './response-head.ts';

const parse = (text: string, method = 'GET') => parseResponseHead(`${text}\r\n\r\n`, method);

test.each([
  ['HTTP/1.1 200 OK\r\nContent-Length: 3', 'GET', { kind: 'length', length: 3 }],
  ['HTTP/1.1 200 OK\r\nContent-Length: 0', 'GET', { kind: 'none' }],
  ['HTTP/1.1 200 OK\r\nContent-Length: 3', 'HEAD', { kind: 'none' }],
  ['HTTP/1.1 304 Not Modified\r\nContent-Length: 3', 'GET', { kind: 'none' }],
  ['HTTP/1.1 204 No Content', 'GET', { kind: 'none' }],
  ['HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked', 'GET', { kind: 'chunked' }],
  ['HTTP/1.1 200 OK', 'GET', { kind: 'until-close' }],
  ['HTTP/1.1 200', 'GET', { kind: 'until-close' }],
])('%j to %s is framed as %o', (text, method, framing) => {
  expect(parse(text, method)?.framing).toEqual(framing);
});

test.each([
  ['HTTP/2 200 OK'],
  ['HTTP/1.1 20 OK'],
  ['HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 1'],
  ['HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked'],
  ['HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked'],
  ['HTTP/1.1 200 OK\r\nContent-Length: -1'],
  ['HTTP/1.1 200 OK\r\nX : y'],
  ['HTTP/1.1 200 OK\r\n folded: line'],
  ['HTTP/1.1 200 O\rK'],
])('%j is malformed', (text) => {
  expect(parse(text)).toBeUndefined();
});

test('reads how long the target keeps the connection', () => {
  expect(parse('HTTP/1.1 200 OK\r\nKeep-Alive: timeout=5, max=100')).toMatchObject({
    keepAlive: true,
    keepAlive_ms: 5000,
  });
  expect(parse('HTTP/1.1 200 OK\r\nConnection: close')).toMatchObject({ keepAlive: false, keepAlive_ms: undefined });
  expect(parse('HTTP/1.0 200 OK')).toMatchObject({ keepAlive: false });
});
