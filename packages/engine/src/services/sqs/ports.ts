import type { Clock } from '../../kernel/clock.ts';

/** Receivers that wait for a message, by the ARN of their queue. In memory only: whoever asked is gone after a crash. */
export interface Waiting {
  readonly clock: Clock;
  readonly receivers: Map<string, Set<() => void>>;
}
