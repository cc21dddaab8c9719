import { expect, test } from 'vitest';
import { sendProbe } from './send-probe.ts';
import { latch, testApp, testTcp } from './testing/world.ts';

const probe = { probeId: 'p', protocol: 'HTTP', path: '/health', timeout_ms: 5000 } as const;

test("a probe asks the path with the health checker's name and tells the status", async () => {
  let seen = '';
  const app = await testApp((incoming, outgoing) => {
    seen = `${incoming.method} ${incoming.url} ${incoming.headers.host} ${incoming.headers['user-agent']}`;
    outgoing.writeHead(503).end('starting');
  });
  const result = await sendProbe({ ...probe, address: app.address, hostHeader: '10.0.1.5:8080' });
  expect(result).toMatchObject({ kind: 'probe', probeId: 'p', status: 503 });
  expect(result.latency_ms).toBeGreaterThan(0);
  expect(seen).toBe('GET /health 10.0.1.5:8080 ELB-HealthChecker/2.0');
});

test('a target that does not answer in time, or is hidden by a security group, times out', async () => {
  const app = await testTcp(() => undefined);
  expect(await sendProbe({ ...probe, address: app.address, timeout_ms: 40 })).toMatchObject({ error: 'timeout' });
  const open = await testApp((_, outgoing) => outgoing.end());
  const hidden = { ...probe, address: open.address, timeout_ms: 40, blocked: true };
  expect(await sendProbe(hidden)).toMatchObject({ error: 'timeout' });
});

test.each([
  ['closes', 'closed', ''],
  ['speaks no HTTP', 'malformed', 'SSH-2.0\r\n\r\n'],
])('a target that %s is %s', async (_, error, answer) => {
  const app = await testTcp((socket) => socket.once('data', () => socket.end(answer)));
  expect(await sendProbe({ ...probe, address: app.address })).toMatchObject({ error });
});

test('nobody listening is refused; a TCP probe only connects', async () => {
  const gone = await testTcp(() => undefined);
  await new Promise((resolve) => gone.server.close(resolve));
  expect(await sendProbe({ ...probe, address: gone.address })).toMatchObject({ error: 'refused' });
  expect(await sendProbe({ ...probe, protocol: 'TCP', address: gone.address })).toMatchObject({ error: 'refused' });
  const connected = latch();
  const app = await testTcp(() => connected.open());
  const result = await sendProbe({ ...probe, protocol: 'TCP', address: app.address });
  await connected.opened;
  expect(result).toMatchObject({ probeId: 'p' });
  expect(result.error).toBeUndefined();
});
