import type { Claim } from './token.ts';

/** A licence that this container counts as in use. */
export interface Lease extends Claim {
  /** Platform epoch milliseconds. From then on the lease counts no more, unless a heartbeat comes. */
  readonly expiresAt: number;
  /** Granted by another container; its client has moved here since. */
  readonly adopted: boolean;
}

export type CheckoutOutcome =
  | { readonly outcome: 'granted'; readonly lease: Lease }
  | { readonly outcome: 'denied'; readonly total: number; readonly inUse: number }
  | { readonly outcome: 'unknown-feature'; readonly features: readonly string[] };

export type HeartbeatOutcome =
  | { readonly outcome: 'renewed' | 'adopted'; readonly lease: Lease }
  | { readonly outcome: 'returned' };

export interface FeatureUsage {
  readonly total: number;
  readonly inUse: number;
  readonly leases: readonly Lease[];
}

/**
 * Counts the leases of one container. Time is an argument, and nothing else comes from outside: the same calls give the same answers.
 *
 * A lease that moves is for up to one lease time counted twice, here and by its former holder. A licence once granted never fails
 * because of that: adoption may go over the seats.
 */
export class LeaseBook {
  readonly #seats: ReadonlyMap<string, number>;
  readonly #lease_ms: number;
  readonly #leases = new Map<string, Lease>();
  /** Returned licences, and until when a heartbeat that was under way could still arrive. */
  readonly #returned = new Map<string, number>();
  #lapsed: Lease[] = [];

  constructor({ seats, lease_ms }: { readonly seats: ReadonlyMap<string, number>; readonly lease_ms: number }) {
    this.#seats = seats;
    this.#lease_ms = lease_ms;
  }

  /** Grants a new licence while a seat of this container is free. */
  checkout(claim: Claim, now: number): CheckoutOutcome {
    this.#settle(now);
    const total = this.#seats.get(claim.feature);
    if (total === undefined) return { outcome: 'unknown-feature', features: [...this.#seats.keys()] };
    const inUse = [...this.#leases.values()].filter((lease) => lease.feature === claim.feature).length;
    if (inUse >= total) return { outcome: 'denied', total, inUse };
    return { outcome: 'granted', lease: this.#hold(claim, now, false) };
  }

  /** Renews a lease, or takes it over from the container that held it. Only a returned licence is refused. */
  heartbeat(claim: Claim, now: number): HeartbeatOutcome {
    this.#settle(now);
    if (this.#returned.has(claim.id)) return { outcome: 'returned' };
    const held = this.#leases.get(claim.id);
    if (held) return { outcome: 'renewed', lease: this.#hold(claim, now, held.adopted) };
    return { outcome: 'adopted', lease: this.#hold(claim, now, true) };
  }

  /** Ends a lease, held here or elsewhere. `held` is the lease that was held here. */
  checkin(claim: Claim, now: number): { readonly held?: Lease } {
    this.#settle(now);
    const held = this.#leases.get(claim.id);
    this.#end(claim.id, now);
    return { held };
  }

  /** Ends all leases at once. Their clients' heartbeats are refused from now on, for one lease time. */
  rescind(now: number): readonly Lease[] {
    this.#settle(now);
    const rescinded = [...this.#leases.values()];
    for (const lease of rescinded) this.#end(lease.id, now);
    return rescinded;
  }

  /** The leases that ran out since the last call. */
  takeLapsed(now: number): readonly Lease[] {
    this.#settle(now);
    const taken = this.#lapsed;
    this.#lapsed = [];
    return taken;
  }

  inUse(now: number): number {
    this.#settle(now);
    return this.#leases.size;
  }

  usage(now: number): ReadonlyMap<string, FeatureUsage> {
    this.#settle(now);
    const byFeature = Map.groupBy(this.#leases.values(), (lease) => lease.feature);
    return new Map(
      [...new Set([...this.#seats.keys(), ...byFeature.keys()])].map((feature) => {
        const own = byFeature.get(feature) ?? [];
        return [feature, { total: this.#seats.get(feature) ?? 0, inUse: own.length, leases: own }];
      }),
    );
  }

  #settle(now: number): void {
    for (const lease of this.#leases.values()) {
      if (lease.expiresAt > now) continue;
      this.#leases.delete(lease.id);
      this.#lapsed.push(lease);
    }
    for (const [id, until] of this.#returned) if (until <= now) this.#returned.delete(id);
  }

  #hold({ id, feature, client, issuer, checkedOutAt }: Claim, now: number, adopted: boolean): Lease {
    const lease = { id, feature, client, issuer, checkedOutAt, expiresAt: now + this.#lease_ms, adopted };
    this.#leases.set(id, lease);
    return lease;
  }

  #end(id: string, now: number): void {
    this.#leases.delete(id);
    this.#returned.set(id, now + this.#lease_ms);
  }
}
