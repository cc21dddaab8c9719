import { planTable, type TableStep } from './plan-table.ts';
import type { Balancer } from './relay/balancer.ts';
import { OpenListener } from './relay/open-listener.ts';
import { UpstreamGroup } from './relay/upstream-group.ts';
import type { UpstreamTarget } from './relay/upstream-target.ts';
import type { Applied, AppliedListener, Counts, ProxyReport } from './report.ts';
import type { Listener, RoutingTable, TargetGroup, TargetKey } from './routing-table.ts';

/** How listeners are bound. */
export interface Binding {
  /** Ports other workers have bound already, by listener. */
  readonly ports: Readonly<Record<string, number>>;
  /** Several workers share each port. */
  readonly shared: boolean;
}

/** The traffic of one worker: listeners, groups and targets as the newest table wants them. */
export class DataPlane {
  readonly #listeners = new Map<string, OpenListener>();
  /** Closed listeners with requests still in flight, or with counts nobody has taken yet. */
  readonly #retired = new Set<OpenListener>();
  readonly #groups = new Map<string, UpstreamGroup>();
  #targetGroups: readonly TargetGroup[] = [];
  #version = 0;
  readonly #balancer: Balancer;
  #countedAt_ms: number;

  constructor(report: (report: ProxyReport) => void) {
    this.#balancer = systemBalancer(this.#groups, report);
    this.#countedAt_ms = this.#balancer.elapsed();
  }

  /** From here on every request follows the new table; resolves when its listeners are bound or known not to be. */
  async apply(table: RoutingTable, binding: Binding): Promise<Applied> {
    const standing = {
      listeners: [...this.#listeners.values()].map(({ settings }) => settings),
      targetGroups: this.#targetGroups,
    };
    this.#version = table.version;
    const removed: UpstreamTarget[] = [];
    const opening: Promise<AppliedListener>[] = [];
    for (const step of planTable(standing, table)) this.#take(step, { binding, removed, opening });
    this.#targetGroups = table.targetGroups;
    // Only now, with the whole table in force, is anyone told that a request is lost.
    for (const target of removed) target.remove();
    const opened = await Promise.all(opening);
    const listeners = table.listeners.map((listener) => this.#applied(listener, opened));
    return { version: table.version, listeners };
  }

  inFlight({ targetGroup, target }: TargetKey): number {
    return this.#groups.get(targetGroup)?.target(target)?.inFlight ?? 0;
  }

  takeCounts(): Counts {
    const now_ms = this.#balancer.elapsed();
    const parts = [...this.#listeners.values(), ...this.#retired].map((listener) => listener.takeCounts());
    for (const listener of this.#retired) if (listener.openConnections === 0) this.#retired.delete(listener);
    const period_ms = now_ms - this.#countedAt_ms;
    this.#countedAt_ms = now_ms;
    return {
      period_ms,
      listeners: parts.map(({ listener }) => listener),
      targets: parts.flatMap(({ targets }) => targets),
    };
  }

  /** Ends everything at once. */
  close(): void {
    for (const listener of [...this.#listeners.values(), ...this.#retired]) listener.destroy();
    for (const group of this.#groups.values()) for (const target of group.targets()) target.remove();
    this.#listeners.clear();
    this.#retired.clear();
    this.#groups.clear();
  }

  #take(
    step: TableStep,
    { binding, removed, opening }: { binding: Binding; removed: UpstreamTarget[]; opening: Promise<AppliedListener>[] },
  ): void {
    switch (step.do) {
      case 'add-group':
        this.#groups.set(step.group.id, new UpstreamGroup(step.group, this.#onTargetIdle));
        break;
      case 'add-target':
        this.#groups.get(step.group)?.addTarget(step.target);
        break;
      case 'change-target':
        this.#groups.get(step.group)?.changeTarget(step.target);
        break;
      case 'remove-target': {
        const target = this.#groups.get(step.group)?.takeTarget(step.target);
        if (target !== undefined) removed.push(target);
        break;
      }
      case 'settle-group':
        this.#groups.get(step.group.id)?.settle(step.group);
        break;
      case 'remove-group':
        this.#groups.delete(step.group);
        break;
      case 'change-listener':
        this.#listeners.get(step.listener.id)?.change(step.listener);
        break;
      case 'close-listener':
        this.#closeListener(step.listener);
        break;
      case 'open-listener':
        opening.push(this.#openListener(step.listener, binding));
        break;
    }
  }

  #closeListener(id: string): void {
    const listener = this.#listeners.get(id);
    if (listener === undefined) return;
    this.#listeners.delete(id);
    this.#retired.add(listener);
    listener.retire();
  }

  async #openListener(settings: Listener, binding: Binding): Promise<AppliedListener> {
    const listener = new OpenListener(settings, this.#balancer);
    const { id, host } = settings;
    try {
      await listener.open({
        port: binding.ports[id] ?? settings.port,
        shared: binding.shared,
        first: !(id in binding.ports),
      });
      this.#listeners.set(id, listener);
      return { id, host, port: listener.port };
    } catch (error) {
      return { id, host, port: settings.port, error: bindError(error) };
    }
  }

  #applied({ id, host, port }: Listener, opened: readonly AppliedListener[]): AppliedListener {
    const fresh = opened.find((listener) => listener.id === id);
    return fresh ?? { id, host, port: this.#listeners.get(id)?.port ?? port };
  }

  readonly #onTargetIdle = (target: UpstreamTarget): void => {
    this.#balancer.report({ kind: 'target-idle', ...target.key, version: this.#version });
  };
}

function bindError(error: unknown): { code: string; message: string } {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'UNKNOWN';
  return { code, message: error instanceof Error ? error.message : String(error) };
}

function systemBalancer(groups: ReadonlyMap<string, UpstreamGroup>, report: (report: ProxyReport) => void): Balancer {
  let dated_s = 0;
  let date = '';
  return {
    groups,
    report,
    now: () => Date.now(),
    elapsed: () => performance.now(),
    random: () => Math.random(),
    date() {
      const now_ms = Date.now();
      const now_s = Math.floor(now_ms / 1000);
      if (now_s !== dated_s) {
        dated_s = now_s;
        date = new Date(now_ms).toUTCString();
      }
      return date;
    },
  };
}
