import { type Answer, type ApiRequest, isAnswer, ok, problem, readStrings } from './answer.ts';
import type { Clock } from './clock.ts';
import type { Lease, LeaseBook } from './leases.ts';
import type { Log } from './log.ts';
import { metricText, metricValues, wantsText } from './metrics.ts';
import { type Claim, issueToken, readToken } from './token.ts';

export interface ApiParts {
  readonly book: LeaseBook;
  readonly server: string;
  readonly signingKey: string;
  readonly lease_seconds: number;
  readonly clock: Clock;
  readonly log: Log;
  readonly newId: () => string;
  /** False while `lm down` waits: no new licence then, all else goes on. */
  readonly grants: () => boolean;
}

type Route = (request: ApiRequest) => Answer;

/** The HTTP API, without HTTP: a request in, its answer out. */
export function createApi(parts: ApiParts): Route {
  const routes: Readonly<Record<string, Route>> = {
    'GET /': () => ok({ service: 'licence server', server: parts.server, try: Object.keys(routes).slice(1) }),
    'POST /checkout': (request) => checkout(parts, request),
    'POST /heartbeat': (request) => heartbeat(parts, request),
    'POST /checkin': (request) => checkin(parts, request),
    'GET /usage': () => ok(describeUsage(parts)),
    'GET /metrics': (request) => {
      const usage = parts.book.usage(parts.clock.now());
      return ok(wantsText(request.accept) ? metricText(usage) : metricValues(usage));
    },
    'GET /health': () => ok({ status: parts.grants() ? 'ok' : 'going down', server: parts.server }),
  };
  return (request) => {
    const route = routes[`${request.method} ${request.path}`];
    if (route) return route(request);
    const methods = Object.keys(routes).filter((name) => name.endsWith(` ${request.path}`));
    if (methods.length === 0) return problem(404, `there is no ${request.path}; GET / lists what there is`);
    const allow = methods.map((name) => name.split(' ')[0]).join(', ');
    return problem(405, `${request.path} takes ${allow}`, { allow });
  };
}

function checkout(parts: ApiParts, request: ApiRequest): Answer {
  const { book, server, signingKey, clock, log } = parts;
  const wanted = readStrings(request.body, ['feature', 'client']);
  if (isAnswer(wanted)) return wanted;
  if (!parts.grants()) return problem(503, 'this server is going down; ask again', { 'retry-after': '1' });

  const now = clock.now();
  const { feature, client } = wanted;
  const claim: Claim = { id: parts.newId(), feature, client, issuer: server, checkedOutAt: now };
  const result = book.checkout(claim, now);
  if (result.outcome === 'unknown-feature') {
    return problem(404, `the licence file has no feature ${feature}; it has ${result.features.join(', ')}`);
  }
  if (result.outcome === 'denied') {
    return problem(409, `no licence of feature ${feature} is free: ${result.inUse} of ${result.total} are in use`);
  }
  const { total, inUse } = usageOf(parts, feature);
  log('checkout', `${client} checked out ${feature}`, { feature, client, id: claim.id, inUse, total });
  if (inUse >= total) log('full', `the last licence of ${feature} is out`, { feature, inUse, total });
  return { status: 201, body: { token: issueToken(claim, signingKey), ...describeLease(parts, result.lease) } };
}

function heartbeat(parts: ApiParts, request: ApiRequest): Answer {
  const claim = readClaim(parts, request);
  if (isAnswer(claim)) return claim;
  const result = parts.book.heartbeat(claim, parts.clock.now());
  if (result.outcome === 'returned') return problem(410, 'this licence was returned; check out a new one');
  if (result.outcome === 'adopted') {
    const { id, feature, client, issuer } = claim;
    const { total, inUse } = usageOf(parts, feature);
    parts.log('adopted', `${client} came over with ${feature}`, { feature, client, id, issuer, inUse, total });
  }
  return ok({ ...describeLease(parts, result.lease), adopted: result.outcome === 'adopted' });
}

function checkin(parts: ApiParts, request: ApiRequest): Answer {
  const claim = readClaim(parts, request);
  if (isAnswer(claim)) return claim;
  const { id, feature, client } = claim;
  const { held } = parts.book.checkin(claim, parts.clock.now());
  const { total, inUse } = usageOf(parts, feature);
  parts.log('checkin', `${client} returned ${feature}`, {
    feature,
    client,
    id,
    held: held !== undefined,
    inUse,
    total,
  });
  return ok({ feature, client, returned: true });
}

function readClaim(parts: ApiParts, request: ApiRequest): Claim | Answer {
  const given = readStrings(request.body, ['token']);
  if (isAnswer(given)) return given;
  return readToken(given.token, parts.signingKey) ?? problem(403, 'no server of this service issued the token');
}

function describeLease({ lease_seconds }: ApiParts, lease: Lease) {
  return {
    feature: lease.feature,
    client: lease.client,
    expiresAt: new Date(lease.expiresAt).toISOString(),
    leaseSeconds: lease_seconds,
    // Two heartbeats may be lost before the lease is.
    heartbeatSeconds: lease_seconds / 3,
  };
}

function usageOf({ book, clock }: ApiParts, feature: string) {
  return book.usage(clock.now()).get(feature) ?? { total: 0, inUse: 0, leases: [] };
}

/** GET /usage. Tokens are not in it: who has a token has the licence. */
function describeUsage({ book, server, clock }: ApiParts) {
  const licences = [...book.usage(clock.now())].map(([feature, { total, inUse, leases }]) => [
    feature,
    { total, inUse, leases: leases.map(describeHolder) },
  ]);
  return { server, licences: Object.fromEntries(licences) };
}

function describeHolder({ id, client, issuer, adopted, checkedOutAt, expiresAt }: Lease) {
  return {
    id,
    client,
    issuer,
    adopted,
    checkedOutAt: new Date(checkedOutAt).toISOString(),
    expiresAt: new Date(expiresAt).toISOString(),
  };
}
