import { Agent, createServer, type IncomingMessage, type RequestListener, request, type Server } from 'node:http';
import { connect, createServer as createTcpServer, type Socket, type Server as TcpServer } from 'node:net';
import { onTestFinished } from 'vitest';
import { DataPlane } from '../data-plane.ts';
import type { ProxyReport } from '../report.ts';
import type { Address, Listener, RoutingTable, Rule, Target, TargetGroup } from '../routing-table.ts';
import { sendProbe } from '../send-probe.ts';
import { startProxy, type TrafficProxy } from '../start-proxy.ts';

export interface ProxyWorld {
  readonly proxy: TrafficProxy;
  readonly reports: readonly ProxyReport[];
  /** Resolves with the first report, past or to come, that is meant. */
  reported<R extends ProxyReport>(isMeant: (report: ProxyReport) => report is R): Promise<R>;
}

/** A proxy for one test; it ends with the test. Without threads it runs in the test's own, which starts sooner. */
export function testProxy({ threads = 0 }: { threads?: number } = {}): ProxyWorld {
  const reports: ProxyReport[] = [];
  const waiting = new Set<(report: ProxyReport) => void>();
  const onReport = (report: ProxyReport): void => {
    reports.push(report);
    for (const hear of waiting) hear(report);
  };
  const proxy = threads === 0 ? inThisThread(onReport) : startProxy({ workers: threads, onReport });
  onTestFinished(() => proxy.close());
  const reported = <R extends ProxyReport>(isMeant: (report: ProxyReport) => report is R): Promise<R> =>
    new Promise((resolve) => {
      const known = reports.find(isMeant);
      if (known !== undefined) resolve(known);
      waiting.add((report) => {
        if (isMeant(report)) resolve(report);
      });
    });
  return { proxy, reports, reported };
}

function inThisThread(onReport: (report: ProxyReport) => void): TrafficProxy {
  const plane = new DataPlane(onReport);
  return {
    apply: (wanted) => plane.apply(wanted, { ports: {}, shared: false }),
    probe: (probe) => void sendProbe(probe).then(onReport),
    takeCounts: async () => plane.takeCounts(),
    inFlight: async (key) => plane.inFlight(key),
    close: async () => plane.close(),
  };
}

/** An application on a free port. */
export async function testApp(handler: RequestListener): Promise<{ address: Address; server: Server }> {
  const server = createServer(handler);
  const address = await listening(server);
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { address, server };
}

/** A target that speaks byte by byte as the test wants. */
export async function testTcp(
  onConnection: (socket: Socket) => void,
): Promise<{ address: Address; server: TcpServer }> {
  const sockets = new Set<Socket>();
  const server = createTcpServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    onConnection(socket);
  });
  const address = await listening(server);
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { address, server };
}

