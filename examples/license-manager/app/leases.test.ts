import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LeaseBook } from './leases.ts';
import type { Claim } from './token.ts';

const lease_ms = 30_000;
const claim = (id: string, feature = 'cad'): Claim => ({ id, feature, client: 'ann', issuer: 'a', checkedOutAt: 0 });
const open = (seats: Record<string, number> = { cad: 2 }) =>
  new LeaseBook({ seats: new Map(Object.entries(seats)), lease_ms });

describe('checkout', () => {
  test('grants while a seat is free, and tells how many are taken when none is', () => {
    const book = open();
    expect(book.checkout(claim('1'), 0)).toEqual({
      outcome: 'granted',
      lease: { ...claim('1'), expiresAt: lease_ms, adopted: false },
    });
    book.checkout(claim('2'), 0);
    expect(book.checkout(claim('3'), 0)).toEqual({ outcome: 'denied', total: 2, inUse: 2 });
  });

  test('a seat is free again when its lease was returned, and when it ran out', () => {
    const book = open({ cad: 1 });
    book.checkout(claim('1'), 0);
    book.checkin(claim('1'), 1);
    expect(book.checkout(claim('2'), 2).outcome).toBe('granted');
    expect(book.checkout(claim('3'), 1 + lease_ms).outcome).toBe('denied');
    expect(book.checkout(claim('4'), 2 + lease_ms).outcome).toBe('granted');
  });

  test('seats are counted for each feature', () => {
    const book = open({ cad: 1, render: 1 });
    book.checkout(claim('1', 'cad'), 0);
    expect(book.checkout(claim('2', 'render'), 0).outcome).toBe('granted');
    expect(book.checkout(claim('3', 'mesh'), 0)).toEqual({ outcome: 'unknown-feature', features: ['cad', 'render'] });
  });
});

describe('heartbeat', () => {
  test('renews for one lease time from now', () => {
    const book = open();
    book.checkout(claim('1'), 0);
    const renewed = book.heartbeat(claim('1'), 20_000);
    expect(renewed).toMatchObject({ outcome: 'renewed', lease: { expiresAt: 50_000, adopted: false } });
    expect(book.inUse(49_999)).toBe(1);
    expect(book.inUse(50_000)).toBe(0);
  });

  test('takes a lease over from another container, over the seats if it must', () => {
    const book = open({ cad: 0 });
    expect(book.heartbeat(claim('1'), 0)).toMatchObject({ outcome: 'adopted', lease: { adopted: true } });
    expect(book.heartbeat(claim('1'), 1)).toMatchObject({ outcome: 'renewed', lease: { adopted: true } });
    expect(book.inUse(1)).toBe(1);
  });

  test('takes over a lease of a feature that this licence file does not know', () => {
    const book = open();
    book.heartbeat(claim('1', 'mesh'), 0);
    expect(book.usage(0).get('mesh')).toMatchObject({ total: 0, inUse: 1 });
  });

  test('does not revive a returned lease, wherever it was held', () => {
    const book = open();
    book.checkin(claim('1'), 0);
    expect(book.heartbeat(claim('1'), 10)).toEqual({ outcome: 'returned' });
    expect(book.inUse(10)).toBe(0);
  });
});

test('checkin tells whether the lease was held here, and may be repeated', () => {
  const book = open();
  book.checkout(claim('1'), 0);
  expect(book.checkin(claim('1'), 1).held?.id).toBe('1');
  expect(book.checkin(claim('1'), 2).held).toBeUndefined();
});

test('each lease that ran out is told once, whoever noticed it first', () => {
  const book = open();
  book.checkout(claim('1'), 0);
  book.inUse(lease_ms);
  expect(book.takeLapsed(lease_ms).map(({ id }) => id)).toEqual(['1']);
  expect(book.takeLapsed(lease_ms)).toEqual([]);
});

test('rescinded leases are gone, and their heartbeats refused', () => {
  const book = open();
  book.checkout(claim('1'), 0);
  expect(book.rescind(1).map(({ id }) => id)).toEqual(['1']);
  expect(book.inUse(1)).toBe(0);
  expect(book.heartbeat(claim('1'), 2).outcome).toBe('returned');
});

describe('for any sequence of calls', () => {
  const calls = fc.array(
    fc.record({
      call: fc.constantFrom('checkout', 'heartbeat', 'checkin', 'rescind'),
      id: fc.integer({ min: 0, max: 5 }).map(String),
      pass_ms: fc.constantFrom(0, 1, lease_ms / 3, lease_ms - 1, lease_ms),
    }),
    { maxLength: 60 },
  );

  /** What must be true, told in the simplest words: when each lease ends, and which were returned until when. */
  test('a lease is held exactly from its last grant or renewal until it is returned or has run out', () => {
    fc.assert(
      fc.property(calls, fc.integer({ min: 0, max: 3 }), (steps, seats) => {
        const book = open({ cad: seats });
        const ends = new Map<string, number>();
        const refusedUntil = new Map<string, number>();
        const alive = () => [...ends].filter(([, end]) => end > now).map(([id]) => id);
        let now = 0;

        for (const { call, id, pass_ms } of steps) {
          now += pass_ms;
          const isRefused = (refusedUntil.get(id) ?? 0) > now;
          if (call === 'checkout') {
            // A server draws a new id for each checkout.
            if (ends.has(id) || isRefused) continue;
            const isFree = alive().length < seats;
            expect(book.checkout(claim(id), now).outcome).toBe(isFree ? 'granted' : 'denied');
            if (isFree) ends.set(id, now + lease_ms);
          } else if (call === 'heartbeat') {
            const known = alive().includes(id) ? 'renewed' : 'adopted';
            expect(book.heartbeat(claim(id), now).outcome).toBe(isRefused ? 'returned' : known);
            if (!isRefused) ends.set(id, now + lease_ms);
          } else {
            const ended = call === 'checkin' ? [id] : alive();
            if (call === 'checkin') book.checkin(claim(id), now);
            else expect(book.rescind(now).map((lease) => lease.id)).toHaveLength(ended.length);
            for (const one of ended) ends.delete(one);
            for (const one of ended) refusedUntil.set(one, now + lease_ms);
          }
          expect(
            book
              .usage(now)
              .get('cad')
              ?.leases.map((lease) => lease.id)
              .sort(),
          ).toEqual(alive().sort());
        }
        expect(book.inUse(now + lease_ms)).toBe(0);
      }),
    );
  });
});
