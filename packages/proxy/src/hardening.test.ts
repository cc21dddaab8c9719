import { connect } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import type { Rule } from './routing-table.ts';
import { balanced, bodyOf, latch, rawClient, testApp, testTcp } from './testing/world.ts';

/** An app that notes what it was asked; whatever is not in the list never got through. */
async function notingApp() {
  const seen: string[] = [];
  const app = await testApp(async (incoming, outgoing) => {
    const body = await bodyOf(incoming).catch(() => 'broken off');
    seen.push(`${incoming.method} ${incoming.url} ${body}`);
    outgoing.end('ok');
  });
  return { seen, address: app.address };
}

const SMUGGLED = 'GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n';

test.each([
  ['both a length and chunks', 'Content-Length: 4\r\nTransfer-Encoding: chunked', `0\r\n\r\n${SMUGGLED}`],
  ['two lengths that differ', 'Content-Length: 4\r\nContent-Length: 5', `abcd${SMUGGLED}`],
  ['two lengths that agree', 'Content-Length: 4\r\nContent-Length: 4', `abcd${SMUGGLED}`],
  ['a list of lengths', 'Content-Length: 4, 4', `abcd${SMUGGLED}`],
  ['a signed length', 'Content-Length: +4', `abcd${SMUGGLED}`],
  ['a hexadecimal length', 'Content-Length: 0x4', `abcd${SMUGGLED}`],
  ['a length with a blank before the colon', 'Content-Length : 4', `abcd${SMUGGLED}`],
  ['an encoding with a blank before the colon', 'Transfer-Encoding : chunked', `0\r\n\r\n${SMUGGLED}`],
  ['two encodings', 'Transfer-Encoding: chunked\r\nTransfer-Encoding: identity', `0\r\n\r\n${SMUGGLED}`],
  ['a folded encoding', 'Transfer-Encoding:\r\n chunked', `0\r\n\r\n${SMUGGLED}`],
  ['an encoding behind a vertical tab', 'Transfer-Encoding: \x0bchunked', `0\r\n\r\n${SMUGGLED}`],
  ['a bare line feed inside the head', 'X: y\nContent-Length: 4', `abcd${SMUGGLED}`],
  ['a bare carriage return inside a value', 'X: y\rContent-Length: 4', `abcd${SMUGGLED}`],
  ['a NUL inside a value', 'X: a\0b', SMUGGLED],
  ['a second Host', 'Host: y', SMUGGLED],
  ['a header line without a colon', 'nonsense', SMUGGLED],
  ['a header without a name', ': value', SMUGGLED],
])('400 and the end for %s', async (_, lines, rest) => {
  const app = await notingApp();
  const { at } = await balanced([app.address]);
  const answer = await rawClient(at).send(`POST /first HTTP/1.1\r\nHost: x\r\n${lines}\r\n\r\n${rest}`).untilEnd();
  expect(answer).toMatch(/^HTTP\/1\.1 400 Bad Request\r\nServer: awselb\/2\.0\r\n/);
  expect(answer.match(/HTTP\/1\.1/g)).toHaveLength(1);
  expect(app.seen).toEqual([]);
});

test.each([
  ['a size that is no number', 'zz\r\nabc\r\n0\r\n\r\n'],
  ['a size with a sign', '-3\r\nabc\r\n0\r\n\r\n'],
  ['a size with a prefix', '0x3\r\nabc\r\n0\r\n\r\n'],
  ['a size ended by a line feed alone', '3\nabc\r\n0\r\n\r\n'],
  ['data longer than its size', '3\r\nabcd\r\n0\r\n\r\n'],
  ['a size beyond all measure', 'fffffffffffffffff\r\nabc'],
  ['an extension without end', `3;${'a'.repeat(1000)}`],
  ['a bare line feed in the trailer', '0\r\nX: y\n\r\n\r\n'],
])('400 and the end for a chunked body with %s', async (_, body) => {
  const app = await notingApp();
  const { at } = await balanced([app.address]);
  const head = 'POST /first HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n';
  const answer = await rawClient(at)
    .send(head + body + SMUGGLED)
    .untilEnd();
  expect(answer).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/);
  expect(app.seen).toEqual([]);
});

