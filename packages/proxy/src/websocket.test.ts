import { createHash } from 'node:crypto';
import type { Socket } from 'node:net';
import { expect, test } from 'vitest';
import type { ProxyReport } from './report.ts';
import {
  applied,
  balanced,
  group,
  latch,
  listener,
  rawClient,
  table,
  target,
  testApp,
  testProxy,
} from './testing/world.ts';

const HANDSHAKE =
  'GET /chat HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n' +
  'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n';

/** Accepts WebSocket handshakes and echoes the bytes that follow, ending when the client does. */
async function echoApp() {
  const ended = latch();
  const { address, server } = await testApp((_, outgoing) => outgoing.writeHead(426).end('upgrade first'));
  server.on('upgrade', (incoming, socket: Socket) => {
    const accept = createHash('sha1')
      .update(`${incoming.headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`)
      .digest('base64');
    socket.write(
      'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n' +
        `Sec-WebSocket-Accept: ${accept}\r\n\r\nhello `,
    );
    socket.on('data', (bytes) => socket.write(bytes));
    socket.on('end', () => {
      ended.open();
      socket.end('bye');
    });
    socket.on('error', () => undefined);
  });
  return { address, ended };
}

test('a WebSocket passes both ways, and each side can end its half', async () => {
  const app = await echoApp();
  const { at, proxy } = await balanced([app.address]);
  const client = rawClient(at).send(HANDSHAKE);
  const head = await client.until('hello ');
  expect(head).toMatch(/^HTTP\/1\.1 101 Switching Protocols\r\n/);
  expect(head).toContain('Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=');
  await client.send('one ').until('one ');
  client.socket.end();
  await app.ended.opened;
  expect(await client.untilEnd()).toMatch(/hello one bye$/);
  expect((await proxy.takeCounts()).listeners[0]).toMatchObject({ upgrades: 1, requests: 1, ownStatuses: {} });
});

test('what a client sends ahead of the answer to its handshake reaches the target after it', async () => {
  const app = await echoApp();
  const { at } = await balanced([app.address]);
  await rawClient(at).send(`${HANDSHAKE}early `).until('hello early ');
});

test('a refused handshake is an ordinary answer, after which the connection ends', async () => {
  const app = await testApp((_, outgoing) => outgoing.writeHead(403).end('no'));
  const { at } = await balanced([app.address]);
  const answer = await rawClient(at).send(`${HANDSHAKE}GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n`).untilEnd();
  expect(answer).toMatch(/^HTTP\/1\.1 403 .*\r\n2\r\nno\r\n0\r\n\r\n$/s);
});

test('an open WebSocket keeps a draining target busy until it ends, and is cut with the target', async () => {
  const app = await echoApp();
  const { proxy, reports } = testProxy();
  const draining = [target(app.address, { state: 'draining' })];
  const at = await applied(proxy, table(1, { targetGroups: [group([target(app.address)])] }));
  const client = rawClient(at).send(HANDSHAKE);
  await client.until('hello ');
  await proxy.apply(table(2, { targetGroups: [group(draining)] }));
  await client.send('still ').until('still ');
  expect(await proxy.inFlight({ targetGroup: 'group', target: target(app.address).id })).toBe(1);
  expect(reports).toEqual([]);
  await proxy.apply(table(3, { targetGroups: [group([])] }));
  await client.untilEnd();
});

test('a WebSocket survives changes of rules, and its access line is written at its end', async () => {
  const app = await echoApp();
  const { proxy, reported } = testProxy();
  const wanted = (version: number, idleTimeout_ms: number) =>
    table(version, {
      listeners: [listener({ accessLog: true, idleTimeout_ms })],
      targetGroups: [group([target(app.address)])],
    });
  const at = await applied(proxy, wanted(1, 10_000));
  const client = rawClient(at).send(HANDSHAKE);
  await client.until('hello ');
  await proxy.apply(wanted(2, 20_000));
  await client.send('after ').until('after ');
  client.socket.end();
  await client.untilEnd();
  const isAccess = (report: ProxyReport): report is Extract<ProxyReport, { kind: 'access' }> =>
    report.kind === 'access';
  expect((await reported(isAccess)).line).toMatchObject({ type: 'ws', status: 101, targetStatus: 101, uri: '/chat' });
});

test('a silent WebSocket ends after the idle timeout', async () => {
  const app = await echoApp();
  const { at } = await balanced([app.address], { listener: { idleTimeout_ms: 60 } });
  const client = rawClient(at).send(HANDSHAKE);
  expect(await client.untilEnd()).toMatch(/hello $/);
});
