import { once } from 'node:events';
import { Agent, createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { type Container, startContainer } from '../app/testing/container.ts';
import { unpackImage } from '../app/testing/unpacked-image.ts';
import { startLoad } from './load.ts';

/** The least of a load balancer: round robin, a sticky cookie, and draining. */
async function startBalancer(containers: readonly Container[]) {
  const targets = new Map(containers.map((container) => [String(container.port), container]));
  const agent = new Agent({ keepAlive: true });
  let turn = 0;

  const forward = (incoming: IncomingMessage, outgoing: ServerResponse) => {
    const sticky = /AWSALB=(\d+)/.exec(incoming.headers.cookie ?? '')?.[1] ?? '';
    const ports = [...targets.keys()];
    const port = targets.has(sticky) ? sticky : ports[turn++ % ports.length];
    const { method, url, headers } = incoming;
    const sent = request({ host: '127.0.0.1', port, method, path: url, headers, agent }, (response) => {
      const { connection: _, ...rest } = response.headers;
      outgoing.writeHead(response.statusCode ?? 502, { ...rest, 'set-cookie': [`AWSALB=${port}; Path=/`] });
      response.pipe(outgoing);
    });
    sent.on('error', (error) => outgoing.writeHead(502).end(error.message));
    incoming.pipe(sent);
  };
  const server = createServer(forward);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    agent.destroy();
    server.close();
    server.closeAllConnections();
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    add: (container: Container) => targets.set(String(container.port), container),
    drain: (container: Container) => targets.delete(String(container.port)),
  };
}

/** Longer than any test, at the speed of the tests' clock. */
const leasesStay = { LM_LEASE_SECONDS: '80000' };
const forGood = { least: 80_000, most: 80_000 };

const holds = (count: number) => (line: { event: string; inUse?: number }) =>
  line.event === 'checkout' && line.inUse === count;

test('a container is drained under load: not one request fails, and its clients go on at the other', async () => {
  const root = unpackImage();
  const [a, b] = await Promise.all([startContainer(root), startContainer(root)]);
  const balancer = await startBalancer([a, b]);
  const load = startLoad({ url: balancer.url, clients: 12, speed: 100 });
  onTestFinished(() => void load.stop());
  await Promise.all([a.logged(holds(6)), b.logged(holds(6))]);

  balancer.drain(a);
  expect((await a.lm('down', '--timeout', '600')).exitCode).toBe(0);
  expect(await a.exited).toEqual([0, null]);
  expect(Object.keys(load.holdingByServer())).toEqual([b.id]);

  const counters = await load.stop();
  expect(counters.failures).toEqual([]);
  expect(counters).toMatchObject({ failed: 0, denied: 0, moves: 6 });
  expect(counters.checkins).toBe(counters.checkouts);
});

test('the load falls on one container: its clients rest, and come back when told to', async () => {
  const root = unpackImage();
  const [a, b] = await Promise.all([startContainer(root, leasesStay), startContainer(root, leasesStay)]);
  const { url } = await startBalancer([a, b]);
  const load = startLoad({ url, clients: 6, speed: 100, hold_seconds: forGood });
  onTestFinished(() => void load.stop());
  await Promise.all([a.logged(holds(3)), b.logged(holds(3))]);

  expect(await load.release((client) => client.server === a.id)).toHaveLength(3);
  expect(load.holdingByServer()).toEqual({ [b.id]: 3 });
  expect((await a.lm('stat')).out).toContain('cad: 0 of 100 in use');
  const checkouts = a.log.filter(({ event }) => event === 'checkout').length;
  load.resume();
  await a.logged((line) => holds(3)(line) && a.log.indexOf(line) > checkouts);
  expect((await load.stop()).failures).toEqual([]);
});

test('clients that are told to rebalance use a container that was added', async () => {
  const root = unpackImage();
  const [a, b] = await Promise.all([startContainer(root, leasesStay), startContainer(root, leasesStay)]);
  const balancer = await startBalancer([a]);
  const load = startLoad({ url: balancer.url, clients: 4, speed: 100, hold_seconds: forGood });
  onTestFinished(() => void load.stop());
  await a.logged(holds(4));
  balancer.add(b);
  load.rebalance();
  await b.logged(holds(2));
  expect((await load.stop()).failures).toEqual([]);
});

test('a request that fails is counted with what is known of it, and is not tried again', async () => {
  const server = createServer((incoming, outgoing) => {
    if (incoming.url === '/checkout') outgoing.writeHead(201, { 'x-lm-server': 'a' }).end('{"token":"t"}');
    else incoming.socket.destroy();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  const load = startLoad({ url: `http://127.0.0.1:${port}`, clients: 1, heartbeat_seconds: 1000 });
  await once(server, 'request');
  const counters = await load.stop();
  expect(counters).toMatchObject({ requests: 2, failed: 1, checkouts: 1, checkins: 1 });
  expect(counters.failures).toEqual([
    {
      at: expect.any(String),
      client: 'client-1',
      request: 'POST /checkin',
      server: 'a',
      status: undefined,
      reason: 'ECONNRESET: socket hang up',
    },
  ]);
});

test('a checkout that finds no free licence is denied, not failed', async () => {
  const server = createServer((_, outgoing) => outgoing.writeHead(409).end('{"error":"no licence is free"}'));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  const load = startLoad({ url: `http://127.0.0.1:${port}`, clients: 1, heartbeat_seconds: 1000 });
  await once(server, 'request');
  expect(await load.stop()).toMatchObject({ requests: 1, failed: 0, denied: 1, checkouts: 0 });
});
