import type { Ids } from '../../kernel/ids.ts';

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

const long = 'x'.repeat(70_000);
const deep = (): Json => {
  let value: Json = 1;
  for (let depth = 0; depth < 2000; depth++) value = depth % 2 ? [value] : { a: value };
  return value;
};
const oddities: readonly (() => Json)[] = [
  () => null,
  () => true,
  () => -1,
  () => 1e308,
  () => '',
  () => ' ',
  () => long,
  () => '../../../etc/passwd',
  () => '%s%n{{resolve:ssm:x}}',
  () => 'arn:aws:ecs:us-east-1:000000000000:service/default/web',
  () => 'arn:::::',
  () => '\u0000\uD800',
  () => [],
  () => ({}),
  () => [null],
  () => [[[]]],
  () => ({ __proto__x: 1, constructor: 2, toString: 3 }),
  () => JSON.parse('{"__proto__":{"polluted":true}}') as Json,
  deep,
];

export interface Mutation {
  json(value: unknown): unknown;
  bytes(body: Uint8Array): Uint8Array;
}

/** Breaks what a client has written, each time another way, the same for the same seed. */
export function mutations(ids: Ids): Mutation {
  const random = (max: number) => Math.floor(ids.random('mutation') * max);
  const odd = (): Json => oddities[random(oddities.length)]?.() ?? null;

  /** One place somewhere in the tree gets something else, or is gone. */
  function json(value: unknown): unknown {
    if (Array.isArray(value) && value.length > 0 && random(3) > 0) {
      const place = random(value.length);
      return value.map((each, index) => (index === place ? json(each) : each));
    }
    if (typeof value === 'object' && value !== null && Object.keys(value).length > 0 && random(5) > 0) {
      const keys = Object.keys(value);
      const place = keys[random(keys.length)] ?? '';
      const entries = Object.entries(value).flatMap(([key, each]) =>
        key !== place ? [[key, each]] : random(6) === 0 ? [] : [[key, json(each)]],
      );
      return Object.fromEntries(entries);
    }
    return odd();
  }

  function bytes(body: Uint8Array): Uint8Array {
    const changed = Buffer.from(body);
    const kind = random(4);
    if (kind === 0 && changed.length > 0) return changed.subarray(0, random(changed.length));
    if (kind === 1 && changed.length > 0) changed[random(changed.length)] = random(256);
    if (kind === 2) return Buffer.concat([changed, changed]);
    if (kind === 3) return Buffer.concat([changed, Buffer.from(JSON.stringify(odd()))]);
    return changed;
  }

  return { json, bytes };
}
