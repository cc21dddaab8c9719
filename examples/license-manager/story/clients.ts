import type { Claim } from '../app/token.ts';
import type { Balancer } from './balancer.ts';
import type { LicenceServer } from './licence-server.ts';
import type { StoryTime } from './story-time.ts';

/** A request that did not go well. */
export interface Failure {
  readonly at: number;
  readonly request: string;
  readonly server: string | undefined;
  readonly reason: string;
}

interface Client {
  readonly name: string;
  wish: 'hold' | 'rest';
  /** The target that its cookie binds it to. */
  bound: string | undefined;
  /** The task that answered last. */
  server: string | undefined;
  claim: Claim | undefined;
  holdUntil: number;
}

export interface ClientsParts {
  readonly time: StoryTime;
  readonly balancer: Balancer;
  /** In [0, 1). */
  random(): number;
}

const heartbeat_ms = 10_000;

/** Users at work: each checks a licence out, keeps it by heartbeats, gives it back after a while and takes another. */
export class Clients {
  readonly failures: Failure[] = [];
  requests = 0;
  denied = 0;
  /** Whether a client that takes a new licence comes as a new one, which the load balancer may place anywhere. */
  roaming = true;
  readonly #parts: ClientsParts;
  readonly #clients: Client[] = [];
  #licences = 0;

  constructor(parts: ClientsParts) {
    this.#parts = parts;
  }

  working(): number {
    return this.#clients.filter(({ wish }) => wish === 'hold').length;
  }

  /** More clients, which begin over a while. */
  add(count: number, over_ms: number): void {
    const { time, random } = this.#parts;
    for (let one = 0; one < count; one += 1) {
      const name = `client-${this.#clients.length + 1}`;
      const client: Client = {
        ...{ name, wish: 'hold', bound: undefined, server: undefined, claim: undefined, holdUntil: 0 },
      };
      this.#clients.push(client);
      time.after(Math.floor(random() * over_ms), () => this.#work(client));
    }
  }

  /** Clients, of one task or of all, give their licences back and rest: all but some. */
  rest({ but, on }: { readonly but: number; readonly on?: string }): void {
    const working = this.#clients.filter(({ wish, server }) => wish === 'hold' && (on === undefined || server === on));
    for (const client of working.slice(but)) client.wish = 'rest';
  }

  /** The clients that came last give their licences back and rest. */
  restLast(count: number): void {
    for (const client of this.#clients.slice(-count)) client.wish = 'rest';
  }

  /** Resting clients go on, as new ones. */
  resume(count: number): void {
    for (const client of this.#clients.filter(({ wish }) => wish === 'rest').slice(0, Math.max(0, count))) {
      client.wish = 'hold';
      client.bound = undefined;
    }
  }

  /** How many licences the clients hold on each task, as they see it. */
  holding(): Map<string, number> {
    const held = new Map<string, number>();
    for (const { claim, server = '' } of this.#clients) if (claim) held.set(server, (held.get(server) ?? 0) + 1);
    return held;
  }

  /** One round of a client; the next follows after the answer. */
  #work(client: Client): void {
    const { claim } = client;
    if (claim && (client.wish === 'rest' || this.#parts.time.now() >= client.holdUntil)) this.#checkin(client, claim);
    else if (claim) this.#heartbeat(client, claim);
    else if (client.wish === 'hold') this.#checkout(client);
    else this.#again(client);
  }

  #again(client: Client): void {
    this.#parts.time.after(heartbeat_ms, () => this.#work(client));
  }

  #checkout(client: Client): void {
    const { time, random } = this.#parts;
    if (this.roaming) client.bound = undefined;
    const claim: Claim = {
      ...{ id: `licence-${++this.#licences}`, feature: 'cad', client: client.name },
      ...{ issuer: '', checkedOutAt: time.now() },
    };
    const heard = ({ outcome }: ReturnType<LicenceServer['checkout']>) => {
      if (outcome === 'granted') {
        client.claim = claim;
        client.holdUntil = time.now() + 90_000 + Math.floor(random() * 150_000);
      } else if (outcome === 'denied') this.denied += 1;
      else this.#fail('checkout', client.server, outcome);
    };
    this.#send(client, 'checkout', (server) => server.checkout(claim), heard);
  }

  #heartbeat(client: Client, claim: Claim): void {
    const heard = ({ outcome }: ReturnType<LicenceServer['heartbeat']>) => {
      if (outcome !== 'returned') return;
      this.#fail('heartbeat', client.server, 'the licence was taken away');
      client.claim = undefined;
    };
    this.#send(client, 'heartbeat', (server) => server.heartbeat(claim), heard);
  }

  #checkin(client: Client, claim: Claim): void {
    client.claim = undefined;
    this.#send(
      client,
      'checkin',
      (server) => server.checkin(claim),
      () => {},
    );
  }

  #send<T>(client: Client, request: string, ask: (server: LicenceServer) => T, heard: (answer: T) => void): void {
    const { balancer, random } = this.#parts;
    this.requests += 1;
    balancer.send<T>({
      bound: client.bound,
      // Most answers take no time worth a thought; some take long enough to be under way when things change,
      // but never longer than a server that closes gives them.
      takes_ms: random() < 0.9 ? 0 : 20 + Math.floor(random() ** 3 * 2500),
      ask,
      done: (reply, bound) => {
        client.bound = bound;
        if (reply.ok) {
          client.server = reply.server;
          heard(reply.answer);
        } else this.#fail(request, reply.server ?? client.server, reply.reason);
        this.#again(client);
      },
    });
  }

  #fail(request: string, server: string | undefined, reason: string): void {
    this.failures.push({ at: this.#parts.time.now(), request, server, reason });
  }
}
