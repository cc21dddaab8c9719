import { expect, test } from 'vitest';
import type { ProxyReport } from './report.ts';
import type { Address } from './routing-table.ts';
import {
  applied,
  bodyOf,
  forwardTo,
  group,
  latch,
  listener,
  load,
  outcomeOf,
  rawClient,
  table,
  target,
  testApp,
  testProxy,
} from './testing/world.ts';

const isIdle = (report: ProxyReport): report is Extract<ProxyReport, { kind: 'target-idle' }> =>
  report.kind === 'target-idle';

/** An app that answers its name, and `/slow` only once the latch is open. */
async function namedApp(name: string) {
  const gate = latch();
  const seen = { requests: 0, slow: 0, arrived: latch() };
  const { address, server } = await testApp(async (incoming, outgoing) => {
    seen.requests += 1;
    if (incoming.url === '/slow') {
      seen.slow += 1;
      seen.arrived.open();
      await gate.opened;
    }
    outgoing.end(name);
  });
  return { address, server, gate, seen };
}

test('draining under load: nothing new goes to the target, nothing in flight is lost', async () => {
  const [one, two] = await Promise.all([namedApp('one'), namedApp('two')]);
  const { proxy, reported, reports } = testProxy({ threads: 1 });
  const both = (state: 'healthy' | 'draining') => [target(one.address), target(two.address, { state })];
  const at = await applied(proxy, table(1, { targetGroups: [group(both('healthy'))] }));

  const slow = Array.from({ length: 10 }, () => outcomeOf({ at, path: '/slow' }));
  await two.seen.arrived.opened;
  const clients = load(at, { clients: 20 });
  await clients.answered(500);

  await proxy.apply(table(2, { targetGroups: [group(both('draining'))] }));
  for (let round = 0; round < 50; round += 1) expect(await outcomeOf({ at, path: '/' })).toBe('200 one');
  expect(reports.filter(isIdle)).toEqual([]);
  expect(await proxy.inFlight({ targetGroup: 'group', target: target(two.address).id })).toBe(two.seen.slow);

  one.gate.open();
  two.gate.open();
  expect(new Set(await Promise.all(slow))).toEqual(new Set(['200 one', '200 two']));
  expect(await reported(isIdle)).toMatchObject({ targetGroup: 'group', target: target(two.address).id, version: 2 });
  const servedByTwo = two.seen.requests;

  await proxy.apply(table(3, { targetGroups: [group([target(one.address)])] }));
  await clients.answered(200);
  await clients.stop();
  expect(two.seen.requests).toBe(servedByTwo);
  expect([...clients.answers.keys()].sort()).toEqual(['200 one', '200 two']);
});

test('a target without requests is idle as soon as it drains, and its kept connections are closed', async () => {
  const { address, server } = await namedApp('one');
  const closed = latch();
  server.on('connection', (socket) => socket.on('close', () => closed.open()));
  const { proxy, reported } = testProxy({ threads: 1 });
  const at = await applied(proxy, table(1, { targetGroups: [group([target(address)])] }));
  expect(await outcomeOf({ at, path: '/' })).toBe('200 one');
  await proxy.apply(table(2, { targetGroups: [group([target(address, { state: 'draining' })])] }));
  await reported(isIdle);
  await closed.opened;
  expect(await outcomeOf({ at, path: '/' })).toMatch(/^503 /);
});

test('a target taken out of the table loses what is left: 502 where nothing was answered yet', async () => {
  const { address, seen } = await namedApp('one');
  const { proxy } = testProxy({ threads: 1 });
  const at = await applied(proxy, table(1, { targetGroups: [group([target(address)])] }));
  const slow = outcomeOf({ at, path: '/slow' });
  await seen.arrived.opened;
  await proxy.apply(table(2, { targetGroups: [group([target(address, { state: 'draining' })])] }));
  await proxy.apply(table(3, { targetGroups: [group([])] }));
  expect(await slow).toMatch(/^502 .*Bad Gateway/s);
});

test('a draining target that is registered again serves again', async () => {
  const { address } = await namedApp('one');
  const { proxy } = testProxy({ threads: 1 });
  const at = await applied(proxy, table(1, { targetGroups: [group([target(address, { state: 'draining' })])] }));
  expect(await outcomeOf({ at, path: '/' })).toMatch(/^503 /);
  await proxy.apply(table(2, { targetGroups: [group([target(address)])] }));
  expect(await outcomeOf({ at, path: '/' })).toBe('200 one');
});

