import type { Listener, RoutingTable, Target, TargetGroup } from './routing-table.ts';

/** One thing to do on the way from one table to the next. */
export type TableStep =
  | { readonly do: 'add-group'; readonly group: TargetGroup }
  | { readonly do: 'add-target'; readonly group: string; readonly target: Target }
  | { readonly do: 'change-target'; readonly group: string; readonly target: Target }
  | { readonly do: 'remove-target'; readonly group: string; readonly target: string }
  | { readonly do: 'settle-group'; readonly group: TargetGroup }
  | { readonly do: 'remove-group'; readonly group: string }
  | { readonly do: 'change-listener'; readonly listener: Listener }
  | { readonly do: 'close-listener'; readonly listener: string }
  | { readonly do: 'open-listener'; readonly listener: Listener };

/** What stands now. Only listeners that are really open are in it, so one that failed to bind is tried again. */
export interface Standing {
  readonly listeners: readonly Listener[];
  readonly targetGroups: readonly TargetGroup[];
}

/**
 * The steps to a new table, in the order that loses nothing: targets are known before rules name them, rules let go of
 * groups before these vanish, and a port is free before another listener takes it.
 */
export function planTable(before: Standing, after: RoutingTable): TableStep[] {
  const groups = planGroups(before.targetGroups, after.targetGroups);
  return [...groups.changes, ...planListeners(before.listeners, after.listeners), ...groups.removals];
}

function planGroups(
  before: readonly TargetGroup[],
  after: readonly TargetGroup[],
): { changes: TableStep[]; removals: TableStep[] } {
  const known = new Map(before.map((group) => [group.id, group]));
  const wanted = new Set(after.map((group) => group.id));
  const changes: TableStep[] = [];
  const removals: TableStep[] = [];
  for (const group of after) {
    const old = known.get(group.id);
    if (old === undefined) changes.push({ do: 'add-group', group });
    changes.push(...planTargets(group, old?.targets ?? []), { do: 'settle-group', group });
  }
  for (const { id, targets } of before) {
    if (wanted.has(id)) continue;
    for (const target of targets) removals.push({ do: 'remove-target', group: id, target: target.id });
    removals.push({ do: 'remove-group', group: id });
  }
  return { changes, removals };
}

function planTargets(group: TargetGroup, before: readonly Target[]): TableStep[] {
  const known = new Set(before.map((target) => target.id));
  const wanted = new Set(group.targets.map((target) => target.id));
  const gone = before.filter((target) => !wanted.has(target.id));
  return [
    ...group.targets.map(
      (target): TableStep => ({ do: known.has(target.id) ? 'change-target' : 'add-target', group: group.id, target }),
    ),
    ...gone.map((target): TableStep => ({ do: 'remove-target', group: group.id, target: target.id })),
  ];
}

function planListeners(before: readonly Listener[], after: readonly Listener[]): TableStep[] {
  const wanted = new Map(after.map((listener) => [listener.id, listener]));
  const stays = (listener: Listener): boolean => {
    const next = wanted.get(listener.id);
    return next !== undefined && next.host === listener.host && next.port === listener.port;
  };
  const kept = new Set(before.filter(stays).map((listener) => listener.id));
  return [
    ...before
      .filter((listener) => !kept.has(listener.id))
      .map((listener): TableStep => ({ do: 'close-listener', listener: listener.id })),
    ...after.map(
      (listener): TableStep => ({ do: kept.has(listener.id) ? 'change-listener' : 'open-listener', listener }),
    ),
  ];
}
