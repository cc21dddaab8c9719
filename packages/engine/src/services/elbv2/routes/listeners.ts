import { type IncomingMessage, type ServerResponse, request as sendRequest } from 'node:http';
import { connect } from 'node:net';
import type { HttpRoute, Root } from '../../../kernel/service.ts';
import { listenerAddresses, listeners, loadBalancers } from '../model.ts';

/** One listener with where it can be reached on this machine. */
export interface ReachableListener {
  readonly loadBalancer: string;
  readonly dnsName: string;
  readonly listenerArn: string;
  /** The port of the definition, and the address that really answers. */
  readonly port: number;
  readonly address: string;
}

function reachable(root: Root): ReachableListener[] {
  return root.scopes().flatMap((scope) => {
    const { store } = root.in(scope);
    return store
      .table(listenerAddresses)
      .list((one) => one.port > 0)
      .flatMap(({ listenerArn, host, port }) => {
        const listener = store.table(listeners).get(listenerArn);
        const balancer = listener && store.table(loadBalancers).get(listener.LoadBalancerArn);
        return balancer
          ? [
              {
                loadBalancer: balancer.LoadBalancerName,
                dnsName: balancer.DNSName,
                listenerArn,
                port: listener.Port,
                address: `http://${host}:${port}`,
              },
            ]
          : [];
      });
  });
}

/** `GET /_rockpool/listeners`: which loopback address stands for which listener. */
export const listenersRoute: HttpRoute = {
  name: 'listener addresses',
  matches: ({ method, path }) => method === 'GET' && path === '/_rockpool/listeners',
  handle(_, response, root) {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(`${JSON.stringify({ listeners: reachable(root) })}\n`);
  },
};

/** Requests to a balancer's DNS name on the engine's own port, which browsers and curl find by themselves: passed on to its first HTTP listener. */
export const hostRoute: HttpRoute = {
  name: 'load balancers by host name',
  matches: ({ host }) => /\.elb\.localhost(:\d+)?$/i.test(host),
  handle(request, response, root) {
    const target = addressFor(request, root);
    if (!target) {
      response.writeHead(503, { 'content-type': 'text/plain' }).end('no listener answers for this load balancer\n');
      return;
    }
    passOn(request, response, target);
  },
  upgrade(request, socket, head, root) {
    const target = addressFor(request, root);
    if (!target) return void socket.destroy();
    const { hostname, port } = new URL(target.address);
    const upstream = connect(Number(port), hostname, () => {
      const lines = Array.from(
        { length: request.rawHeaders.length / 2 },
        (_, index) => `${request.rawHeaders[index * 2]}: ${request.rawHeaders[index * 2 + 1]}`,
      );
      upstream.write(`${request.method} ${request.url} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`);
      upstream.write(head);
      socket.pipe(upstream).pipe(socket);
    });
    upstream.on('error', () => socket.destroy());
    socket.on('error', () => upstream.destroy());
    return undefined;
  },
};

function addressFor(request: IncomingMessage, root: Root): ReachableListener | undefined {
  const name = (request.headers.host ?? '').replace(/:\d+$/, '').toLowerCase();
  const own = reachable(root).filter((one) => one.dnsName === name);
  return own.find((one) => one.port === 80) ?? own[0];
}

function passOn(request: IncomingMessage, response: ServerResponse, { address }: ReachableListener): void {
  const { hostname, port } = new URL(address);
  const upstream = sendRequest(
    { hostname, port, method: request.method, path: request.url, headers: request.headers },
    (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    },
  );
  upstream.on('error', () => (response.headersSent ? response.destroy() : response.writeHead(502).end()));
  request.pipe(upstream);
  response.on('close', () => upstream.destroy());
}
