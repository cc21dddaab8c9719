import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { Writable } from 'node:stream';
import { expect, test } from 'vitest';
import {
  applied,
  balanced,
  bodyOf,
  group,
  latch,
  outcomeOf,
  rawClient,
  table,
  target,
  testApp,
  testProxy,
  testTcp,
} from './testing/world.ts';

const answerOf = (text: string) => `HTTP/1.1 200 OK\r\nContent-Length: ${text.length}\r\n\r\n${text}`;

test('502 when the target refuses the connection, with the page and the Server header of the balancer', async () => {
  const gone = await testTcp(() => undefined);
  gone.server.close();
  const { at } = await balanced([gone.address]);
  const answer = await fetch(`http://127.0.0.1:${at.port}/`);
  expect(answer.status).toBe(502);
  expect(answer.headers.get('server')).toBe('awselb/2.0');
  expect(await answer.text()).toBe(
    '<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n' +
      '<center><h1>502 Bad Gateway</h1></center>\r\n</body>\r\n</html>\r\n',
  );
});

test.each([
  ['closes without a word', (): string => ''],
  ['answers no HTTP', (): string => 'SSH-2.0-OpenSSH\r\n\r\n'],
  ['sends two lengths', (): string => 'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab'],
  [
    'sends a length and chunks',
    (): string => 'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
  ],
  ['sends a header over 32 K', (): string => `HTTP/1.1 200 OK\r\nX: ${'a'.repeat(33_000)}\r\n\r\n`],
  ['changes protocol unasked', (): string => 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n'],
])('502 when the target %s', async (_, answer) => {
  const app = await testTcp((socket) => socket.once('data', () => socket.end(answer())));
  const { at } = await balanced([app.address]);
  expect(await outcomeOf({ at, path: '/' })).toMatch(/^502 /);
});

test('503 when the group has no targets, or all are still in their first checks', async () => {
  const { proxy } = testProxy();
  const at = await applied(proxy, table(1, { targetGroups: [group([])] }));
  expect(await outcomeOf({ at, path: '/' })).toMatch(/^503 .*Service Temporarily Unavailable/s);
  const app = await testApp((_, outgoing) => outgoing.end('x'));
  await proxy.apply(table(2, { targetGroups: [group([target(app.address, { state: 'initial' })])] }));
  expect(await outcomeOf({ at, path: '/' })).toMatch(/^503 /);
});

test('the balancer fails open: with no healthy target it uses the unhealthy ones', async () => {
  const app = await testApp((_, outgoing) => outgoing.end('still here'));
  const { proxy } = testProxy();
  const at = await applied(proxy, table(1, { targetGroups: [group([target(app.address, { state: 'unhealthy' })])] }));
  expect(await outcomeOf({ at, path: '/' })).toBe('200 still here');
});

test('504 when the target does not answer within the idle timeout', async () => {
  const app = await testTcp(() => undefined);
  const { at } = await balanced([app.address], { listener: { idleTimeout_ms: 50 } });
  expect(await outcomeOf({ at, path: '/' })).toMatch(/^504 .*Gateway Time-out/s);
});

test('504 when a security group hides the target', async () => {
  const app = await testApp((_, outgoing) => outgoing.end('unreachable'));
  const { proxy } = testProxy();
  const groups = [group([target(app.address, { blocked: true })])];
  const at = await applied(
    proxy,
    table(1, { listeners: [{ ...table(1, {}).listeners[0], connectTimeout_ms: 50 } as never], targetGroups: groups }),
  );
  expect(await outcomeOf({ at, path: '/' })).toMatch(/^504 /);
});

test('an answer that breaks off is broken off for the client too', async () => {
  const app = await testTcp((socket) =>
    socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf')),
  );
  const { at } = await balanced([app.address]);
  expect(await outcomeOf({ at, path: '/' })).toMatch(/aborted/);
});

test('an answer without a length goes on until the target closes, as chunks for the client', async () => {
  const app = await testTcp((socket) => socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\n\r\nall of it')));
  const { at } = await balanced([app.address]);
  const answer = await rawClient(at).send('GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n').untilEnd();
  expect(answer).toMatch(/Transfer-Encoding: chunked/);
  expect(answer).toMatch(/\r\n\r\n9\r\nall of it\r\n0\r\n\r\n$/);
});

test('interim answers of the target are not passed on', async () => {
  const app = await testTcp((socket) =>
    socket.once('data', () => socket.write(`HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n${answerOf('done')}`)),
  );
  const { at } = await balanced([app.address]);
  expect(await outcomeOf({ at, path: '/' })).toBe('200 done');
});

test('bytes a target sends unasked never become the answer to the next request', async () => {
  let connections = 0;
  const app = await testTcp((socket) => {
    connections += 1;
    const mine = connections;
    socket.on('data', () => socket.write(answerOf(`from ${mine}`) + (mine === 1 ? answerOf('poison') : '')));
  });
  const { at } = await balanced([app.address]);
  expect(await outcomeOf({ at, path: '/' })).toBe('200 from 1');
  expect(await outcomeOf({ at, path: '/' })).toBe('200 from 2');
});

/** Answers the first request of each connection and closes the first connection upon its second request. */
async function closingApp() {
  const seen: string[] = [];
  let connections = 0;
  const app = await testTcp((socket) => {
    connections += 1;
    const mine = connections;
    let requests = 0;
    socket.on('data', (bytes) => {
      requests += 1;
      seen.push(`${mine}: ${bytes.toString('latin1').split(' ', 1)[0]}`);
      if (mine === 1 && requests === 2) socket.destroy();
      else socket.write(answerOf(`connection ${mine}`));
    });
  });
  return { address: app.address, seen };
}

test('a kept connection the target closes at the moment of use is not seen by the client', async () => {
  const app = await closingApp();
  const { at } = await balanced([app.address]);
  expect(await outcomeOf({ at, path: '/' })).toBe('200 connection 1');
  expect(await outcomeOf({ at, path: '/' })).toBe('200 connection 2');
  expect(app.seen).toEqual(['1: GET', '1: GET', '2: GET']);
});

test('a PUT is sent again with its body; a POST that may have been seen is not sent twice', async () => {
  const app = await closingApp();
  const put = await balanced([app.address]);
  await outcomeOf({ at: put.at, path: '/' });
  expect(await outcomeOf({ at: put.at, path: '/', method: 'PUT', body: 'again' })).toBe('200 connection 2');

  const other = await closingApp();
  const post = await balanced([other.address]);
  await outcomeOf({ at: post.at, path: '/' });
  expect(await outcomeOf({ at: post.at, path: '/', method: 'POST', body: 'once' })).toMatch(/^502 /);
  expect(other.seen).toEqual(['1: GET', '1: POST']);
});

test('an early answer reaches a client that is still sending, and the connection stays in step', async () => {
  const app = await testApp((incoming, outgoing) => {
    if (incoming.url === '/early') outgoing.writeHead(413).end('too much');
    else outgoing.end('next');
  });
  const { at } = await balanced([app.address]);
  const client = rawClient(at).send('POST /early HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n12345');
  await client.until('too much');
  client.send('67890').send('GET /next HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
  expect(await client.untilEnd()).toMatch(/413.*too much.*200 OK.*next/s);
});

/** Waits until a sender has come to rest; how much it had sent by then. */
async function stalled(progress: () => number, total: number): Promise<number> {
  let turns = 0;
  let last = progress();
  while (turns < 1000 && last < total) {
    await new Promise((resolve) => setImmediate(resolve));
    turns = progress() === last ? turns + 1 : 0;
    last = progress();
  }
  return last;
}

/** Writes so many bytes as fast as they are taken; tells how many it got rid of. */
function pour(sink: Writable, total: number): () => number {
  const piece = Buffer.alloc(100_000, 'x');
  let written = 0;
  const more = (): void => {
    while (written < total) {
      written += piece.length;
      if (!sink.write(piece)) {
        sink.once('drain', more);
        return;
      }
    }
  };
  more();
  return () => written;
}

test('a client that reads slowly slows the target down instead of filling memory', async () => {
  const total = 100_000_000;
  let progress = (): number => 0;
  const app = await testApp((_, outgoing) => {
    outgoing.setHeader('Content-Length', total);
    progress = pour(outgoing, total);
  });
  const { at } = await balanced([app.address]);
  const client = connect(at);
  client.write('GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
  await once(client, 'readable');
  // What the kernel and both relays may hold is far less than the whole.
  expect(await stalled(() => progress(), total)).toBeLessThan(total / 2);
  let received = 0;
  for await (const bytes of client) received += bytes.length;
  expect(received).toBeGreaterThan(total);
});

test('a target that reads slowly slows the client down instead of filling memory', async () => {
  const total = 100_000_000;
  const arrived = latch();
  let incoming: Socket | undefined;
  const app = await testTcp((socket) => {
    incoming = socket;
    socket.once('readable', () => arrived.open());
  });
  const { at } = await balanced([app.address]);
  const client = rawClient(at).send(`POST / HTTP/1.1\r\nHost: x\r\nContent-Length: ${total}\r\n\r\n`);
  const progress = pour(client.socket, total);
  await arrived.opened;
  expect(await stalled(progress, total)).toBeLessThan(total / 2);
  let received = 0;
  incoming?.on('data', (bytes) => {
    received += bytes.length;
    if (received > total) incoming?.write(answerOf('took it all'));
  });
  await client.until('took it all');
});

test('a client that leaves ends the request at the target, and counts as 460', async () => {
  const left = latch();
  const arrived = latch();
  const app = await testApp((incoming) => {
    arrived.open();
    incoming.socket.on('close', () => left.open());
  });
  const { at, proxy } = await balanced([app.address]);
  const client = rawClient(at).send('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
  await arrived.opened;
  client.socket.end();
  await left.opened;
  await client.untilEnd();
  expect((await proxy.takeCounts()).listeners[0]?.ownStatuses).toEqual({ '460': 1 });
});

test('many concurrent uploads arrive whole while targets answer at their own pace', async () => {
  const app = await testApp(async (incoming, outgoing) => outgoing.end(String((await bodyOf(incoming)).length)));
  const { at } = await balanced([app.address, app.address].slice(0, 1));
  const outcomes = await Promise.all(
    Array.from({ length: 30 }, (_, index) =>
      outcomeOf({ at, path: '/', method: 'POST', body: 'x'.repeat(index * 20_000) }),
    ),
  );
  expect(outcomes).toEqual(Array.from({ length: 30 }, (_, index) => `200 ${index * 20_000}`));
});
