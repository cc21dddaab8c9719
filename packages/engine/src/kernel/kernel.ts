import { Agenda, type Due } from './agenda.ts';
import type { Authorize, Client, Denial, Request } from './authorization.ts';
import { AwsError } from './aws-error.ts';
import type { Caller } from './caller.ts';
import { serviceCaller } from './caller.ts';
import type { Clock } from './clock.ts';
import type { Context } from './context.ts';
import type { Controller } from './controller.ts';
import { createContext, type Side } from './create-context.ts';
import type { EngineEvent, NewEvent } from './event-log.ts';
import type { Ids } from './ids.ts';
import { type Journal, storedRows } from './journal.ts';
import { parseScopeKey, type Scope } from './scope.ts';
import type { Root, Service } from './service.ts';
import { type ServiceName, serviceFacts } from './service-names.ts';
import { Store } from './store.ts';

/** More reconciles than this in one turn is two controllers undoing each other. */
const reconcilesPerTurn_max = 100_000;
/** A controller that failed looks at the same key again after this long: what it failed over may have gone. */
const afterBug_ms = 10_000;

export interface KernelOptions {
  readonly clock: Clock;
  readonly ids: Ids;
  readonly journal: Journal;
  readonly services: readonly Service[];
  /** Judges what users and roles ask for; without it everybody may do everything. */
  readonly authorize?: Authorize;
  /** What to do with a bug in a controller or effect: the lab throws, a running engine reports it and goes on. */
  onBug(error: unknown, where: string): void;
}

/**
 * Runs the control plane in turns. A turn is one request, one report from outside or one timer: its handler writes rows, controllers run until
 * nothing is left to do, the journal commits, and only then is it answered and do its effects start. Turns never overlap.
 */
export class Kernel implements Root {
  readonly options: KernelOptions;
  readonly #store = new Store();
  readonly #services: ReadonlyMap<ServiceName, Service>;
  readonly #agenda: Agenda;
  readonly #reports: (() => void)[] = [];
  readonly #effects: (() => void)[] = [];
  readonly #listeners = new Set<(event: EngineEvent) => void>();
  #events: EngineEvent[] = [];
  #sequence = 0;
  #scanned = 0;
  #running = false;
  #abandoned = false;
  #now = 0;

