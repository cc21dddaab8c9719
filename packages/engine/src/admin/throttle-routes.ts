import type { ServerResponse } from 'node:http';
import { prefixes } from '../authorization/prefixes.ts';
import type { HttpRoute, Service } from '../kernel/service.ts';
import type { RateLimit, Throttling } from '../wire/throttling/throttling.ts';
import { json, route } from './route.ts';

/** A limit as `/_rockpool/throttle` tells it. */
export interface ThrottleAnswer {
  /** As policies name actions: `ecs:DescribeServices`, `ecs:*`. */
  readonly requests: string;
  readonly rate: number;
  readonly burst: number;
  /** How many requests it has refused. */
  readonly refused: number;
}

export interface ThrottleOptions {
  readonly throttling: Throttling;
  readonly services: readonly Service[];
}

/** `GET` lists the limits, `POST ?requests=ecs:DescribeServices&rate=1&burst=2` sets one, `DELETE` takes one (`?requests=`) or all away. */
export function throttleRoutes({ throttling, services }: ThrottleOptions): HttpRoute[] {
  const list = (response: ServerResponse) => json(response, { limits: throttling.limits().map(shown) });
  const refuse = (response: ServerResponse, message: string) => json(response, { message }, 400);
  return [
    route('GET', '/_rockpool/throttle', (_, response) => list(response)),
    route('POST', '/_rockpool/throttle', (url, response) => {
      const requests = readRequests(url.searchParams.get('requests') ?? '', services);
      if ('wrong' in requests) return refuse(response, requests.wrong);
      const rate = Number(url.searchParams.get('rate') ?? Number.NaN);
      const burst = Number(url.searchParams.get('burst') ?? Math.max(1, Math.ceil(rate)));
      if (!(rate >= 0 && Number.isFinite(rate))) return refuse(response, 'the rate must be a number, 0 or above');
      if (!(Number.isInteger(burst) && burst >= 0))
        return refuse(response, 'the burst must be a whole number, 0 or above');
      throttling.limit({ ...requests, rate, burst });
      return list(response);
    }),
    route('DELETE', '/_rockpool/throttle', (url, response) => {
      const named = url.searchParams.get('requests');
      const requests = named === null ? undefined : readRequests(named, services);
      if (requests && 'wrong' in requests) return refuse(response, requests.wrong);
      throttling.clear(requests);
      return list(response);
    }),
  ];
}

const shown = ({ service, operation, ...limit }: RateLimit & { readonly refused: number }): ThrottleAnswer => ({
  requests: `${prefixes[service]}:${operation ?? '*'}`,
  ...limit,
});

/** `ecs:DescribeServices`, or `ecs` and `ecs:*` for all of the service. */
function readRequests(
  text: string,
  services: readonly Service[],
): Pick<RateLimit, 'service' | 'operation'> | { readonly wrong: string } {
  const [prefix = '', operation = '*'] = text.split(':');
  const service = services.find(({ name }) => prefixes[name] === prefix);
  if (!service)
    return { wrong: `no service is called "${prefix}"; there is ${services.map(nameOf).sort().join(', ')}` };
  if (operation === '*') return { service: service.name, operation: undefined };
  if (Object.hasOwn(service.operations, operation)) return { service: service.name, operation };
  return { wrong: `${prefix} has no operation "${operation}" here` };
}

const nameOf = ({ name }: Service): string => prefixes[name];
