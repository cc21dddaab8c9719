import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';

type Protocol = 'tcp' | 'udp';

/**
 * Below the ports that Linux (32768) and macOS (49152) give to outgoing connections: one of those could be taken by any
 * connection between our look and the container's bind.
 */
const first = 20_000;
const count = 10_000;

/** Hands out loopback ports that nobody listens on and that no other container was given. */
export class PortReservations {
  readonly #reserved = new Set<number>();
  /** Moves on with every port, so that a late connection to a container that is gone does not meet the next one. */
  #next: number;

  /** `seed`: where to begin looking, so that two engines on one machine rarely look at the same ports. */
  constructor(seed: number) {
    this.#next = seed % count;
  }

  /** A port free in each of the protocols. Rejects when there is none. */
  async reserve(protocols: readonly Protocol[]): Promise<number> {
    for (let attempt = 0; attempt < count; attempt++) {
      const port = first + this.#next;
      this.#next = (this.#next + 1) % count;
      if (this.#reserved.has(port)) continue;
      this.#reserved.add(port);
      const free = await Promise.all(protocols.map((protocol) => isFree[protocol](port)));
      if (free.every(Boolean)) return port;
      this.#reserved.delete(port);
    }
    throw new Error(`no port between ${first} and ${first + count - 1} of this machine is free`);
  }

  /** A container found again has this port. */
  keep(port: number): void {
    this.#reserved.add(port);
  }

  release(port: number): void {
    this.#reserved.delete(port);
  }
}

/** Free on loopback and on all addresses alike, since a container listens on either. */
const isFree: Record<Protocol, (port: number) => Promise<boolean>> = {
  tcp: async (port) => (await canListen(port, '127.0.0.1')) && (await canListen(port, '0.0.0.0')),
  udp: (port) =>
    new Promise((resolve) => {
      const socket = createSocket('udp4');
      socket.once('error', () => resolve(false));
      socket.bind({ port, address: '0.0.0.0', exclusive: true }, () => socket.close(() => resolve(true)));
    }),
};

const canListen = (port: number, host: string): Promise<boolean> =>
  new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(true)));
  });
