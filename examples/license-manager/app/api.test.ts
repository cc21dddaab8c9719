import { beforeEach, describe, expect, test } from 'vitest';
import type { Answer } from './answer.ts';
import { createApi } from './api.ts';
import { LeaseBook } from './leases.ts';

const signingKey = 'a key that all containers share';
let now = 0;
let grants = true;
let events: string[] = [];

/** One container's API. */
function container(server: string, seats: Record<string, number> = { cad: 2 }) {
  let ids = 0;
  const answer = createApi({
    book: new LeaseBook({ seats: new Map(Object.entries(seats)), lease_ms: 30_000 }),
    server,
    signingKey,
    lease_seconds: 30,
    clock: { speed: 1, now: () => now, seconds: (seconds) => seconds * 1000 },
    log: (event) => events.push(`${server} ${event}`),
    newId: () => `${server}${++ids}`,
    grants: () => grants,
  });
  return {
    get: (path: string, accept = '*/*') => answer({ method: 'GET', path, accept, body: '' }),
    post: (path: string, body: unknown) =>
      answer({ method: 'POST', path, accept: '', body: typeof body === 'string' ? body : JSON.stringify(body) }),
  };
}

const tokenOf = ({ body }: Answer) => ({ token: typeof body === 'object' && 'token' in body ? body.token : undefined });
const ann = { feature: 'cad', client: 'ann' };

beforeEach(() => {
  now = 0;
  grants = true;
  events = [];
});

test('a licence is checked out, kept and returned', () => {
  const a = container('a');
  const out = a.post('/checkout', ann);
  expect(out).toEqual({
    status: 201,
    body: {
      ...ann,
      token: expect.any(String),
      expiresAt: '1970-01-01T00:00:30.000Z',
      leaseSeconds: 30,
      heartbeatSeconds: 10,
    },
  });
  now = 10_000;
  expect(a.post('/heartbeat', tokenOf(out))).toMatchObject({
    status: 200,
    body: { expiresAt: '1970-01-01T00:00:40.000Z', adopted: false },
  });
  expect(a.get('/metrics').body).toEqual({ LicensesInUse: 1, LicensesTotal: 2, LicensesFree: 1 });
  expect(a.post('/checkin', tokenOf(out)).status).toBe(200);
  expect(a.post('/checkin', tokenOf(out)).status).toBe(200);
  expect(a.get('/metrics').body).toEqual({ LicensesInUse: 0, LicensesTotal: 2, LicensesFree: 2 });
  expect(a.post('/heartbeat', tokenOf(out)).status).toBe(410);
});

test('a licence moves with its client, and the container it left is idle one lease time later', () => {
  const [a, b] = [container('a'), container('b')];
  const out = a.post('/checkout', ann);
  now = 10_000;
  expect(b.post('/heartbeat', tokenOf(out))).toMatchObject({ status: 200, body: { adopted: true } });
  now = 30_000;
  expect(a.get('/metrics').body).toMatchObject({ LicensesInUse: 0 });
  expect(b.get('/metrics').body).toMatchObject({ LicensesInUse: 1 });
  expect(b.get('/usage').body).toMatchObject({
    licences: { cad: { leases: [{ client: 'ann', issuer: 'a', adopted: true }] } },
  });
  expect(events).toEqual(['a checkout', 'b adopted']);
});

test('a licence is returned wherever its client is', () => {
  const [a, b] = [container('a'), container('b')];
  const out = a.post('/checkout', ann);
  expect(b.post('/checkin', tokenOf(out)).status).toBe(200);
  expect(b.post('/heartbeat', tokenOf(out)).status).toBe(410);
});

test('renewals leave no line in the log', () => {
  const a = container('a');
  const out = a.post('/checkout', ann);
  for (let i = 0; i < 100; i += 1) a.post('/heartbeat', tokenOf(out));
  expect(events).toEqual(['a checkout']);
});

test('while the server is going down it grants nothing, and serves the licences that are out', () => {
  const a = container('a');
  const out = a.post('/checkout', ann);
  grants = false;
  expect(a.post('/checkout', ann)).toMatchObject({ status: 503, headers: { 'retry-after': '1' } });
  expect(a.post('/heartbeat', tokenOf(out)).status).toBe(200);
  expect(a.post('/checkin', tokenOf(out)).status).toBe(200);
  expect(a.get('/health')).toMatchObject({ status: 200, body: { status: 'going down' } });
});

test('a scraper gets the text format, everyone else JSON', () => {
  const a = container('a', { 'c"d': 2 });
  a.post('/checkout', { ...ann, feature: 'c"d' });
  expect(a.get('/metrics', 'text/plain;version=0.0.4,*/*;q=0.1').body).toBe(
    [
      '# HELP licenses_in_use Licences held by clients.',
      '# TYPE licenses_in_use gauge',
      'licenses_in_use{feature="c\\"d"} 1',
      '# HELP licenses_total Licences this container may grant.',
      '# TYPE licenses_total gauge',
      'licenses_total{feature="c\\"d"} 2',
      '',
    ].join('\n'),
  );
  expect(a.get('/metrics', 'application/json, text/plain').body).toBeTypeOf('object');
});

describe('one clear error for', () => {
  test.each([
    {
      what: 'no JSON',
      path: '/checkout',
      body: 'cad',
      status: 400,
      error: 'the body is not JSON; send {"feature": "...", "client": "..."}',
    },
    {
      what: 'a missing member',
      path: '/checkout',
      body: { feature: 'cad' },
      status: 400,
      error: '"client" must be a string of 1 to 2048 characters',
    },
    {
      what: 'a list',
      path: '/heartbeat',
      body: [],
      status: 400,
      error: '"token" must be a string of 1 to 2048 characters',
    },
    {
      what: 'null',
      path: '/checkin',
      body: 'null',
      status: 400,
      error: '"token" must be a string of 1 to 2048 characters',
    },
    {
      what: 'a foreign token',
      path: '/heartbeat',
      body: { token: 'a.b' },
      status: 403,
      error: 'no server of this service issued the token',
    },
    {
      what: 'an unknown feature',
      path: '/checkout',
      body: { ...ann, feature: 'x' },
      status: 404,
      error: 'the licence file has no feature x; it has cad',
    },
    {
      what: 'an unknown path',
      path: '/licence',
      body: {},
      status: 404,
      error: 'there is no /licence; GET / lists what there is',
    },
    { what: 'a wrong method', path: '/usage', body: {}, status: 405, error: '/usage takes GET' },
  ])('$what', ({ path, body, status, error }) => {
    expect(container('a').post(path, body)).toMatchObject({ status, body: { error } });
  });

  test('no free seat', () => {
    const a = container('a', { cad: 1 });
    a.post('/checkout', ann);
    expect(a.post('/checkout', ann)).toMatchObject({
      status: 409,
      body: { error: 'no licence of feature cad is free: 1 of 1 are in use' },
    });
    expect(events).toEqual(['a checkout', 'a full']);
  });
});