test('targets, groups and rules change under load without one failed request', async () => {
  const apps = await Promise.all(['one', 'two', 'three'].map(namedApp));
  const { proxy } = testProxy({ threads: 1 });
  const targetsOf = (version: number) =>
    apps.map(({ address }, index) =>
      target(address, { state: (version + index) % 3 === 0 ? 'draining' : 'healthy', since_ms: 0 }),
    );
  const versions = (version: number) =>
    table(version, {
      listeners: [
        listener({ rules: [forwardTo(version % 2 === 0 ? 'even' : 'group')], idleTimeout_ms: 10_000 + version }),
      ],
      targetGroups: [group(targetsOf(version)), group(targetsOf(version + 1), { id: 'even' })],
    });
  const at = await applied(proxy, versions(1));
  const clients = load(at, { clients: 16 });
  for (let version = 2; version < 60; version += 1) {
    await proxy.apply(versions(version));
    await clients.answered(20);
  }
  await clients.stop();
  expect([...clients.answers.keys()].sort()).toEqual(['200 one', '200 three', '200 two']);
});

test('a listener taken out of the table accepts nothing more, but finishes what it has', async () => {
  const { address, gate, seen } = await namedApp('one');
  const { proxy } = testProxy({ threads: 1 });
  const groups = [group([target(address)])];
  const at = await applied(proxy, table(1, { targetGroups: groups }));
  const idle = rawClient(at).send('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
  await idle.until('one');
  const slow = rawClient(at).send('GET /slow HTTP/1.1\r\nHost: x\r\n\r\n');
  await seen.arrived.opened;
  await proxy.apply(table(2, { listeners: [], targetGroups: groups }));
  await idle.untilEnd();
  expect(await outcomeOf({ at, path: '/' })).toMatch(/ECONNREFUSED/);
  gate.open();
  expect(await slow.untilEnd()).toMatch(/^HTTP\/1\.1 200 OK.*one$/s);
});

test('a port that is taken is told as such, and tried again with the next table', async () => {
  const { address, server } = await namedApp('one');
  const { proxy } = testProxy({ threads: 1 });
  const wanted = (version: number) =>
    table(version, {
      listeners: [listener({ port: address.port, rules: [forwardTo('none')] })],
      targetGroups: [group([], { id: 'none' })],
    });
  const { listeners } = await proxy.apply(wanted(1));
  expect(listeners).toMatchObject([{ id: 'listener', port: address.port, error: { code: 'EADDRINUSE' } }]);
  await new Promise((resolve) => server.close(resolve));
  expect((await proxy.apply(wanted(2))).listeners).toEqual([{ id: 'listener', host: '127.0.0.1', port: address.port }]);
  expect(await outcomeOf({ at: address, path: '/' })).toMatch(/^503 /);
});

test('all targets are replaced and stopped in turn, under reads and writes, without a failure', async () => {
  const start = () =>
    testApp(async (incoming, outgoing) => outgoing.end(`${incoming.method} ${(await bodyOf(incoming)).length}`));
  const { proxy, reports } = testProxy({ threads: 1 });
  let serving = [await start(), await start()];
  let version = 1;
  const wanted = (leaving: readonly Address[]) => [
    group([
      ...serving.map(({ address }) => target(address)),
      ...leaving.map((address) => target(address, { state: 'draining' })),
    ]),
  ];
  const at = await applied(proxy, table(version, { targetGroups: wanted([]) }));
  const reads = load(at, { clients: 8 });
  const writes = load(at, { clients: 8, method: 'POST', body: 'x'.repeat(3000) });
  for (let round = 0; round < 12; round += 1) {
    const leaving = serving.shift();
    serving = [...serving, await start()];
    version += 1;
    await proxy.apply(table(version, { targetGroups: wanted(leaving === undefined ? [] : [leaving.address]) }));
    while (reports.filter(isIdle).length <= round) await reads.answered(1);
    await new Promise((resolve) => leaving?.server.close(resolve));
    version += 1;
    await proxy.apply(table(version, { targetGroups: wanted([]) }));
    await Promise.all([reads.answered(50), writes.answered(50)]);
  }
  await Promise.all([reads.stop(), writes.stop()]);
  expect([...reads.answers.keys()]).toEqual(['200 GET 0']);
  expect([...writes.answers.keys()]).toEqual(['200 POST 3000']);
});
