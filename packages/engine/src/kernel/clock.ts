import { setTimeout as setRealTimeout } from 'node:timers';

/** Cancels what `Clock.at` planned. Calling it again, or after the action ran, does nothing. */
export type Cancel = () => void;

/** The only source of time. Epoch milliseconds of the platform, which may run faster than the wall's. */
export interface Clock {
  /** How many platform milliseconds pass in one real millisecond; `Infinity` where time is virtual. */
  readonly speed: number;
  now(): number;
  /** Runs the action once `now()` has reached `time`; never inside the caller's own stack. */
  at(time: number, action: () => void): Cancel;
}

/** Where a running clock stands: at real time `real_ms` the platform's time was `platform_ms`. Stored, so that time goes on while the engine is down. */
export interface ClockAnchor {
  readonly platform_ms: number;
  readonly real_ms: number;
  readonly speed: number;
}

/** Node's timers overflow beyond 2^31-1 ms, and then fire at once. */
const longestTimer_ms = 2_000_000_000;

/** Real time, or real time accelerated. The one place that reads the machine's clock. */
export function systemClock(options: {
  readonly speed: number;
  readonly anchor?: ClockAnchor;
}): Clock & { readonly anchor: ClockAnchor } {
  const { speed } = options;
  const real = () => Date.now();
  const started = real();
  const continued = options.anchor
    ? options.anchor.platform_ms + (started - options.anchor.real_ms) * options.anchor.speed
    : started;
  const anchor: ClockAnchor = {
    platform_ms: Math.max(continued, options.anchor?.platform_ms ?? 0),
    real_ms: started,
    speed,
  };
  const now = () => Math.floor(anchor.platform_ms + (real() - anchor.real_ms) * speed);
  return {
    speed,
    anchor,
    now,
    at(time, action) {
      let timer: NodeJS.Timeout | undefined;
      const wait = () => {
        const left = (time - now()) / speed;
        timer = setRealTimeout(
          left > longestTimer_ms ? wait : run,
          Math.min(Math.max(0, Math.ceil(left)), longestTimer_ms),
        );
      };
      const run = () => (now() >= time ? action() : wait());
      wait();
      return () => clearTimeout(timer);
    },
  };
}

interface Planned {
  readonly time: number;
  readonly order: number;
  readonly action: () => void;
}

/** More actions than this without time moving on is a loop, not a story. */
const actionsPerInstant_max = 1_000_000;

/** Time that moves only when told to. Actions run in order of time, then in the order they were planned. */
export class VirtualClock implements Clock {
  readonly speed = Number.POSITIVE_INFINITY;
  #now: number;
  #order = 0;
  readonly #heap: Planned[] = [];
  readonly #cancelled = new Set<Planned>();

  constructor(start = Date.UTC(2026, 0, 5, 9)) {
    this.#now = start;
  }

  now(): number {
    return this.#now;
  }

  at(time: number, action: () => void): Cancel {
    const planned = { time: Math.max(time, this.#now), order: this.#order++, action };
    push(this.#heap, planned);
    return () => this.#cancelled.add(planned);
  }

  /** The time of the next planned action, or undefined when nothing is planned. */
  next(): number | undefined {
    this.#dropCancelled();
    return this.#heap[0]?.time;
  }

  /** Moves time on by `duration_ms`, running every action that falls due on the way. */
  advance(duration_ms: number): void {
    this.advanceTo(this.#now + duration_ms);
  }

  advanceTo(end: number): void {
    let atSameInstant = 0;
    for (let due = this.next(); due !== undefined && due <= end; due = this.next()) {
      atSameInstant = due > this.#now ? 0 : atSameInstant + 1;
      if (atSameInstant > actionsPerInstant_max)
        throw new Error('the virtual clock runs actions without end at one instant');
      this.#now = Math.max(this.#now, due);
      pop(this.#heap)?.action();
    }
    this.#now = Math.max(this.#now, end);
  }

  #dropCancelled(): void {
    for (let first = this.#heap[0]; first && this.#cancelled.delete(first); first = this.#heap[0]) pop(this.#heap);
  }
}

const earlier = (a: Planned, b: Planned) => a.time - b.time || a.order - b.order;

function push(heap: Planned[], item: Planned): void {
  let index = heap.length;
  heap.push(item);
  while (index > 0) {
    const parent = (index - 1) >> 1;
    const above = heap[parent];
    if (!above || earlier(above, item) <= 0) break;
    heap[index] = above;
    index = parent;
  }
  heap[index] = item;
}

function pop(heap: Planned[]): Planned | undefined {
  const first = heap[0];
  const last = heap.pop();
  if (heap.length === 0 || !last) return first;
  let index = 0;
  for (;;) {
    let child = index * 2 + 1;
    const [left, right] = [heap[child], heap[child + 1]];
    if (!left) break;
    if (right && earlier(right, left) < 0) child += 1;
    const smallest = heap[child];
    if (!smallest || earlier(smallest, last) >= 0) break;
    heap[index] = smallest;
    index = child;
  }
  heap[index] = last;
  return first;
}
