import { expect, test } from 'vitest';
import type { ProxyReport } from './report.ts';
import { balanced, load, outcomeOf, rawClient, target, testApp } from './testing/world.ts';

test('counts equal what the clients saw, and start anew when taken', async () => {
  const statusApp = () =>
    testApp((incoming, outgoing) => outgoing.writeHead(Number(incoming.url?.slice(1))).end('12345'));
  const [one, two] = await Promise.all([statusApp(), statusApp()]);
  const { at, proxy } = await balanced([one.address, two.address]);
  const sent = { 200: 6, 204: 2, 302: 2, 404: 4, 500: 2 };
  for (const [status, times] of Object.entries(sent)) {
    for (let turn = 0; turn < times; turn += 1) expect(await outcomeOf({ at, path: `/${status}` })).toMatch(status);
  }
  const counts = await proxy.takeCounts();
  expect(counts.listeners).toHaveLength(1);
  expect(counts.listeners[0]).toMatchObject({
    listener: 'listener',
    requests: 16,
    newConnections: 16,
    ownStatuses: {},
  });
  expect(counts.targets.map(({ target: id, requests }) => [id, requests]).sort()).toEqual(
    [one, two].map(({ address }) => [target(address).id, 8]).sort(),
  );
  for (const { statuses, responseTime, targetGroup } of counts.targets) {
    expect(targetGroup).toBe('group');
    expect(statuses).toEqual({ '1xx': 0, '2xx': 4, '3xx': 1, '4xx': 2, '5xx': 1 });
    expect(responseTime.count).toBe(8);
    expect(responseTime.counts.reduce((sum, count) => sum + count, 0)).toBe(8);
    expect(responseTime.min_ms).toBeLessThanOrEqual(responseTime.sum_ms / 8);
    expect(responseTime.max_ms).toBeGreaterThanOrEqual(responseTime.sum_ms / 8);
  }
  const again = await proxy.takeCounts();
  expect(again.listeners[0]).toMatchObject({ requests: 0, newConnections: 0, receivedBytes: 0 });
  expect(again.targets).toEqual([]);
});

test('bytes count heads and bodies both ways', async () => {
  const app = await testApp((_, outgoing) => outgoing.end('x'.repeat(1000)));
  const { at, proxy } = await balanced([app.address]);
  const request = `POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 500\r\n\r\n${'y'.repeat(500)}`;
  const answer = await rawClient(at).send(request).untilEnd();
  const { listeners, targets } = await proxy.takeCounts();
  expect(listeners[0]).toMatchObject({ receivedBytes: request.length, sentBytes: answer.length });
  expect(targets[0]).toMatchObject({ receivedBytes: request.length, sentBytes: answer.length });
});

test("a refused target is a connection error, and the 502 is the balancer's", async () => {
  const app = await testApp(() => undefined);
  const { at, proxy } = await balanced([app.address]);
  await new Promise((resolve) => app.server.close(resolve));
  await outcomeOf({ at, path: '/' });
  const { listeners, targets } = await proxy.takeCounts();
  expect(listeners[0]).toMatchObject({ requests: 1, ownStatuses: { '502': 1 } });
  expect(targets[0]).toMatchObject({ requests: 1, connectionErrors: 1, statuses: { '5xx': 0 } });
});

test('open connections carry over from one period to the next', async () => {
  const app = await testApp((_, outgoing) => outgoing.end('x'));
  const { at, proxy } = await balanced([app.address]);
  const client = rawClient(at).send('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
  await client.until('x');
  expect((await proxy.takeCounts()).listeners[0]).toMatchObject({ activeConnections: 1, activeConnectionsMax: 1 });
  expect((await proxy.takeCounts()).listeners[0]).toMatchObject({ activeConnections: 1, newConnections: 0 });
});

test('under load from many clients not one request is lost from the counts, over several threads', async () => {
  const app = await testApp((_, outgoing) => outgoing.end('x'));
  const { at, proxy } = await balanced([app.address], { threads: 2 });
  const clients = load(at, { clients: 30 });
  await clients.answered(1000);
  const early = await proxy.takeCounts();
  await clients.answered(500);
  await clients.stop();
  const late = await proxy.takeCounts();
  const answered = (counts: typeof early) => counts.targets.reduce((sum, each) => sum + each.statuses['2xx'], 0);
  expect(answered(early) + answered(late)).toBe(clients.answers.get('200 x'));
  expect([...clients.answers.keys()]).toEqual(['200 x']);
});

const isAccess = (report: ProxyReport): report is Extract<ProxyReport, { kind: 'access' }> => report.kind === 'access';

test('an access line says who asked what, which target answered and how long it took', async () => {
  const app = await testApp((_, outgoing) => outgoing.writeHead(201).end('made'));
  const { at, reported } = await balanced([app.address], { listener: { accessLog: true, advertisedPort: 80 } });
  await fetch(`http://127.0.0.1:${at.port}/things?a=b`, {
    method: 'POST',
    headers: { 'User-Agent': 'test/1' },
    body: 'abc',
  });
  const { line } = await reported(isAccess);
  expect(line).toMatchObject({
    listener: 'listener',
    loadBalancer: 'app/test',
    type: 'http',
    client: { host: '127.0.0.1' },
    targetGroup: 'group',
    target: target(app.address).id,
    status: 201,
    targetStatus: 201,
    method: 'POST',
    uri: '/things?a=b',
    port: 80,
    userAgent: 'test/1',
    rule: 'default',
    rulePriority: 0,
    action: 'forward',
    traceId: expect.stringMatching(/^Root=1-/),
  });
  expect(line.requestProcessing_ms).toBeGreaterThanOrEqual(0);
  expect(line.targetProcessing_ms).toBeGreaterThanOrEqual(0);
  expect(line.responseProcessing_ms).toBeGreaterThanOrEqual(0);
});

test('without access logging there are no lines', async () => {
  const app = await testApp((_, outgoing) => outgoing.end('x'));
  const { at, reports } = await balanced([app.address]);
  await outcomeOf({ at, path: '/' });
  expect(reports).toEqual([]);
});