test.each([
  ['TRACE', 'TRACE / HTTP/1.1\r\nHost: x\r\n\r\n', 405],
  ['CONNECT', 'CONNECT x:80 HTTP/1.1\r\nHost: x\r\n\r\n', 400],
  ['an unknown transfer encoding', 'POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip, chunked\r\n\r\n', 501],
  ['chunks in HTTP/1.0', 'POST / HTTP/1.0\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n', 400],
  ['another version', 'GET / HTTP/2.0\r\nHost: x\r\n\r\n', 505],
  ['no Host', 'GET / HTTP/1.1\r\n\r\n', 400],
  ['a blank in the path', 'GET /a b HTTP/1.1\r\nHost: x\r\n\r\n', 400],
  ['a fragment', 'GET /a#b HTTP/1.1\r\nHost: x\r\n\r\n', 400],
  ['something else than HTTP', '\x16\x03\x01\x02\x00\x01\x00\n', 400],
  ['a request line without end', `GET /${'a'.repeat(17_000)}`, 414],
  ['a request line over 16 K', `GET /${'a'.repeat(17_000)} HTTP/1.1\r\nHost: x\r\n\r\n`, 414],
  ['a header over 16 K', `GET / HTTP/1.1\r\nHost: x\r\nX: ${'a'.repeat(17_000)}\r\n\r\n`, 400],
  ['a head over 64 K', `GET / HTTP/1.1\r\nHost: x\r\n${`X: ${'a'.repeat(8000)}\r\n`.repeat(9)}\r\n`, 400],
  [
    'more than 30 forwarders',
    `GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nX-Forwarded-For: ${Array(31).fill('1.1.1.1').join(',')}\r\n\r\n`,
    463,
  ],
])('%s is answered %i times itself', async (_, request, status) => {
  const app = await notingApp();
  const { at } = await balanced([app.address]);
  expect(await rawClient(at).send(request).untilEnd()).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
  expect(app.seen).toEqual([]);
});

test('what came before a malformed request is still answered, what comes after it is not', async () => {
  const app = await notingApp();
  const { at } = await balanced([app.address]);
  const answer = await rawClient(at)
    .send(`GET /good HTTP/1.1\r\nHost: x\r\n\r\nGET /bad HTTP/1.1\r\n\r\n${SMUGGLED}`)
    .untilEnd();
  expect(answer).toMatch(/200 OK.*ok.*400 Bad Request/s);
  expect(app.seen).toEqual(['GET /good ']);
});

test('a request that arrives byte by byte is the same request', async () => {
  const app = await notingApp();
  const { at } = await balanced([app.address]);
  const client = rawClient(at);
  client.socket.setNoDelay(true);
  const text =
    'POST /slow HTTP/1.1\r\nHost: x\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n' +
    '3;a=b\r\nabc\r\n0\r\nT: u\r\n\r\n';
  for (const byte of text) {
    await new Promise<void>((resolve) => client.socket.write(byte, 'latin1', () => setImmediate(resolve)));
  }
  expect(await client.untilEnd()).toMatch(/200 OK/);
  expect(app.seen).toEqual(['POST /slow abc']);
});

test('chunk extensions, trailers and headers of one hop do not reach the target', async () => {
  const received = latch();
  let text = '';
  const app = await testTcp((socket) =>
    socket.on('data', (bytes) => {
      text += bytes.toString('latin1');
      if (!text.endsWith('0\r\n\r\n')) return;
      received.open();
      socket.write('HTTP/1.1 204 No Content\r\nKeep-Alive: timeout=9\r\nConnection: X-Mine\r\nX-Mine: 1\r\n\r\n');
    }),
  );
  const { at } = await balanced([app.address]);
  const answer = await rawClient(at)
    .send(
      'POST / HTTP/1.1\r\nHost: x\r\nConnection: close, X-Secret\r\nX-Secret: 1\r\n' +
        'TE: trailers\r\nKeep-Alive: 1\r\nUpgrade: h2c\r\n',
    )
    .send('Transfer-Encoding: chunked\r\n\r\n3;x=y\r\nabc\r\n0\r\nTrailer-Field: z\r\n\r\n')
    .untilEnd();
  await received.opened;
  expect(text).not.toMatch(/X-Secret|TE:|Keep-Alive:|Upgrade|x=y|Trailer-Field/);
  expect(text).toContain('\r\nConnection: keep-alive\r\n');
  expect(text).toMatch(/\r\n\r\n3\r\nabc\r\n0\r\n\r\n$/);
  expect(answer).not.toMatch(/X-Mine|Keep-Alive/);
});

