import { life_ms_max } from '../invocations/environment.ts';
import type { EnvironmentRow } from '../model.ts';

/** AWS gives no number; idle environments are seen to last from five to fifteen minutes. */
const idle_ms_max = 15 * 60_000;

/** Which environments to end now, and when the next one may be due. One that is busy is left to finish. */
export function planEnvironments(
  rows: readonly EnvironmentRow[],
  revisions: ReadonlySet<string>,
  now: number,
): { readonly end: readonly EnvironmentRow[]; readonly lookAgainAt: number | undefined } {
  const idle = rows.filter(({ invocation }) => invocation === undefined);
  const endOf = (row: EnvironmentRow) =>
    revisions.has(row.revisionId) ? Math.min(row.lastUsedAt + idle_ms_max, row.startedAt + life_ms_max) : now;
  const kept = idle.filter((row) => endOf(row) > now);
  return {
    end: idle.filter((row) => endOf(row) <= now),
    lookAgainAt: kept.length > 0 ? Math.min(...kept.map(endOf)) : undefined,
  };
}
