import { once } from 'node:events';
import { Agent, createServer, type IncomingMessage, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect, onTestFinished, test } from 'vitest';
import { failToStart, signingKey, startContainer } from './testing/container.ts';
import { unpackImage } from './testing/unpacked-image.ts';
import { adminProof } from './token.ts';

async function post(
  url: string,
  path: string,
  body: object,
): Promise<{ status: number; json: Record<string, unknown> }> {
  const response = await fetch(url + path, { method: 'POST', body: JSON.stringify(body) });
  return { status: response.status, json: JSON.parse(await response.text()) };
}

/** Longer than any test, at the speed of the tests' clock. */
const leasesStay = { LM_LEASE_SECONDS: '80000' };

const checkout = (url: string) => post(url, '/checkout', { feature: 'cad', client: 'ann' });

test('a client moves: no request fails, the container it left becomes idle, and lm down ends it with 0', async () => {
  const root = unpackImage();
  const [a, b] = await Promise.all([startContainer(root), startContainer(root)]);
  const { token } = (await checkout(a.url)).json;
  expect(await post(b.url, '/heartbeat', { token })).toMatchObject({ status: 200, json: { adopted: true } });

  const lm = await a.lm('down', '--by', 'scale-in', '--timeout', '600');
  expect(lm).toMatchObject({ exitCode: 0, error: '' });
  expect(lm.out).toMatch(/\nlm down: done after [\d.]+ s, no licence in use\n$/);
  expect(await a.exited).toEqual([0, null]);
  expect(a.log.map(({ event }) => event).sort()).toEqual(['checkout', 'down', 'down-requested', 'expired', 'started']);
  expect(a.log.at(-1)?.event).toBe('down');
  expect(a.log.map(({ message }) => message)).toContain('lm down: requested by scale-in');
});

test('lm acts on the server of its own port', async () => {
  const root = unpackImage();
  const [a, b] = await Promise.all([startContainer(root, leasesStay), startContainer(root, leasesStay)]);
  await checkout(b.url);
  expect((await a.lm('stat')).out).toBe(`licence server ${a.id}\ncad: 0 of 100 in use\nrender: 0 of 20 in use\n`);
  expect((await b.lm('stat')).out).toContain('cad: 1 of 100 in use\n  ann  since ');
  expect(JSON.parse((await b.lm('stat', '--json')).out)).toMatchObject({
    server: b.id,
    licences: { cad: { inUse: 1 } },
  });
  expect(await a.probe()).toBe(0);
  await a.lm('down');
  await a.exited;
  expect(await a.probe()).toBe(1);
  expect(await a.lm('stat')).toMatchObject({
    exitCode: 1,
    error: expect.stringContaining('no licence server answers'),
  });
  expect(await b.probe()).toBe(0);
});

test('lm down gives up when the licences do not come back in time, and the server goes on', async () => {
  const a = await startContainer(unpackImage(), leasesStay);
  const { token } = (await checkout(a.url)).json;
  const waiting = a.lm('down', '--timeout', '20');
  await a.logged(({ event }) => event === 'down-requested');
  expect((await checkout(a.url)).status).toBe(503);
  const refused = await waiting;
  expect(refused.exitCode).toBe(1);
  expect(refused.out).toContain('lm down: not done, 1 licence still in use after ');
  expect((await checkout(a.url)).status).toBe(201);
  expect((await post(a.url, '/heartbeat', { token })).status).toBe(200);
});

test('lm down --force takes the licences from their clients', async () => {
  const a = await startContainer(unpackImage(), leasesStay);
  await checkout(a.url);
  const lm = await a.lm('down', '--force', '--json');
  expect(JSON.parse(lm.out)).toMatchObject({ down: true, rescinded: true, leases: 1 });
  expect(await a.exited).toEqual([0, null]);
  expect(a.log.map(({ event }) => event)).toEqual(['started', 'checkout', 'down-requested', 'rescinded', 'down']);
});

test('SIGTERM: serves on until the licences are gone, then exits with 0', async () => {
  const a = await startContainer(unpackImage(), { ...leasesStay, LM_STOP_BUDGET_SECONDS: '80000' });
  const { token } = (await checkout(a.url)).json;
  a.kill('SIGTERM');
  await a.logged(({ message }) => message === 'lm down: requested by SIGTERM');
  // Clients may still come: on a plain StopTask the load balancer learns of it no sooner.
  const second = await checkout(a.url);
  expect(second.status).toBe(201);
  expect((await post(a.url, '/heartbeat', { token })).status).toBe(200);
  expect((await post(a.url, '/checkin', { token })).status).toBe(200);
  expect((await post(a.url, '/checkin', { token: second.json['token'] })).status).toBe(200);
  expect(await a.exited).toEqual([0, null]);
});

