import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';
import { expect, test } from 'vitest';
import { PortReservations } from './port-reservations.ts';

/** The first port it would give, so that tests can stand in its way. */
async function begin(): Promise<{ ports: PortReservations; first: number }> {
  const seed = process.pid * 7;
  const first = await new PortReservations(seed).reserve(['tcp', 'udp']);
  return { ports: new PortReservations(first - 20_000), first };
}

test('ports come one after the other, also when one is free again', async () => {
  const { ports, first } = await begin();
  expect(await ports.reserve(['tcp'])).toBe(first);
  ports.release(first);
  expect(await ports.reserve(['tcp'])).toBeGreaterThan(first);
});

test('a port that a found container has is not given away', async () => {
  const { ports, first } = await begin();
  ports.keep(first);
  expect(await ports.reserve(['tcp'])).toBeGreaterThan(first);
});

test.each(['127.0.0.1', '0.0.0.0', '::'])('a port somebody listens on is not given away (%s)', async (host) => {
  const { ports, first } = await begin();
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(first, host, resolve));
  expect(await ports.reserve(['tcp'])).toBeGreaterThan(first);
  await new Promise((resolve) => server.close(resolve));
});

test('a UDP port that is taken is not given away', async () => {
  const { ports, first } = await begin();
  const socket = createSocket('udp4');
  await new Promise<void>((resolve) => socket.bind(first, '127.0.0.1', resolve));
  expect(await ports.reserve(['tcp', 'udp'])).toBeGreaterThan(first);
  await new Promise<void>((resolve) => socket.close(resolve));
});

test('asked at once, all get different ports', async () => {
  const { ports } = await begin();
  const all = await Promise.all(Array.from({ length: 50 }, () => ports.reserve(['tcp'])));
  expect(new Set(all).size).toBe(50);
});
