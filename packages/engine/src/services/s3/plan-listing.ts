/** What a listing has: keys, or what they have in common up to the delimiter. */
export type Entry<Item> = { readonly key: string; readonly item: Item } | { readonly prefix: string };

export interface Listing<Item> {
  readonly entries: readonly Entry<Item>[];
  readonly truncated: boolean;
  /** The last key or prefix of this page, from which the next goes on. */
  readonly last: string | undefined;
}

export interface Wanted<Item> {
  readonly prefix?: string | undefined;
  readonly delimiter?: string | undefined;
  /** Only what comes after this key or prefix. */
  readonly after?: string | undefined;
  /** Of the very key `after`: which items are shown all the same. For listings in which a key has several. */
  readonly more?: ((item: Item) => boolean) | undefined;
  readonly size: number;
}

/**
 * One page of a listing of items that are sorted by `sortByKey`. Keys that share what comes after the prefix up to the delimiter count as
 * one entry (https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html).
 */
export function planListing<Item extends { readonly key: string }>(
  items: readonly Item[],
  { prefix = '', delimiter, after = '', more, size }: Wanted<Item>,
): Listing<Item> {
  const entries: Entry<Item>[] = [];
  let last: string | undefined;
  let group: string | undefined;
  for (const item of items) {
    if (!item.key.startsWith(prefix)) continue;
    const cut = delimiter ? item.key.indexOf(delimiter, prefix.length) : -1;
    const common = cut < 0 || !delimiter ? undefined : item.key.slice(0, cut + delimiter.length);
    const name = common ?? item.key;
    const passed = after === '' ? 1 : compareBytes(name, after);
    if (passed < 0 || (passed === 0 && (common !== undefined || !more?.(item)))) continue;
    if (common !== undefined && common === group) continue;
    if (entries.length >= size) return { entries, truncated: size > 0, last };
    entries.push(common === undefined ? { key: item.key, item } : { prefix: common });
    group = common;
    last = name;
  }
  return { entries, truncated: false, last };
}

/** The order of UTF-8 bytes. */
export const compareBytes = (a: string, b: string): number =>
  a === b ? 0 : Buffer.compare(Buffer.from(a), Buffer.from(b));

export const sortByKey = <Item extends { readonly key: string }>(items: readonly Item[]): Item[] =>
  [...items].sort((a, b) => compareBytes(a.key, b.key));
