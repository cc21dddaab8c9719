import type { Server } from 'node:http';
import type { Socket } from 'node:net';

/** Ends a server in good order: what is being answered is answered, and then no connection is left that somebody only keeps open. */
export interface Closing {
  /** Work that a close waits for. */
  during<T>(work: Promise<T>): Promise<T>;
  close(): Promise<void>;
}

export function closingOf(server: Server): Closing {
  const sockets = new Set<Socket>();
  const running = new Set<Promise<unknown>>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  return {
    during(work) {
      running.add(work);
      return work.finally(() => running.delete(work));
    },
    async close() {
      const closed = new Promise<void>((resolve) => void server.close(() => resolve()));
      await Promise.allSettled(running);
      // What has been written still goes out. Streams and upgraded connections would otherwise never end by themselves.
      for (const socket of sockets) socket.destroySoon();
      await closed;
    },
  };
}
