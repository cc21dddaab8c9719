import type { Authorize } from '../kernel/authorization.ts';
import { rootCaller } from '../kernel/caller.ts';
import { VirtualClock } from '../kernel/clock.ts';
import type { Context } from '../kernel/context.ts';
import type { EngineEvent } from '../kernel/event-log.ts';
import { seededIds } from '../kernel/ids.ts';
import type { Journal } from '../kernel/journal.ts';
import { Kernel } from '../kernel/kernel.ts';
import type { ServiceCaller } from '../kernel/operation.ts';
import type { Scope } from '../kernel/scope.ts';
import type { Service } from '../kernel/service.ts';
import { type Callers, type ServiceName, serviceFacts } from '../kernel/service-names.ts';
import { memoryJournal } from './memory.ts';

export const labScope: Scope = { account: '000000000000', region: 'us-east-1' };

/** The engine under a virtual clock, with every service's operations at hand: `lab.ecs.createService({...})`, then `lab.advance('2m')`. */
export type Lab = Callers & {
  readonly kernel: Kernel;
  readonly clock: VirtualClock;
  /** For looking at rows and addresses outside of turns. */
  readonly context: Context;
  /** Moves time on: a number of milliseconds, or `'90s'`, `'2m'`, `'1h'`. */
  advance(duration: number | string): void;
  events(type?: string): EngineEvent[];
  /** As after `kill -9` and a new start: what was committed is there, nothing else of the engine. Time and the outside world (simulated runtimes) go on. */
  restart(): Lab;
};

const units_ms = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

export function duration_ms(duration: number | string): number {
  if (typeof duration === 'number') return duration;
  const [, amount = '', unit = ''] = /^([\d.]+)(ms|s|m|h|d)$/.exec(duration) ?? [];
  const factor = units_ms[unit as keyof typeof units_ms];
  if (!factor) throw new Error(`not a duration: ${duration}`);
  return Number(amount) * factor;
}

export interface LabOptions {
  readonly seed?: number;
  /** Makes the services; called again at a restart, since services hold what is in memory. What must outlive the engine (a simulated runtime) is made outside. */
  readonly services: () => readonly Service[];
  readonly clock?: VirtualClock;
  readonly journal?: Journal;
  /** Judges what users and roles ask for; without it they may do everything. */
  readonly authorize?: Authorize;
}

export function startLab(options: LabOptions): Lab {
  const clock = options.clock ?? new VirtualClock();
  const journal = options.journal ?? memoryJournal();
  const kernel = new Kernel({
    clock,
    journal,
    ids: seededIds((options.seed ?? 1) + (journal.events({ limit: 1 })[0]?.sequence ?? 0)),
    services: options.services(),
    ...(options.authorize ? { authorize: options.authorize } : {}),
    onBug(error) {
      throw error;
    },
  });
  kernel.start();
  const caller = rootCaller(labScope.account);
  const context = kernel.context(labScope, caller);
  const lab = {
    kernel,
    clock,
    context,
    advance: (duration: number | string) => clock.advance(duration_ms(duration)),
    events: (type?: string) =>
      journal.events({ after: 0, limit: 1_000_000 }).filter((event) => !type || event.type === type),
    restart: () => {
      kernel.abandon();
      return startLab({ ...options, clock, journal });
    },
  };
  return Object.assign(
    lab,
    Object.fromEntries(
      (Object.keys(serviceFacts) as ServiceName[]).map((name) => [name, requests(kernel, name, caller)]),
    ),
  ) as unknown as Lab;
}

/** A service's operations, each a request of its own from outside. */
function requests(kernel: Kernel, name: ServiceName, caller: ReturnType<typeof rootCaller>): ServiceCaller<never> {
  const request = (operation: string) => (input: object) =>
    kernel.request(name, operation.charAt(0).toUpperCase() + operation.slice(1), input, { scope: labScope, caller });
  return new Proxy(
    {},
    { get: (_, operation) => (typeof operation === 'string' ? request(operation) : undefined) },
  ) as ServiceCaller<never>;
}
