import { connect, type Socket } from 'node:net';
import { expect, test } from 'vitest';
import { ask, serve } from './testing/raw-http.ts';

/** What comes back on a connection until it ends. */
const heard = (socket: Socket): Promise<string> =>
  new Promise((resolve) => {
    let text = '';
    socket.on('data', (chunk) => {
      text += chunk;
    });
    socket.on('error', () => resolve(text));
    socket.on('close', () => resolve(text));
  });

const head = (...headers: string[]) =>
  `POST / HTTP/1.1\r\nHost: localhost\r\n${headers.map((line) => `${line}\r\n`).join('')}\r\n`;

/** It still answers others after all of it. */
async function answersOthers(port: number): Promise<void> {
  const { status } = await ask(port, {
    sign: 'ecs',
    headers: { 'x-amz-target': 'AmazonEC2ContainerServiceV20141113.ListClusters' },
    body: '{}',
  });
  expect(status).toBe(200);
}

const echo = { ecs: { ListClusters: () => ({ clusterArns: [] }) } };

test.each([
  ['ten thousand headers', head(...Array.from({ length: 10_000 }, (_, index) => `X-${index}: y`)), /^HTTP\/1\.1 431 /],
  [
    'a body that says it is larger than it may be',
    head('X-Amz-Target: A.B', 'Content-Length: 99999999999'),
    /^HTTP\/1\.1 413 /,
  ],
  ['two lengths', head('Content-Length: 2', 'Content-Length: 3'), /^HTTP\/1\.1 400 /],
  ['a length beside chunks', head('Content-Length: 2', 'Transfer-Encoding: chunked'), /^HTTP\/1\.1 400 /],
  ['no HTTP at all', '\u0016\u0003\u0001hello\r\n\r\n', /^HTTP\/1\.1 400 /],
])('%s is refused, and the engine goes on', async (_case, bytes, wanted) => {
  const { port, bugs } = await serve(echo);
  const socket = connect(port, '127.0.0.1');
  socket.end(bytes);
  expect(await heard(socket)).toMatch(wanted);
  await answersOthers(port);
  expect(bugs).toEqual([]);
});

test('a client that goes in the middle of its request leaves nothing behind', async () => {
  const { port, bugs } = await serve(echo);
  for (const part of ['POST / HT', head('Content-Length: 100'), `${head('Transfer-Encoding: chunked')}5\r\nab`]) {
    const socket = connect(port, '127.0.0.1');
    await new Promise<void>((resolve) => socket.write(part, () => resolve()));
    socket.destroy();
  }
  await answersOthers(port);
  expect(bugs).toEqual([]);
});

test('slow connections keep nobody from an answer', async () => {
  const { port, bugs } = await serve(echo);
  const slow = Array.from({ length: 200 }, () => {
    const socket = connect(port, '127.0.0.1');
    socket.on('error', () => {});
    socket.write('POST / HTTP/1.1\r\nHost: localhost\r\nX-Slow: ');
    return socket;
  });
  await answersOthers(port);
  for (const socket of slow) socket.destroy();
  expect(bugs).toEqual([]);
});
