import { deserialize, serialize } from 'node:v8';
import { digestOf } from '../edges/blob-directory.ts';
import type { BlobStore } from '../kernel/blob-store.ts';
import type { EngineEvent } from '../kernel/event-log.ts';
import type { Journal, StoredRow } from '../kernel/journal.ts';

/** A journal in memory that keeps rows as bytes, so that a restarted lab sees exactly what a disk would have given back. */
export function memoryJournal(): Journal {
  const rows = new Map<string, Omit<StoredRow, 'row'> & { bytes: Uint8Array }>();
  const events: EngineEvent[] = [];
  const facts = new Map<string, string>();
  return {
    *load() {
      for (const { bytes, ...place } of rows.values()) yield { ...place, row: deserialize(bytes) };
    },
    commit(changed, emitted) {
      for (const { table, scope, id, row } of changed) {
        const key = `${table}|${scope}|${id}`;
        if (row === undefined) rows.delete(key);
        else rows.set(key, { table, scope, id, bytes: serialize(row) });
      }
      events.push(...emitted);
    },
    events: ({ after, limit }) =>
      after === undefined ? events.slice(-limit) : events.filter((event) => event.sequence > after).slice(0, limit),
    fact: (name) => facts.get(name),
    setFact: (name, value) => void facts.set(name, value),
    close: () => {},
  };
}

export function memoryBlobs(): BlobStore {
  const blobs = new Map<string, Uint8Array>();
  return {
    put(bytes) {
      const digest = digestOf(bytes);
      blobs.set(digest, bytes);
      return digest;
    },
    get: (digest) => blobs.get(digest),
    has: (digest) => blobs.has(digest),
    delete: (digest) => void blobs.delete(digest),
    path: () => undefined,
  };
}
