import { setImmediate } from 'node:timers/promises';
import type { VirtualClock } from '../../../packages/engine/src/kernel/clock.ts';

/** Virtual time with functions that wait in it: after every instant all promises settle before time goes on, so a seed always gives the same story. */
export class StoryTime {
  readonly clock: VirtualClock;
  #unsettled = false;

  constructor(clock: VirtualClock) {
    this.clock = clock;
  }

  now(): number {
    return this.clock.now();
  }

  after(delay_ms: number, action: () => void): void {
    this.clock.at(this.now() + delay_ms, action);
  }

  sleep(duration_ms: number): Promise<void> {
    return new Promise((resolve) =>
      this.after(duration_ms, () => {
        this.stir();
        resolve();
      }),
    );
  }

  /** Says that a promise may now go on. */
  stir(): void {
    this.#unsettled = true;
  }

  async advance(duration_ms: number): Promise<void> {
    const end = this.now() + duration_ms;
    await this.#settle();
    for (let next = this.clock.next(); next !== undefined && next <= end; next = this.clock.next()) {
      this.clock.advanceTo(next);
      await this.#settle();
    }
    this.clock.advanceTo(end);
  }

  /** Looks once a second of the platform; false when it has not come about within the limit. */
  async until(condition: () => boolean, limit_ms: number): Promise<boolean> {
    for (const end = this.now() + limit_ms; this.now() < end; ) {
      if (condition()) return true;
      await this.advance(1000);
    }
    return condition();
  }

  async #settle(): Promise<void> {
    while (this.#unsettled) {
      this.#unsettled = false;
      await setImmediate();
    }
  }
}