test('SIGTERM: licences that stay out are left to their clients when the budget is spent', async () => {
  const a = await startContainer(unpackImage(), { ...leasesStay, LM_STOP_BUDGET_SECONDS: '10' });
  await checkout(a.url);
  a.kill('SIGTERM');
  expect(await a.exited).toEqual([0, null]);
  expect(a.log.at(-1)?.message).toBe('lm down: going down, 1 licences left to their clients');
});

test('lm down during a SIGTERM wait goes down as soon as no licence is in use', async () => {
  const a = await startContainer(unpackImage(), { LM_QUIET_SECONDS: '3600', LM_STOP_BUDGET_SECONDS: '80000' });
  await checkout(a.url);
  a.kill('SIGTERM');
  await a.logged(({ message }) => message === 'lm down: requested by SIGTERM');
  expect((await a.lm('down')).exitCode).toBe(0);
  expect(await a.exited).toEqual([0, null]);
});

test('once it is to go down, each answer asks its client to connect anew', async () => {
  const a = await startContainer(unpackImage(), { ...leasesStay, LM_STOP_BUDGET_SECONDS: '80000' });
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  onTestFinished(() => agent.destroy());
  const usage = async () => {
    const sent = request(`${a.url}/usage`, { agent }).end();
    const response = await new Promise<IncomingMessage>((resolve) => sent.once('response', resolve));
    await text(response);
    return { connection: response.headers.connection, reused: sent.reusedSocket };
  };
  await checkout(a.url);
  expect(await usage()).toEqual({ connection: 'keep-alive', reused: false });
  expect(await usage()).toEqual({ connection: 'keep-alive', reused: true });
  a.kill('SIGTERM');
  await a.logged(({ event }) => event === 'down-requested');
  expect(await usage()).toEqual({ connection: 'close', reused: true });
  expect(await usage()).toEqual({ connection: 'close', reused: false });
});

test('only lm may administer the server: neither a client, nor anyone through the load balancer', async () => {
  const a = await startContainer(unpackImage());
  const wish = { method: 'POST', body: JSON.stringify({ by: 'eve', timeout_seconds: 0, force: true }) };
  const proof = { authorization: `LM ${adminProof(signingKey)}` };
  for (const headers of [{}, { authorization: 'LM guess' }, { ...proof, 'x-forwarded-for': '10.0.0.7' }]) {
    const response = await fetch(`${a.url}/admin/down`, { ...wish, headers });
    expect(response.status).toBe(403);
  }
  expect((await fetch(`${a.url}/admin/down`, { ...wish, headers: proof })).status).toBe(200);
  expect(await a.exited).toEqual([0, null]);
});

test('a body that does not end is cut off, and the server goes on', async () => {
  const a = await startContainer(unpackImage());
  const response = await fetch(`${a.url}/checkout`, { method: 'POST', body: 'x'.repeat(20_000) });
  expect(response.status).toBe(413);
  expect((await checkout(a.url)).status).toBe(201);
});

test('in an ECS task the server is called by the task', async () => {
  const agent = createServer((_, response) => response.end('{"TaskARN":"arn:aws:ecs:eu-west-1:0:task/c/t1"}'));
  agent.listen(0, '127.0.0.1');
  await once(agent, 'listening');
  onTestFinished(() => void agent.close());
  const { port } = agent.address() as AddressInfo;
  const a = await startContainer(unpackImage(), { ECS_CONTAINER_METADATA_URI_V4: `http://127.0.0.1:${port}/v4/x` });
  const response = await fetch(`${a.url}/health`);
  expect(response.headers.get('x-lm-server')).toBe('t1');
});

test('what keeps it from starting is one message with the next step', async () => {
  const root = unpackImage();
  const a = await startContainer(root);
  expect(await failToStart(root, {})).toEqual({
    exitCode: 1,
    error:
      'licence server: LM_SIGNING_KEY is not set\n' +
      '  next: give every server of the service, and lm, the same secret: LM_SIGNING_KEY=$(openssl rand -hex 32)\n',
  });
  expect(await failToStart(root, { LM_SIGNING_KEY: signingKey, HOST: '127.0.0.1', PORT: String(a.port) })).toEqual({
    exitCode: 1,
    error: `licence server: listen EADDRINUSE: address already in use 127.0.0.1:${a.port}\n  next: set PORT to a free port\n`,
  });
});
