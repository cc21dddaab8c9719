/** Somebody's wish that the server goes down. */
export interface ShutdownOrder {
  /** Who asked, as the log shows it. */
  readonly by: string;
  /** `signal`: the container is stopping, whatever happens. `command`: `lm down`, which may be refused. */
  readonly kind: 'signal' | 'command';
  /** Platform epoch milliseconds until which the server waits for its leases. */
  readonly deadline: number;
  /** At the deadline a command takes the leases from their clients instead of being refused. */
  readonly force: boolean;
}

export interface ServerState {
  readonly now: number;
  /** Leases held here. */
  readonly leases: number;
  /** When the last request of a client came, platform epoch milliseconds. */
  readonly lastRequestAt: number;
  /** How long no client may have asked before a signal finds the server idle. */
  readonly quiet_ms: number;
}

export type ShutdownStep =
  | { readonly do: 'serve' }
  | { readonly do: 'wait'; readonly waiting: string }
  | { readonly do: 'refuse'; readonly orders: readonly ShutdownOrder[] }
  | { readonly do: 'close'; readonly leases: 'none' | 'rescind' | 'leave' };

/** Decides how a server that was asked to go down goes on. The first rule that fits wins. */
export function planShutdown(orders: readonly ShutdownOrder[], state: ServerState): ShutdownStep {
  const { now, leases, lastRequestAt, quiet_ms } = state;
  if (orders.length === 0) return { do: 'serve' };

  const late = orders.filter((order) => order.deadline <= now);
  // An operator's command is sure that no client comes any more; a signal is not: on a plain StopTask the load
  // balancer learns of the end no sooner than the container (amazon-ecs-agent issue 2316).
  const sure = orders.some((order) => order.kind === 'command');
  const quiet = now - lastRequestAt >= quiet_ms;

  if (leases === 0 && (sure || quiet)) return { do: 'close', leases: 'none' };
  if (late.some((order) => order.force)) return { do: 'close', leases: 'rescind' };
  // The clients still have their tokens: any other container takes the leases over at the next heartbeat.
  if (late.some((order) => order.kind === 'signal')) return { do: 'close', leases: 'leave' };
  if (late.length > 0) return { do: 'refuse', orders: late };
  return { do: 'wait', waiting: leases > 0 ? `${leases} licences are in use` : 'clients are still asking' };
}
