import { expect, test } from 'vitest';
import type { Message } from './model.ts';
import { planReceive, type Receiving } from './plan-receive.ts';

const message = (id: string, more: Partial<Message> = {}): Message => ({
  id,
  queue: 'q',
  body: id,
  attributes: {},
  senderId: 'me',
  sentAt: 0,
  visibleAt: 0,
  received: 0,
  ...more,
});
const how: Receiving = { fifo: false, now: 1000, max: 10, retention_ms: 60_000 };
const ids = (rows: readonly Message[]) => rows.map(({ id }) => id).join(' ');

test.each([
  {
    case: 'oldest first, as many as asked',
    held: [message('a'), message('b'), message('c')],
    more: { max: 2 },
    taken: 'a b',
  },
  {
    case: 'hidden ones are left',
    held: [message('a', { visibleAt: 1001 }), message('b')],
    more: {},
    taken: 'b',
    nextAt: 1001,
  },
  {
    case: 'too old ones expire',
    held: [message('a'), message('b', { sentAt: 900 })],
    more: { retention_ms: 500 },
    taken: 'b',
    expired: 'a',
  },
  {
    case: 'received too often is dead',
    held: [message('a', { received: 3 }), message('b', { received: 2 })],
    more: { maxReceiveCount: 3 },
    taken: 'b',
    dead: 'a',
  },
  {
    case: 'a group waits for its first message',
    held: [message('a', { group: 'x', visibleAt: 2000 }), message('b', { group: 'x' }), message('c', { group: 'y' })],
    more: { fifo: true },
    taken: 'c',
    nextAt: 2000,
  },
  {
    case: 'one receipt may take many of a group',
    held: [message('a', { group: 'x' }), message('b', { group: 'x' })],
    more: { fifo: true },
    taken: 'a b',
  },
])('$case', ({ held, more, taken, dead = '', expired = '', nextAt }) => {
  const plan = planReceive(held, { ...how, ...more });
  expect([ids(plan.taken), ids(plan.dead), ids(plan.expired), plan.nextAt]).toEqual([taken, dead, expired, nextAt]);
});
