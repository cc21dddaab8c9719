import { type Connection, openConnection, type Reply } from './connection.ts';
import type { CounterBook } from './counters.ts';
import { createPause } from './pause.ts';

/** A client as the load's filters see it. */
export interface ClientView {
  readonly name: string;
  /** The container it is on: the one that answered last. */
  readonly server?: string;
  readonly holding: boolean;
  readonly resting: boolean;
  /** On its way to another container: what it holds it is about to return. */
  readonly moving: boolean;
}

export interface ClientSettings {
  readonly name: string;
  readonly url: string;
  readonly feature: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Real milliseconds until the first request, and between two. */
  readonly start_ms: number;
  readonly heartbeat_ms: number;
  /** How many heartbeats a licence is held for. Asked at each checkout. */
  readonly heartbeats: () => number;
  readonly counters: CounterBook;
}

type Wish = 'hold' | 'rest' | 'end';

/** A user at work: checks a licence out, keeps it by heartbeats, now and then returns it and takes another. */
export class LoadClient {
  readonly #settings: ClientSettings;
  readonly #connection: Connection;
  readonly #caller: ReturnType<typeof createCaller>;
  readonly #pause = createPause();
  readonly #ended: Promise<void>;
  #wish: Wish = 'hold';
  #moving = false;
  #token: string | undefined;
  #heartbeatsLeft = 0;
  /** Resolved when the licence is back after a release. */
  #idle = Promise.withResolvers<void>();

  /** The client begins at once. */
  constructor(settings: ClientSettings) {
    this.#settings = settings;
    this.#connection = openConnection(settings.url, settings.headers);
    this.#caller = createCaller(settings, this.#connection);
    this.#ended = this.#live();
  }

  view(): ClientView {
    const [holding, resting] = [this.#token !== undefined, this.#wish === 'rest'];
    return { name: this.#settings.name, server: this.#caller.server(), holding, resting, moving: this.#moving };
  }

  /** Returns the licence and asks nothing until resumed. Resolves when it is returned. */
  release(): Promise<void> {
    if (this.#wish === 'hold') this.#idle = Promise.withResolvers();
    this.#want('rest');
    return this.#idle.promise;
  }

  /** Takes a licence again. */
  resume(): void {
    this.#want('hold');
  }

  /** Returns the licence and comes back as a new client, which the load balancer may place anywhere. */
  rebalance(): void {
    this.#moving = true;
    this.#pause.wake();
  }

  /** Returns the licence and leaves. */
  end(): Promise<void> {
    this.#want('end');
    this.#idle.resolve();
    return this.#ended;
  }

  /** Leaving is for good. */
  #want(wish: Wish): void {
    if (this.#wish !== 'end') this.#wish = wish;
    this.#pause.wake();
  }

  async #live(): Promise<void> {
    await this.#pause.wait(this.#settings.start_ms);
    while (this.#wish !== 'end') {
      if (this.#wish === 'rest') await this.#rest();
      else await this.#work();
    }
    await this.#giveBack();
    this.#connection.close();
  }

  async #rest(): Promise<void> {
    await this.#giveBack();
    this.#idle.resolve();
    // Whoever changed the wish meanwhile has also woken the pause.
    await this.#pause.wait(Number.POSITIVE_INFINITY);
  }

  async #work(): Promise<void> {
    if (this.#moving || this.#heartbeatsLeft === 0) await this.#giveBack();
    if (this.#token === undefined) await this.#take();
    else if (await this.#caller.heartbeat(this.#token)) this.#heartbeatsLeft -= 1;
    else this.#token = undefined;
    if (this.#wish === 'hold' && !this.#moving) await this.#pause.wait(this.#settings.heartbeat_ms);
  }

  async #take(): Promise<void> {
    if (this.#moving) this.#connection.renew();
    this.#moving = false;
    this.#heartbeatsLeft = this.#settings.heartbeats();
    this.#token = await this.#caller.checkout();
  }

  async #giveBack(): Promise<void> {
    const token = this.#token;
    this.#token = undefined;
    if (token !== undefined) await this.#caller.checkin(token);
  }
}

/** Sends the three requests and counts what became of them. */
function createCaller({ name, feature, counters }: ClientSettings, connection: Connection) {
  let server: string | undefined;

  const post = async (path: string, body: object): Promise<Reply | undefined> => {
    const started = performance.now();
    counters.count('requests');
    const failed = (reason: string, status?: number) =>
      counters.fail({ at: new Date().toISOString(), client: name, request: `POST ${path}`, server, status, reason });
    try {
      const reply = await connection.post(path, body);
      counters.took(performance.now() - started);
      if (server !== undefined && reply.server !== undefined && reply.server !== server) counters.count('moves');
      server = reply.server ?? server;
      const isDenied = path === '/checkout' && reply.status === 409;
      if (isDenied) counters.count('denied');
      else if (reply.status < 200 || reply.status > 299) failed(reply.body.slice(0, 500), reply.status);
      return reply;
    } catch (error) {
      failed(error instanceof Error ? `${'code' in error ? `${error.code}: ` : ''}${error.message}` : String(error));
      return undefined;
    }
  };

  return {
    server: () => server,
    /** The token, or undefined without a licence. */
    async checkout(): Promise<string | undefined> {
      const reply = await post('/checkout', { feature, client: name });
      if (reply?.status !== 201) return undefined;
      counters.count('checkouts');
      return JSON.parse(reply.body).token;
    },
    /** False when the licence is lost; a heartbeat that found nobody leaves it as it is. */
    async heartbeat(token: string): Promise<boolean> {
      counters.count('heartbeats');
      const reply = await post('/heartbeat', { token });
      return reply?.status !== 410;
    },
    async checkin(token: string): Promise<void> {
      counters.count('checkins');
      await post('/checkin', { token });
    },
  };
}
