import { isIP } from 'node:net';
import type { Action, Condition, Listener, RoutingTable, TargetGroup } from './routing-table.ts';

/** A routing table that contradicts itself. */
export class TableError extends Error {
  override readonly name = 'TableError';
}

/** Throws one clear error when a table cannot be meant: it is the control plane's mistake, and nothing is applied. */
export function checkTable(table: RoutingTable, appliedVersion: number): void {
  if (!Number.isSafeInteger(table.version) || table.version <= appliedVersion) {
    throw new TableError(`version ${table.version} is not newer than the applied ${appliedVersion}`);
  }
  requireUnique('listener', table.listeners);
  requireUnique('target group', table.targetGroups);
  for (const group of table.targetGroups) checkGroup(group);
  const groups = new Set(table.targetGroups.map((group) => group.id));
  for (const listener of table.listeners) checkListener(listener, groups);
}

function requireUnique(what: string, items: readonly { readonly id: string }[]): void {
  const seen = new Set<string>();
  for (const { id } of items) {
    if (seen.has(id)) throw new TableError(`${what} ${id} is in the table twice`);
    seen.add(id);
  }
}

function checkGroup({ id, targets, stickiness }: TargetGroup): void {
  requireUnique(`${id}: target`, targets);
  for (const target of targets) {
    if (!isPort(target.address.port) || target.address.port === 0) {
      throw new TableError(`${id}: target ${target.id} has no port to connect to, but ${target.address.port}`);
    }
  }
  if (stickiness?.type === 'app_cookie' && (stickiness.cookieName ?? '') === '') {
    throw new TableError(`${id}: app_cookie stickiness needs the name of the application's cookie`);
  }
}

const isPort = (port: number): boolean => Number.isInteger(port) && port >= 0 && port <= 65535;

function checkListener({ id, rules, port, idleTimeout_ms }: Listener, groups: ReadonlySet<string>): void {
  if (rules.at(-1)?.conditions.length !== 0) {
    throw new TableError(`listener ${id} has no default rule: its last rule must have no conditions`);
  }
  if (!isPort(port)) throw new TableError(`listener ${id}: ${port} is no port`);
  if (!(idleTimeout_ms > 0)) {
    throw new TableError(`listener ${id}: idleTimeout_ms must be positive, not ${idleTimeout_ms}`);
  }
  for (const rule of rules) {
    const where = `rule ${rule.id} of listener ${id}`;
    checkAction(rule.action, { where, groups });
    for (const condition of rule.conditions) checkCondition(condition, where);
  }
}

function checkAction(action: Action, { where, groups }: { where: string; groups: ReadonlySet<string> }): void {
  switch (action.type) {
    case 'forward':
      if (action.targetGroups.length === 0) throw new TableError(`${where} forwards to no target group`);
      for (const { id } of action.targetGroups) {
        if (!groups.has(id)) throw new TableError(`${where} forwards to ${id}, which is not in the table`);
      }
      break;
    case 'redirect':
      for (const part of [action.protocol, action.host, action.port, action.path, action.query]) {
        requirePrintable(part, where);
      }
      break;
    case 'fixed-response':
      requirePrintable(action.contentType, where);
      break;
  }
}

/** What goes into a header must not be able to end it. */
function requirePrintable(text: string | undefined, where: string): void {
  if (text !== undefined && !/^[\x20-\x7e]*$/.test(text)) {
    throw new TableError(`${where}: ${JSON.stringify(text)} holds characters that cannot stand in a header`);
  }
}

function checkCondition(condition: Condition, where: string): void {
  if (condition.field !== 'source-ip') return;
  for (const block of condition.values) {
    const [address = '', prefix] = block.split('/');
    const family = isIP(address);
    const bits = Number(prefix ?? '0');
    if (family === 0 || !Number.isInteger(bits) || bits < 0 || bits > (family === 6 ? 128 : 32)) {
      throw new TableError(`${where}: ${block} is no CIDR block`);
    }
  }
}