  constructor(options: KernelOptions) {
    this.options = options;
    this.#services = new Map(options.services.map((service) => [service.name, service]));
    this.#agenda = new Agenda(options.clock, this.#controllers, (due) =>
      this.#guard(`the timer of ${due.controller.name}`, () => this.#wakeNow(due)),
    );
  }

  /** Loads the state, lets services find again what was running, and has every controller look at every key once. */
  start(): void {
    this.#store.load(this.options.journal.load());
    this.#sequence = this.options.journal.events({ limit: 1 })[0]?.sequence ?? 0;
    for (const service of this.#services.values()) service.start?.(this);
    this.#turn(() => {
      for (const controller of this.#controllers)
        for (const { table, keys } of controller.watches)
          for (const { scope, id, row } of this.#store.all(table))
            for (const key of keys(row, id)) this.#agenda.wake(controller, scope, key);
    });
  }

  async stop(): Promise<void> {
    this.#agenda.cancelTimers();
    for (const service of this.#services.values()) await service.stop?.();
    this.options.journal.close();
  }

  /** Dies without a word, as by `kill -9`: no timer, report or turn of this kernel does anything any more. */
  abandon(): void {
    this.#agenda.cancelTimers();
    this.#abandoned = true;
  }

  service(name: ServiceName): Service | undefined {
    return this.#services.get(name);
  }

  get services(): readonly Service[] {
    return this.options.services;
  }

  /** A request from outside, answered when it is on disk. A waiting handler's answer is a promise. */
  request(
    name: ServiceName,
    operation: string,
    input: object,
    origin: { scope: Scope; caller: Caller; client?: Client },
  ): object | Promise<object> {
    const handler = this.#handler(name, operation);
    const context = createContext(this, origin.scope, origin.caller, 'inside');
    const denial = this.#judge({ service: name, operation, input, client: origin.client }, context);
    if (denial) {
      this.#turn(() => context.emit(denial.event));
      throw denial.error;
    }
    if ('waits' in handler) return handler.waits(input as never, context);
    return this.#turn(() => handler(input as never, context));
  }

  /**
   * A call from one service to another, within the running turn. What a failed call wrote is undone. What a handler needs of other
   * services is its own affair; what is asked as somebody else (`context.as`) is judged like a request of theirs.
   */
  call(name: ServiceName, operation: string, input: object, context: Context, side: Side): object {
    const handler = this.#handler(name, operation);
    if ('waits' in handler) throw new Error(`${name}.${operation} waits, so no service can call it within a turn`);
    const denial = side === 'outside' ? this.#judge({ service: name, operation, input }, context) : undefined;
    if (denial) {
      this.report(() => context.emit(denial.event));
      throw denial.error;
    }
    const own = side === 'outside' ? createContext(this, context.scope, context.caller, 'inside') : context;
    return this.attempt(() => handler(input as never, own));
  }

  #judge(request: Request, context: Context): Denial | undefined {
    const { kind } = context.caller;
    return kind === 'user' || kind === 'role' ? this.options.authorize?.(request, context) : undefined;
  }

  in(scope: Scope): Context {
    return this.context(scope, serviceCaller(scope.account, 'rockpool'));
  }

  scopes(): Scope[] {
    const keys = new Set<string>();
    for (const { table } of this.#controllers.flatMap((controller) => controller.watches))
      for (const { scope } of this.#store.all(table)) keys.add(scope);
    return [...keys].map(parseScopeKey);
  }

  context(scope: Scope, caller: Caller): Context {
    return createContext(this, scope, caller, 'outside');
  }

  // What contexts are made of.

  now(): number {
    return this.#running ? this.#now : this.options.clock.now();
  }

  storeIn(scope: Scope) {
    return this.#store.in(scope);
  }

  emit(event: NewEvent, scope: Scope, { kind, arn, cause, sourceArn }: Caller): void {
    const actor = { kind, arn, ...(cause ? { cause } : {}), ...(sourceArn ? { sourceArn } : {}) };
    this.#events.push({ sequence: ++this.#sequence, time: this.now(), ...scope, data: {}, ...event, actor });
  }

  after(action: () => void): void {
    this.#effects.push(action);
  }

  turn<T>(work: () => T): T {
    return this.#turn(work);
  }

  attempt<T>(work: () => T): T {
    const [mark, effects, events] = [this.#store.mark(), this.#effects.length, this.#events.length];
    try {
      return work();
    } catch (error) {
      this.#store.undoTo(mark);
      this.#effects.length = effects;
      this.#sequence -= this.#events.length - events;
      this.#events.length = events;
      throw error;
    }
  }

  report(work: () => void): void {
    if (this.#abandoned) return;
    if (this.#running) this.#reports.push(work);
    else this.#turn(work);
  }

  /** Hears every event once it is on disk. */
  onEvent(listener: (event: EngineEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #handler(name: ServiceName, operation: string) {
    const handler = this.#services.get(name)?.operations[operation];
    if (!handler) throw new AwsError('NotImplemented', `${name}.${operation} is not implemented here`, { status: 501 });
    return handler;
  }

  #turn<T>(work: () => T): T {
    if (this.#running) throw new Error('a turn cannot start within a turn; use report');
    this.#running = true;
    this.#now = this.options.clock.now();
    let effects: (() => void)[] = [];
    try {
      const answer = work();
      this.#settle();
      this.#commit();
      effects = this.#effects.splice(0);
      return answer;
    } catch (error) {
      this.#store.undoTo(0);
      this.#sequence -= this.#events.length;
      this.#events = [];
      this.#effects.length = 0;
      this.#agenda.clear();
      throw error;
    } finally {
      this.#scanned = 0;
      this.#running = false;
      this.#afterTurn(effects);
    }
  }

  #afterTurn(effects: readonly (() => void)[]): void {
    for (const effect of effects) this.#guard('an effect', effect);
    for (let report = this.#reports.shift(); report; report = this.#reports.shift())
      this.#guard('a report', () => this.#turn(report as () => void));
  }

  #guard(where: string, action: () => void): void {
    try {
      action();
    } catch (error) {
      this.options.onBug(error, where);
    }
  }

  #settle(): void {
    this.#noteChanges();
    let count = 0;
    for (const due of this.#agenda.take()) {
      if (++count > reconcilesPerTurn_max)
        throw new Error(`the controller ${due.controller.name} never settles (key ${due.key})`);
      this.#reconcile(due);
      this.#noteChanges();
    }
  }

  #noteChanges(): void {
    this.#agenda.noteChanges(this.#store.changesSince(this.#scanned));
    this.#scanned = this.#store.mark();
  }

  #reconcile(due: Due): void {
    const { controller, scope, key } = due;
    const principal = serviceFacts[controller.name.split('/')[0] as ServiceName]?.principal ?? controller.name;
    try {
      const context = this.context(scope, serviceCaller(scope.account, principal));
      this.#agenda.lookAgain(
        due,
        this.attempt(() => controller.reconcile(key, context)),
      );
    } catch (error) {
      this.#agenda.lookAgain(due, this.#now + afterBug_ms);
      this.options.onBug(error, `the controller ${controller.name} (key ${key})`);
    }
  }

  /** The time of something has come. A turn that fails (a full disk) must not be the last look at it. */
  #wakeNow(due: Due): void {
    if (this.#abandoned) return;
    try {
      this.#turn(() => this.#agenda.add(due));
    } catch (error) {
      if (!this.#abandoned) this.#agenda.lookAgain(due, this.options.clock.now() + afterBug_ms);
      throw error;
    }
  }

  get #controllers(): Controller[] {
    return this.options.services.flatMap((service) => service.controllers ?? []);
  }

  #commit(): void {
    const changes = this.#store.changesSince(0);
    const events = this.#events;
    if (changes.length === 0 && events.length === 0) return;
    this.options.journal.commit(storedRows(changes), events);
    // Only now: what could not be written is undone like the rest of its turn.
    this.#store.takeChanges();
    this.#events = [];
    this.after(() => {
      for (const event of events) for (const listener of this.#listeners) listener(event);
    });
  }
}
