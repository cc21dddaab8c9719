import type { AppliedListener, Counts, Probe, ProxyReport, RoutingTable, TargetKey } from '@rockpool/proxy';

/** What one probe found. */
export type ProbeResult = Omit<Extract<ProxyReport, { kind: 'probe' }>, 'kind' | 'probeId'>;

/**
 * Where traffic passes: real sockets in a running engine, a model in the lab. Never throws and never blocks: what it learns comes back
 * through the given functions, at any time.
 */
export interface DataPlane {
  apply(table: RoutingTable, done: (listeners: readonly AppliedListener[]) => void): void;
  probe(probe: Omit<Probe, 'probeId'>, done: (result: ProbeResult) => void): void;
  /** What was counted since the last call. */
  takeCounts(done: (counts: Counts) => void): void;
  /** Told when a draining target has nothing in flight any more, with the version of the table by which it was so. */
  onIdle(listener: (target: TargetKey & { readonly version: number }) => void): void;
  close(): Promise<void>;
}
