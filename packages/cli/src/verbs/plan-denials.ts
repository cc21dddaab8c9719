import type { EngineEvent } from '@rockpool/engine';

/** A request that was refused, with how often the same was refused again. */
export interface DeniedRequest {
  /** Epoch ms of the last time. */
  readonly time: number;
  readonly times: number;
  readonly caller: string;
  /** `ecs.UpdateService` */
  readonly request: string;
  readonly action: string;
  readonly resource: string;
  readonly message: string;
  /** The kind of policy that denies, or of which none allows. */
  readonly kind: string;
  /** The policy that denies. */
  readonly deniedBy?: string;
  /** The statement that is missing, where nothing denies. */
  readonly missing?: object;
  /** The policies that were looked at. */
  readonly policies: readonly string[];
  /** Policies of AWS's that are attached, and that the engine does not know. */
  readonly unknown: readonly string[];
}

const deniedType = 'iam/request-denied';

/** The last refusals, newest first, each once for who was refused what. */
export function planDenials(events: readonly EngineEvent[], count: number): DeniedRequest[] {
  const found = new Map<string, DeniedRequest>();
  for (const { type, time, message, data } of events) {
    if (type !== deniedType) continue;
    const told = data as unknown as Omit<DeniedRequest, 'time' | 'times' | 'message'>;
    const key = [roleOf(told.caller), told.action, told.resource].join('\n');
    const times = (found.get(key)?.times ?? 0) + 1;
    // What was refused last comes last in a map once it is put anew.
    found.delete(key);
    found.set(key, { ...told, time, times, message });
  }
  return [...found.values()].reverse().slice(0, count);
}

/** All sessions of a role are told as one. */
const roleOf = (caller: string): string => caller.replace(/(:assumed-role\/[^/]+)\/.*$/, '$1');