test('408 when a client stops in the middle of a request, silence when it sends none', async () => {
  const app = await notingApp();
  const { at } = await balanced([app.address], { listener: { idleTimeout_ms: 60 } });
  expect(await rawClient(at).send('GET / HTTP/1.1\r\nHos').untilEnd()).toMatch(/^HTTP\/1\.1 408 Request Timeout/);
  const half = 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc';
  expect(await rawClient(at).send(half).untilEnd()).toMatch(/^HTTP\/1\.1 408 Request Timeout/);
  expect(await rawClient(at).untilEnd()).toBe('');
});

test('400 when a client ends in the middle of a request', async () => {
  const app = await notingApp();
  const { at } = await balanced([app.address]);
  const head = rawClient(at).send('GET / HTTP/1.1\r\nHos');
  head.socket.end();
  expect(await head.untilEnd()).toMatch(/^HTTP\/1\.1 400 /);
  const body = rawClient(at).send('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc');
  body.socket.end();
  expect(await body.untilEnd()).toMatch(/^HTTP\/1\.1 400 /);
});

test('an absolute URI is routed and forwarded by its own host', async () => {
  const app = await testApp((incoming, outgoing) => outgoing.end(`${incoming.headers.host} ${incoming.url}`));
  const { at } = await balanced([app.address], { listener: { preserveHostHeader: true } });
  const answer = await rawClient(at)
    .send('GET http://real.example/a?b HTTP/1.1\r\nHost: other.example\r\nConnection: close\r\n\r\n')
    .untilEnd();
  expect(answer).toMatch(/real\.example \/a\?b$/);
});

test('a client connection past its keep-alive age is closed after its answer', async () => {
  const app = await notingApp();
  const { at } = await balanced([app.address], { listener: { clientKeepAlive_ms: 0 } });
  expect(await rawClient(at).send('GET / HTTP/1.1\r\nHost: x\r\n\r\n').untilEnd()).toMatch(/Connection: close/);
});

test('connections beyond the limit are refused and counted', async () => {
  const app = await notingApp();
  const { at, proxy } = await balanced([app.address], { listener: { maxConnections: 1 } });
  const first = rawClient(at).send('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
  await first.until('ok');
  await rawClient(at).untilEnd();
  await first.send('GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n').untilEnd();
  expect((await proxy.takeCounts()).listeners[0]).toMatchObject({ newConnections: 1, rejectedConnections: 1 });
});

test('a client that asks without reading the answers is not read any further', async () => {
  const body = 'x'.repeat(1000);
  const rule: Rule = { id: 'r', conditions: [], action: { type: 'fixed-response', statusCode: 200, body } };
  const { at, proxy } = await balanced([], { listener: { rules: [rule] } });
  const client = connect(at);
  onTestFinished(() => void client.destroy());
  const request = Buffer.from('GET / HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(1000));
  const total = 50 * 1000;
  let asked = 0;
  let turns = 0;
  while (turns < 300 && asked < total) {
    if (client.writableNeedDrain || client.connecting) turns += 1;
    else {
      turns = 0;
      asked += 1000;
      client.write(request);
    }
    await new Promise((resolve) => setImmediate(resolve));
  }
  const early = (await proxy.takeCounts()).listeners[0]?.fixedResponses ?? 0;
  expect(early).toBeLessThan(total / 2);
  client.end('GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
  let received = 0;
  for await (const bytes of client) received += bytes.length;
  expect(early + ((await proxy.takeCounts()).listeners[0]?.fixedResponses ?? 0)).toBe(asked + 1);
  expect(received).toBeGreaterThan(asked * body.length);
});
