import type { Message } from './model.ts';

export interface Receiving {
  readonly fifo: boolean;
  readonly now: number;
  readonly max: number;
  readonly retention_ms: number;
  /** How often a message may be received before it is dead; undefined: always. */
  readonly maxReceiveCount?: number | undefined;
}

export interface ReceivePlan {
  readonly taken: readonly Message[];
  /** Received too often: they go to the dead-letter queue instead. */
  readonly dead: readonly Message[];
  /** Older than the queue keeps messages. */
  readonly expired: readonly Message[];
  /** When another message becomes visible; undefined: none does by time alone. */
  readonly nextAt?: number | undefined;
}

/** What a receiver gets of a queue's messages, oldest first. In a FIFO queue a group waits for its first message, in flight or delayed. */
export function planReceive(held: readonly Message[], how: Receiving): ReceivePlan {
  const { fifo, now, max, retention_ms, maxReceiveCount } = how;
  const taken: Message[] = [];
  const dead: Message[] = [];
  const expired: Message[] = [];
  const blocked = new Set<string>();
  let nextAt: number | undefined;
  for (const message of held) {
    const { visibleAt, group = '', received, sentAt } = message;
    if (now - sentAt >= retention_ms) expired.push(message);
    else if (visibleAt > now) {
      nextAt = Math.min(nextAt ?? visibleAt, visibleAt);
      if (fifo) blocked.add(group);
    } else if (fifo && blocked.has(group)) continue;
    else if (maxReceiveCount !== undefined && received >= maxReceiveCount) dead.push(message);
    else if (taken.length < max) taken.push(message);
  }
  return { taken, dead, expired, nextAt };
}