async function listening(server: TcpServer): Promise<Address> {
  await new Promise<void>((resolve) => server.listen({ host: '127.0.0.1', port: 0 }, resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('a test server must have a port');
  return { host: '127.0.0.1', port: address.port };
}

export const forwardTo = (...groups: string[]): Rule => ({
  id: 'default',
  priority: 0,
  conditions: [],
  action: { type: 'forward', targetGroups: groups.map((id) => ({ id, weight: 1 })) },
});

export function listener(settings: Partial<Listener> = {}): Listener {
  return {
    id: 'listener',
    loadBalancer: 'app/test',
    host: '127.0.0.1',
    port: 0,
    protocol: 'HTTP',
    idleTimeout_ms: 10_000,
    rules: [forwardTo('group')],
    ...settings,
  };
}

export function group(targets: readonly Target[], settings: Partial<TargetGroup> = {}): TargetGroup {
  return { id: 'group', algorithm: 'round_robin', slowStart_ms: 0, targets, ...settings };
}

export function target(address: Address, settings: Partial<Target> = {}): Target {
  return { id: `${address.host}:${address.port}`, address, state: 'healthy', ...settings };
}

export function table(version: number, parts: Partial<RoutingTable>): RoutingTable {
  return { version, listeners: [listener()], targetGroups: [], ...parts };
}

/** Applies a table that must bind its one listener, and gives its address. */
export async function applied(proxy: TrafficProxy, wanted: RoutingTable): Promise<Address> {
  const { listeners } = await proxy.apply(wanted);
  const [first] = listeners;
  if (first === undefined || first.error !== undefined) throw new Error(`not bound: ${first?.error?.message}`);
  return { host: first.host, port: first.port };
}

/** A proxy in front of targets that are all healthy. */
export async function balanced(
  addresses: readonly Address[],
  settings: { listener?: Partial<Listener>; group?: Partial<TargetGroup>; threads?: number } = {},
): Promise<ProxyWorld & { at: Address }> {
  const world = testProxy({ threads: settings.threads });
  const at = await applied(
    world.proxy,
    table(1, {
      listeners: [listener(settings.listener)],
      targetGroups: [
        group(
          addresses.map((address) => target(address)),
          settings.group,
        ),
      ],
    }),
  );
  return { ...world, at };
}

export async function bodyOf(message: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of message) pieces.push(piece);
  return Buffer.concat(pieces).toString('utf8');
}

/** A client that speaks byte by byte. */
export function rawClient(at: Address): RawClient {
  return new RawClient(at);
}

export class RawClient {
  readonly socket: Socket;
  #received = '';
  readonly #ended: Promise<void>;
  #wake: () => void = () => undefined;

  constructor({ host, port }: Address) {
    this.socket = connect({ host, port, allowHalfOpen: true });
    this.socket.on('data', (bytes) => {
      this.#received += bytes.toString('latin1');
      this.#wake();
    });
    this.socket.on('error', () => undefined);
    this.#ended = new Promise((resolve) => {
      this.socket.on('end', resolve);
      this.socket.on('close', () => resolve());
    });
    void this.#ended.then(() => this.#wake());
    onTestFinished(() => {
      this.socket.destroy();
    });
  }

  send(text: string): this {
    this.socket.write(text, 'latin1');
    return this;
  }

  /** All that came until the other side ended the connection. */
  async untilEnd(): Promise<string> {
    await this.#ended;
    return this.#received;
  }

  /** All that came until `text` was in it; fails when the connection ends before. */
  async until(text: string): Promise<string> {
    let ended = false;
    void this.#ended.then(() => {
      ended = true;
    });
    while (!this.#received.includes(text)) {
      if (ended)
        throw new Error(`the connection ended before ${JSON.stringify(text)}: ${JSON.stringify(this.#received)}`);
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    return this.#received;
  }
}

/** Clients that ask again as soon as they have their answer, until told to stop. */
export function load(
  at: Address,
  { clients, ...call }: { clients: number; path?: string; method?: string; body?: string },
): Load {
  const agent = new Agent({ keepAlive: true, maxSockets: clients });
  const answers = new Map<string, number>();
  let running = true;
  let wake: () => void = () => undefined;
  const note = (outcome: string): void => {
    answers.set(outcome, (answers.get(outcome) ?? 0) + 1);
    wake();
  };
  const work = Promise.all(
    Array.from({ length: clients }, async () => {
      while (running) note(await outcomeOf({ path: '/', ...call, at, agent }));
    }),
  );
  onTestFinished(() => agent.destroy());
  return {
    answers,
    async answered(count) {
      const total = (): number => [...answers.values()].reduce((sum, each) => sum + each, 0);
      const wanted = total() + count;
      while (total() < wanted) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
    async stop() {
      running = false;
      await work;
    },
  };
}

export interface Load {
  /** How many answers there were of each kind: `200 body`, or the error. */
  readonly answers: ReadonlyMap<string, number>;
  /** Resolves when that many more answers have come. */
  answered(count: number): Promise<void>;
  stop(): Promise<void>;
}

/** One request as `200 body`, or the error it ended in. */
export function outcomeOf(options: {
  at: Address;
  path: string;
  agent?: Agent;
  method?: string;
  body?: string;
}): Promise<string> {
  const { at, path, agent, method = 'GET', body } = options;
  return new Promise((resolve) => {
    const call = request({ host: at.host, port: at.port, path, agent: agent ?? false, method }, (answer) => {
      bodyOf(answer).then(
        (text) => resolve(`${answer.statusCode} ${text}`),
        (error) => resolve(String(error)),
      );
    });
    call.on('error', (error) => resolve(String(error)));
    call.end(body);
  });
}

/** A promise and the means to keep it: holds a target's answer back until the test says go. */
export function latch(): { readonly opened: Promise<void>; open(): void } {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}
