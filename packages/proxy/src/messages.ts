import type { Binding } from './data-plane.ts';
import type { Applied, Counts, Probe, ProxyReport } from './report.ts';
import type { RoutingTable, TargetKey } from './routing-table.ts';

/** What a worker is asked. Each question with a `call` is answered once. */
export type ToWorker =
  | { readonly kind: 'apply'; readonly call: number; readonly table: RoutingTable; readonly binding: Binding }
  | { readonly kind: 'take-counts'; readonly call: number }
  | { readonly kind: 'in-flight'; readonly call: number; readonly key: TargetKey }
  | { readonly kind: 'close'; readonly call: number }
  | { readonly kind: 'probe'; readonly probe: Probe };

export type FromWorker =
  | { readonly kind: 'answer'; readonly call: number; readonly value: WorkerAnswer }
  | { readonly kind: 'reports'; readonly reports: readonly ProxyReport[] };

export type WorkerAnswer =
  | { readonly kind: 'applied'; readonly applied: Applied }
  | { readonly kind: 'counts'; readonly counts: Counts }
  | { readonly kind: 'in-flight'; readonly count: number }
  | { readonly kind: 'closed' }
  | { readonly kind: 'failed'; readonly message: string };
