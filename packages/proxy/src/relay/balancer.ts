import type { ProxyReport } from '../report.ts';
import type { UpstreamGroup } from './upstream-group.ts';

/** What all connections of one worker share. */
export interface Balancer {
  readonly groups: ReadonlyMap<string, UpstreamGroup>;
  report(report: ProxyReport): void;
  /** Epoch milliseconds of the machine's clock. */
  now(): number;
  /** Milliseconds of a clock that never steps, for measuring. */
  elapsed(): number;
  /** Uniform in [0, 1). */
  random(): number;
  /** Now, as HTTP writes dates. */
  date(): string;
}
