import type { Socket } from 'node:net';

/** Connects two sockets both ways, end for end; `onEnd` is called once when both have closed. */
export function openTunnel(client: Socket, upstream: Socket, onEnd: () => void): void {
  let open = 2;
  const closed = (other: Socket) => (): void => {
    other.destroySoon();
    open -= 1;
    if (open === 0) onEnd();
  };
  // Silence on one side while the other still talks shows on both, as every byte passes both.
  const quiet = (): void => {
    client.destroy();
    upstream.destroy();
  };
  client.on('timeout', quiet);
  upstream.on('timeout', quiet);
  client.on('close', closed(upstream));
  upstream.on('close', closed(client));
  client.pipe(upstream);
  upstream.pipe(client);
}
