import type { AppliedListener, RoutingTable, TargetKey } from '@rockpool/proxy';
import { addresses, addressKey } from '../../../kernel/addresses.ts';
import type { Context } from '../../../kernel/context.ts';
import { type Controller, watch } from '../../../kernel/controller.ts';
import { scopeKey } from '../../../kernel/scope.ts';
import type { DataPlane } from '../data-plane.ts';
import { listenerAddresses, listeners, loadBalancers, rules, targetGroups, targetKey, targets } from '../model.ts';
import { inOrder } from '../operations/rules.ts';
import { type Part, planRouting } from './plan-routing.ts';

/**
 * Keeps the data plane's table equal to the rows. There is one data plane and one table for all scopes; each scope has its part of it.
 * While one table is being applied changes gather for the next.
 */
export class Routing {
  readonly #dataPlane: DataPlane;
  readonly #parts = new Map<string, { part: Part; context: Context }>();
  /** Since which table each target has been draining: what the data plane says of an older one no longer counts. */
  readonly #drainingSince = new Map<string, number>();
  #version = 0;
  #applying = false;
  #waiting = false;

  constructor(dataPlane: DataPlane) {
    this.#dataPlane = dataPlane;
    dataPlane.onIdle((idle) => this.#idle(idle));
  }

  readonly controller: Controller = {
    name: 'elbv2/routing',
    watches: [loadBalancers, targetGroups, listeners, rules, targets, addresses, listenerAddresses].map((table) =>
      watch<unknown, string>(table as never, () => 'table'),
    ),
    reconcile: (_, context) => {
      this.#parts.set(scopeKey(context.scope), { part: planRouting(worldOf(context)), context });
      context.after(() => this.#apply());
      return undefined;
    },
  };

  #apply(): void {
    this.#waiting = this.#applying;
    if (this.#applying) return;
    this.#applying = true;
    const table = this.#table();
    this.#dataPlane.apply(table, (applied) => {
      this.#applying = false;
      this.#noteAddresses(applied);
      if (this.#waiting) this.#apply();
    });
  }

  #table(): RoutingTable {
    this.#version += 1;
    const parts = [...this.#parts.values()].map(({ part }) => part);
    const targetGroups = parts.flatMap((part) => part.targetGroups);
    const draining = new Set(
      targetGroups.flatMap((group) =>
        group.targets.filter((target) => target.state === 'draining').map((target) => `${group.id}|${target.id}`),
      ),
    );
    for (const key of this.#drainingSince.keys()) if (!draining.has(key)) this.#drainingSince.delete(key);
    for (const key of draining) if (!this.#drainingSince.has(key)) this.#drainingSince.set(key, this.#version);
    return { version: this.#version, listeners: parts.flatMap((part) => part.listeners), targetGroups };
  }

  /** Keeps where each listener was bound. A port that somebody else has meanwhile is given up for another. */
  #noteAddresses(applied: readonly AppliedListener[]): void {
    for (const { context } of this.#parts.values()) {
      const rows = context.store.table(listenerAddresses);
      const own = applied.filter(({ id }) => context.store.table(listeners).get(id));
      const news = own.filter((one) => one.error || rows.get(one.id)?.port !== one.port);
      if (news.length > 0)
        context.report((turn) => {
          for (const one of news) noteAddress(one, turn);
        });
    }
  }

  /** A draining target has nothing in flight any more. It shows as draining all the same until its delay is over. */
  #idle({ targetGroup, target, version }: TargetKey & { version: number }): void {
    const since = this.#drainingSince.get(`${targetGroup}|${target}`);
    if (since === undefined || version < since) return;
    const [id = '', port = ''] = target.split(':');
    const key = targetKey({ group: targetGroup, id, port: Number(port) });
    for (const { context } of this.#parts.values()) context.report((turn) => noteIdle(key, turn));
  }
}

function noteIdle(key: string, context: Context): void {
  const target = context.store.table(targets).get(key);
  if (target?.state !== 'draining' || target.idleAt !== undefined) return;
  context.store.table(targets).put(key, { ...target, idleAt: context.now });
  const { id, port, group } = target;
  context.emit({
    type: 'elbv2/target-drained',
    subject: group,
    message: `target ${id}:${port} has no request in flight any more`,
    data: { target: id, port, drained_ms: context.now - target.since },
  });
}

function noteAddress({ id, host, port, error }: AppliedListener, context: Context): void {
  const rows = context.store.table(listenerAddresses);
  const listener = context.store.table(listeners).get(id);
  if (!listener) return;
  const before = rows.get(id);
  rows.put(id, { listenerArn: id, host, port: error ? 0 : port });
  if (error) {
    const data = { host, port, code: error.code };
    context.emit({
      type: 'elbv2/listener-not-bound',
      subject: id,
      message: `the listener could not be bound to ${host}:${port} (${error.code}); another port is taken`,
      data,
    });
  } else if (before?.port !== port)
    context.emit({
      type: 'elbv2/listener-bound',
      subject: id,
      message: `the listener of port ${listener.Port} answers at ${host}:${port}`,
      data: { host, port },
    });
}

function worldOf({ store, speed }: Context): Parameters<typeof planRouting>[0] {
  return {
    speed,
    loadBalancers: store.table(loadBalancers).list(),
    listeners: store.table(listeners).list(),
    rulesOf: (arn) => inOrder(store.table(rules).by('listener', arn)),
    targetGroups: store.table(targetGroups).list(),
    targetsOf: (arn) => store.table(targets).by('group', arn),
    addressOf: (id, port) => store.table(addresses).get(addressKey(id, port)),
    listenerAddressOf: (arn) => store.table(listenerAddresses).get(arn),
  };
}
