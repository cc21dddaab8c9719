/** What a listing has: keys, or what they have in common up to the delimiter. */
export type Entry<Item> = { readonly key: string; readonly item: Item } | { readonly prefix: string };

export interface Listing<Item> {
  readonly entries: readonly Entry<Item>[];
  readonly truncated: boolean;
  /** The last key or prefix of this page, from which the next goes on. */
  readonly last: string | undefined;
}

/**
 * One page of a listing. Keys are in the order of their UTF-8 bytes; keys that share what comes after the prefix up to the delimiter count
 * as one entry (https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html).
 */
export function planListing<Item extends { readonly key: string }>(
  items: readonly Item[],
  {
    prefix = '',
    delimiter,
    after = '',
    size,
  }: { prefix?: string | undefined; delimiter?: string | undefined; after?: string | undefined; size: number },
): Listing<Item> {
  const entries: Entry<Item>[] = [];
  let last: string | undefined;
  let group: string | undefined;
  for (const item of [...items]
    .filter(({ key }) => key.startsWith(prefix))
    .sort((a, b) => compareBytes(a.key, b.key))) {
    const cut = delimiter ? item.key.indexOf(delimiter, prefix.length) : -1;
    const common = cut < 0 || !delimiter ? undefined : item.key.slice(0, cut + delimiter.length);
    const name = common ?? item.key;
    if (compareBytes(name, after) <= 0 && after !== '') continue;
    if (common !== undefined && common === group) continue;
    if (entries.length === size) return { entries, truncated: true, last };
    entries.push(common === undefined ? { key: item.key, item } : { prefix: common });
    group = common;
    last = name;
  }
  return { entries, truncated: false, last };
}

export const compareBytes = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));
