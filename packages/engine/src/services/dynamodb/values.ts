import type { Value } from './model.ts';

/** `S`, `N`, `B`, ... */
export const typeOf = (value: Value): string =>
  Object.keys(value).find((type) => (value as unknown as Record<string, unknown>)[type] !== undefined) ?? 'NULL';

/** A value in one way of writing: equal values are equal texts. */
export function canonical(value: Value): string {
  const type = typeOf(value);
  const content = (value as unknown as Record<string, unknown>)[type];
  if (type === 'N') return `N:${Number(content)}`;
  if (content instanceof Uint8Array) return `B:${Buffer.from(content).toString('base64')}`;
  if (type === 'L') return `L:[${(content as Value[]).map(canonical).join(',')}]`;
  if (type === 'M')
    return `M:{${Object.entries(content as Record<string, Value>)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, each]) => `${JSON.stringify(name)}:${canonical(each)}`)
      .join(',')}}`;
  if (Array.isArray(content)) return `${type}:${JSON.stringify([...content].map(String).sort())}`;
  return `${type}:${JSON.stringify(content)}`;
}

/** The order of two values; undefined where their types have none, or differ. */
export function compare(a: Value, b: Value): number | undefined {
  if (typeOf(a) !== typeOf(b)) return undefined;
  if (a.N !== undefined && b.N !== undefined) return Number(a.N) - Number(b.N);
  if (a.S !== undefined && b.S !== undefined) return Buffer.compare(Buffer.from(a.S), Buffer.from(b.S));
  if (a.B !== undefined && b.B !== undefined) return Buffer.compare(a.B, b.B);
  return undefined;
}
