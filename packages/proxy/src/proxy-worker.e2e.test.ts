import { Worker } from 'node:worker_threads';
import { expect, onTestFinished, test } from 'vitest';
import { ProxyWorker, startWorkerThread } from './proxy-worker.ts';
import type { ProxyReport } from './report.ts';
import type { RoutingTable } from './routing-table.ts';
import { group, latch, load, outcomeOf, table, target, testApp, testProxy } from './testing/world.ts';

async function apply(worker: ProxyWorker, wanted: RoutingTable): Promise<number> {
  const answer = await worker.ask({ kind: 'apply', table: wanted, binding: { ports: {}, shared: false } });
  if (answer.kind !== 'applied') throw new Error('a table must be applied');
  const port = answer.applied.listeners[0]?.port ?? 0;
  worker.remember(wanted, { ports: { listener: port }, shared: false });
  return port;
}

test('a worker that dies is replaced by one with the same table, ports and open questions', async () => {
  const threads: Worker[] = [];
  const reports: ProxyReport[] = [];
  const replaced = latch();
  const worker = new ProxyWorker(
    (report) => {
      reports.push(report);
      if (report.kind === 'worker-replaced') replaced.open();
    },
    () => {
      const thread = startWorkerThread();
      threads.push(thread);
      return thread;
    },
  );
  onTestFinished(() => worker.close());
  const app = await testApp((_, outgoing) => outgoing.end('served'));
  const port = await apply(worker, table(1, { targetGroups: [group([target(app.address)])] }));
  expect(await outcomeOf({ at: { host: '127.0.0.1', port }, path: '/' })).toBe('200 served');
  await threads[0]?.terminate();
  await replaced.opened;
  const answer = await worker.ask({ kind: 'in-flight', key: { targetGroup: 'group', target: 'x' } });
  expect(answer).toEqual({ kind: 'in-flight', count: 0 });
  let outcome = await outcomeOf({ at: { host: '127.0.0.1', port }, path: '/' });
  while (outcome.includes('ECONNREFUSED')) outcome = await outcomeOf({ at: { host: '127.0.0.1', port }, path: '/' });
  expect(outcome).toBe('200 served');
  expect(threads).toHaveLength(2);
});

test('a worker that does not stay up is given up, with the reason', async () => {
  const worker = new ProxyWorker(
    () => undefined,
    () => new Worker('throw new Error("broken thread")', { eval: true }),
  );
  await expect(worker.ask({ kind: 'take-counts' })).rejects.toThrow(/does not stay up: .*broken thread/s);
  await expect(worker.ask({ kind: 'take-counts' })).rejects.toThrow(/does not stay up/);
});

test('several threads share a port, and drain a target together', async () => {
  const [one, two] = await Promise.all(['one', 'two'].map((name) => testApp((_, outgoing) => outgoing.end(name))));
  if (one === undefined || two === undefined) throw new Error('two apps must run');
  const { proxy, reported, reports } = testProxy({ threads: 3 });
  const groups = (state: 'healthy' | 'draining') => [group([target(one.address), target(two.address, { state })])];
  const { listeners } = await proxy.apply(table(1, { targetGroups: groups('healthy') }));
  const at = { host: '127.0.0.1', port: listeners[0]?.port ?? 0 };
  const clients = load(at, { clients: 24 });
  await clients.answered(300);
  await proxy.apply(table(2, { targetGroups: groups('draining') }));
  await reported((report) => report.kind === 'target-idle');
  for (let turn = 0; turn < 30; turn += 1) expect(await outcomeOf({ at, path: '/' })).toBe('200 one');
  await clients.stop();
  expect(reports).toHaveLength(1);
  expect([...clients.answers.keys()].sort()).toEqual(['200 one', '200 two']);
});

test('a port that someone else has is not shared with them by accident', async () => {
  const stranger = testProxy({ threads: 2 });
  const first = await stranger.proxy.apply(table(1, { targetGroups: [group([])] }));
  const port = first.listeners[0]?.port ?? 0;
  const { proxy } = testProxy({ threads: 2 });
  const wanted = table(1, { targetGroups: [group([])] });
  const second = await proxy.apply({ ...wanted, listeners: wanted.listeners.map((each) => ({ ...each, port })) });
  expect(second.listeners).toMatchObject([{ error: { code: 'EADDRINUSE' } }]);
});
