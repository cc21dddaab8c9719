import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Root, Service } from '../../../kernel/service.ts';

/** Serves the routes of a service on a loopback port, as the wire server does. */
export async function serveRoutes(service: Service | undefined, root: Root): Promise<{ url: string; close(): void }> {
  const routeFor = (method = 'GET', url = '') => {
    const { pathname } = new URL(url, 'http://engine');
    return service?.routes?.find((route) => route.matches({ method, host: '127.0.0.1', path: pathname }));
  };
  const server = createServer((request, response) => {
    const route = routeFor(request.method, request.url);
    if (route) void route.handle(request, response, root);
    else response.writeHead(404).end();
  });
  server.on('upgrade', (request, socket, head) => {
    routeFor(request.method, request.url)?.upgrade?.(request, socket, head, root);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, close: () => void server.close() };
}
