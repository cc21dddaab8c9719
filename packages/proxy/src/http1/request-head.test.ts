import { expect, test } from 'vitest';
import { parseRequestHead } from './request-head.ts';

const parse = (first: string, ...lines: string[]) => parseRequestHead(`${[first, ...lines].join('\r\n')}\r\n\r\n`);

test('reads method, path, query, host and body', () => {
  expect(parse('POST /a/b?c=d?e HTTP/1.1', 'Host: www.example.com:80', 'content-length: 5')).toMatchObject({
    method: 'POST',
    uri: '/a/b?c=d?e',
    path: '/a/b',
    query: 'c=d?e',
    minor: 1,
    host: 'www.example.com:80',
    framing: { kind: 'length', length: 5 },
    keepAlive: true,
    upgrade: false,
    expectsContinue: false,
  });
});

test.each([
  ['HTTP/1.1', [], true],
  ['HTTP/1.1', ['Connection: Close'], false],
  ['HTTP/1.1', ['Connection: x, close'], false],
  ['HTTP/1.0', [], false],
  ['HTTP/1.0', ['Connection: Keep-Alive'], true],
])('%s with %j keeps the connection: %s', (version, lines, keepAlive) => {
  expect(parse(`GET / ${version}`, 'Host: x', ...lines)).toMatchObject({ keepAlive });
});

test.each([
  ['GET http://h.example/p?q HTTP/1.1', { uri: '/p?q', path: '/p', host: 'h.example' }],
  ['GET http://h.example:8080 HTTP/1.1', { uri: '/', host: 'h.example:8080' }],
  ['GET http://h.example?q HTTP/1.1', { uri: '/?q', query: 'q' }],
  ['OPTIONS * HTTP/1.1', { uri: '*' }],
  ['PROPFIND /dav HTTP/1.1', { method: 'PROPFIND' }],
])('takes %s', (line, parts) => {
  expect(parse(line, 'Host: x')).toMatchObject(parts);
});

test.each([
  ['GET  / HTTP/1.1'],
  [' GET / HTTP/1.1'],
  ['GET / HTTP/1.1 '],
  ['GET /'],
  ['GET HTTP/1.1'],
  ['GET * HTTP/1.1'],
  ['GET a HTTP/1.1'],
  ['GET /\x7f HTTP/1.1'],
  ['G@T / HTTP/1.1'],
  ['GET ftp://x/ HTTP/1.1'],
  ['GET http://a@b c/ HTTP/1.1'],
  ['GET / http/1.1'],
  ['GET / HTTP/1.11'],
])('refuses %j', (line) => {
  expect(parse(line, 'Host: x')).toEqual({ refused: 400 });
});

test.each([['a b'], ['a/b'], ['a#b'], ['a@b'], ['é']])('refuses the Host %j', (host) => {
  expect(parse('GET / HTTP/1.1', `Host: ${host}`)).toEqual({ refused: 400 });
});

test('only WebSocket is an upgrade that passes', () => {
  expect(parse('GET / HTTP/1.1', 'Host: x', 'Connection: keep-alive, Upgrade', 'Upgrade: WebSocket')).toMatchObject({
    upgrade: true,
  });
  expect(parse('GET / HTTP/1.1', 'Host: x', 'Connection: Upgrade', 'Upgrade: h2c')).toMatchObject({ upgrade: false });
  expect(parse('GET / HTTP/1.1', 'Host: x', 'Upgrade: websocket')).toMatchObject({ upgrade: false });
});

test('a length beyond what a number holds exactly is refused', () => {
  expect(parse('POST / HTTP/1.1', 'Host: x', 'Content-Length: 9999999999999999')).toEqual({ refused: 400 });
});

test('identity is no encoding', () => {
  expect(parse('POST / HTTP/1.1', 'Host: x', 'Transfer-Encoding: identity')).toMatchObject({
    framing: { kind: 'none' },
  });
});
