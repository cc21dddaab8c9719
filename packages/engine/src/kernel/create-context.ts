import type { Caller } from './caller.ts';
import { serviceCaller } from './caller.ts';
import type { Context } from './context.ts';
import type { NewEvent } from './event-log.ts';
import type { Kernel } from './kernel.ts';
import type { Scope } from './scope.ts';
import { type ServiceName, serviceFacts } from './service-names.ts';

/** Whether a context is a handler's own, or that of somebody who asks handlers. */
export type Side = 'inside' | 'outside';

/** The world as one scope and caller see it. The services' operations are getters on its prototype, so that a context costs next to nothing to make. */
class KernelContext {
  // Not a #private name: what is derived from a context (Object.create) must work too.
  private readonly kernel: Kernel;
  private readonly side: Side;
  readonly scope: Scope;
  readonly caller: Caller;
  readonly store;

  constructor(kernel: Kernel, scope: Scope, caller: Caller, side: Side) {
    this.kernel = kernel;
    this.side = side;
    this.scope = scope;
    this.caller = caller;
    this.store = kernel.storeIn(scope);
  }

  static {
    for (const name of Object.keys(serviceFacts) as ServiceName[])
      Object.defineProperty(KernelContext.prototype, name, {
        get(this: KernelContext) {
          const operations = operationsOf(this.kernel, name, this as unknown as Context, this.side);
          Object.defineProperty(this, name, { value: operations, enumerable: false });
          return operations;
        },
      });
  }

  get now(): number {
    return this.kernel.now();
  }
  get speed(): number {
    return this.kernel.options.clock.speed;
  }
  get ids() {
    return this.kernel.options.ids;
  }
  // Arrow functions, so that `({ after, emit })` may be taken out of a context.
  readonly emit = (event: NewEvent): void => this.kernel.emit(event, this.scope, this.caller);
  readonly after = (action: () => void): void => this.kernel.after(action);
  readonly report = (work: (context: Context) => void): void => this.kernel.report(() => work(this.self));
  readonly turn = <T>(work: (context: Context) => T): T => this.kernel.turn(() => work(this.self));
  readonly attempt = <T>(work: () => T): T => this.kernel.attempt(work);
  readonly in = (scope: Partial<Scope>): Context =>
    createContext(this.kernel, { ...this.scope, ...scope }, this.caller, this.side);
  readonly as = (caller: Caller): Context => createContext(this.kernel, this.scope, caller, 'outside');

  private get self(): Context {
    return this as unknown as Context;
  }
}

export const createContext = (kernel: Kernel, scope: Scope, caller: Caller, side: Side): Context =>
  new KernelContext(kernel, scope, caller, side) as unknown as Context;

/** A service's operations as functions, called in the same turn, by the same caller. */
function operationsOf(kernel: Kernel, name: ServiceName, context: Context, side: Side): object {
  const call = (operation: string) => (input: object) =>
    kernel.call(name, operation.charAt(0).toUpperCase() + operation.slice(1), input, context, side);
  return new Proxy({}, { get: (_, operation) => (typeof operation === 'string' ? call(operation) : undefined) });
}

/** A context in which the service acts by itself, or on behalf of a resource of its own. */
export const asService = (context: Context, name: ServiceName, sourceArn?: string): Context =>
  context.as(serviceCaller(context.scope.account, serviceFacts[name].principal, sourceArn));
