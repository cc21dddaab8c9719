import { createServer, type ListenOptions, type Server, type Socket } from 'node:net';
import { ListenerTally, TargetTally } from '../counting/tally.ts';
import type { ListenerCounts, TargetCounts } from '../report.ts';
import { compileRules, type RuleMatcher } from '../routing/match-rule.ts';
import type { Listener } from '../routing-table.ts';
import type { Balancer } from './balancer.ts';
import { ClientConnection } from './client-connection.ts';
import type { UpstreamTarget } from './upstream-target.ts';

/** A bound port with its client connections. Its settings change in place, so connections live through new tables. */
export class OpenListener {
  #listener: Listener;
  #match: RuleMatcher;
  #port = 0;
  #tally = new ListenerTally(0);
  #targetTallies = new Map<UpstreamTarget, TargetTally>();
  readonly #server: Server;
  readonly #connections = new Set<ClientConnection>();
  readonly balancer: Balancer;

  constructor(listener: Listener, balancer: Balancer) {
    this.balancer = balancer;
    this.#listener = listener;
    this.#match = compileRules(listener.rules);
    this.#server = createServer({ allowHalfOpen: true, noDelay: true }, this.#onConnection);
    this.#server.on('drop', () => {
      this.#tally.rejectedConnections += 1;
    });
    this.#applyLimits();
  }

  get settings(): Listener {
    return this.#listener;
  }

  get match(): RuleMatcher {
    return this.#match;
  }

  get tally(): ListenerTally {
    return this.#tally;
  }

  /** The bound port. */
  get port(): number {
    return this.#port;
  }

  tallyOf(target: UpstreamTarget): TargetTally {
    const known = this.#targetTallies.get(target);
    if (known !== undefined) return known;
    const fresh = new TargetTally();
    this.#targetTallies.set(target, fresh);
    return fresh;
  }

  /**
   * Binds; rejects with the system's error when the address is not to be had. A port that several workers are to share
   * is bound alone first: sharing would also accept a stranger's port that happens to allow it.
   */
  async open({ port, shared, first }: { port: number; shared: boolean; first: boolean }): Promise<void> {
    const { host } = this.#listener;
    let bound = port;
    if (shared && first) {
      const claim = createServer();
      bound = await listen(claim, { host, port });
      await new Promise<void>((resolve) => claim.close(() => resolve()));
    }
    this.#port = await listen(this.#server, { host, port: bound, backlog: 1024, reusePort: shared });
    // A connection the system could not accept, for want of file descriptors say, is no reason to lose the others.
    this.#server.on('error', () => {
      this.#tally.rejectedConnections += 1;
    });
  }

  /** New settings hold from the next request of every connection on. */
  change(listener: Listener): void {
    this.#listener = listener;
    this.#match = compileRules(listener.rules);
    this.#applyLimits();
  }

  /** Accepts nothing any more; what is in flight finishes, idle connections close. */
  retire(): void {
    if (this.#server.listening) this.#server.close();
    for (const connection of [...this.#connections]) connection.retire();
  }

  /** Cuts what is still there. */
  destroy(): void {
    if (this.#server.listening) this.#server.close();
    for (const connection of [...this.#connections]) connection.destroy();
  }

  get openConnections(): number {
    return this.#connections.size;
  }

  takeCounts(): { listener: ListenerCounts; targets: TargetCounts[] } {
    const targets = [...this.#targetTallies].map(([target, tally]) => tally.get(this.#listener.id, target.key));
    const listener = this.#tally.get(this.#listener.id);
    this.#targetTallies = new Map();
    this.#tally = new ListenerTally(this.#tally.activeConnections);
    return { listener, targets };
  }

  #applyLimits(): void {
    if (this.#listener.maxConnections !== undefined) this.#server.maxConnections = this.#listener.maxConnections;
  }

  readonly #onConnection = (socket: Socket): void => {
    this.#tally.connectionOpened();
    const connection = new ClientConnection(socket, this);
    this.#connections.add(connection);
    socket.once('close', () => {
      this.#connections.delete(connection);
      this.#tally.connectionClosed();
    });
  };
}

async function listen(server: Server, options: ListenOptions): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options, () => {
      server.off('error', reject);
      resolve();
    });
  });
  const address = server.address();
  return address !== null && typeof address === 'object' ? address.port : 0;
}
