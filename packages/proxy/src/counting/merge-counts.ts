import type { Counts, ListenerCounts, TargetCounts } from '../report.ts';
import { mergeDistributions } from './distribution.ts';

/** The counts of several workers as one. Peaks of open connections add up to an upper bound. */
export function mergeCounts(parts: readonly Counts[]): Counts {
  return {
    period_ms: Math.max(0, ...parts.map((part) => part.period_ms)),
    listeners: mergeBy(
      parts.flatMap((part) => part.listeners),
      (item) => item.listener,
      mergeListener,
    ),
    targets: mergeBy(
      parts.flatMap((part) => part.targets),
      (item) => JSON.stringify([item.listener, item.targetGroup, item.target]),
      mergeTarget,
    ),
  };
}

function mergeBy<T>(items: readonly T[], key: (item: T) => string, merge: (left: T, right: T) => T): T[] {
  const merged = new Map<string, T>();
  for (const item of items) {
    const other = merged.get(key(item));
    merged.set(key(item), other === undefined ? item : merge(other, item));
  }
  return [...merged.values()];
}

function mergeListener(left: ListenerCounts, right: ListenerCounts): ListenerCounts {
  const ownStatuses: Record<string, number> = { ...left.ownStatuses };
  for (const [status, count] of Object.entries(right.ownStatuses)) {
    ownStatuses[status] = (ownStatuses[status] ?? 0) + count;
  }
  return {
    listener: left.listener,
    requests: left.requests + right.requests,
    redirects: left.redirects + right.redirects,
    fixedResponses: left.fixedResponses + right.fixedResponses,
    ownStatuses,
    newConnections: left.newConnections + right.newConnections,
    activeConnections: left.activeConnections + right.activeConnections,
    activeConnectionsMax: left.activeConnectionsMax + right.activeConnectionsMax,
    rejectedConnections: left.rejectedConnections + right.rejectedConnections,
    receivedBytes: left.receivedBytes + right.receivedBytes,
    sentBytes: left.sentBytes + right.sentBytes,
    upgrades: left.upgrades + right.upgrades,
  };
}

function mergeTarget(left: TargetCounts, right: TargetCounts): TargetCounts {
  return {
    listener: left.listener,
    targetGroup: left.targetGroup,
    target: left.target,
    requests: left.requests + right.requests,
    statuses: {
      '1xx': left.statuses['1xx'] + right.statuses['1xx'],
      '2xx': left.statuses['2xx'] + right.statuses['2xx'],
      '3xx': left.statuses['3xx'] + right.statuses['3xx'],
      '4xx': left.statuses['4xx'] + right.statuses['4xx'],
      '5xx': left.statuses['5xx'] + right.statuses['5xx'],
    },
    responseTime: mergeDistributions(left.responseTime, right.responseTime),
    connectionErrors: left.connectionErrors + right.connectionErrors,
    receivedBytes: left.receivedBytes + right.receivedBytes,
    sentBytes: left.sentBytes + right.sentBytes,
  };
}
