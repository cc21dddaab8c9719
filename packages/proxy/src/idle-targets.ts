import type { RoutingTable, TargetKey } from './routing-table.ts';

interface Draining {
  /** The version of the table that set it to draining. */
  readonly since: number;
  readonly idleOn: Set<number>;
}

/** Knows when a draining target is idle on every worker, since each worker can speak only for its own requests. */
export class IdleTargets {
  readonly #workers: number;
  #draining = new Map<string, Draining>();

  constructor(workers: number) {
    this.#workers = workers;
  }

  /** A target that was draining already keeps what is known of it. */
  expect(table: RoutingTable): void {
    const draining = new Map<string, Draining>();
    for (const group of table.targetGroups) {
      for (const target of group.targets) {
        if (target.state !== 'draining') continue;
        const key = keyOf({ targetGroup: group.id, target: target.id });
        draining.set(key, this.#draining.get(key) ?? { since: table.version, idleOn: new Set() });
      }
    }
    this.#draining = draining;
  }

  /** Notes what one worker says; true when it was the last one missing. Words about an earlier draining are void. */
  note(report: TargetKey & { readonly version: number }, worker: number): boolean {
    const entry = this.#draining.get(keyOf(report));
    if (entry === undefined || report.version < entry.since || entry.idleOn.has(worker)) return false;
    entry.idleOn.add(worker);
    return entry.idleOn.size === this.#workers;
  }
}

const keyOf = ({ targetGroup, target }: TargetKey): string => JSON.stringify([targetGroup, target]);
