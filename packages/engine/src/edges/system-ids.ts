import { randomFillSync, randomUUID } from 'node:crypto';
import { type Ids, idsFrom } from '../kernel/ids.ts';

/** Ids from the machine's randomness, fetched a page at a time: a fetch for each digit costs more than the whole request that an id is for. */
export function systemIds(): Ids {
  const page = new Uint32Array(1024);
  let next = page.length;
  const ids = idsFrom(() => () => {
    if (next === page.length) {
      randomFillSync(page);
      next = 0;
    }
    return (page[next++] ?? 0) / 2 ** 32;
  });
  // Every request has one.
  return { ...ids, uuid: () => randomUUID() };
}
