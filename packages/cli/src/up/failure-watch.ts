import type { EngineEvent } from '@rockpool/engine';
import { eventsAfter, type Session } from '../session.ts';
import { readTaskLogs } from '../verbs/task-logs.ts';

/** A task that ended badly while something was being deployed, with what its containers last said. */
export interface FailedTask {
  readonly task: string;
  readonly reason: string;
  readonly logs: readonly { readonly container: string; readonly lines: readonly string[] }[];
}

const logLines_max = 20;

/**
 * Watches for tasks that fail during a deployment, and keeps their last words while they are there: a rollback deletes the log group
 * with all the rest.
 */
export class FailureWatch {
  readonly #session: Session;
  #after: number;
  readonly failed: FailedTask[] = [];

  constructor(session: Session, after: number) {
    this.#session = session;
    this.#after = after;
  }

  async look(): Promise<void> {
    const events = await eventsAfter(this.#session, this.#after);
    this.#after = events.at(-1)?.sequence ?? this.#after;
    for (const event of events) {
      const ended = failedTask(event);
      if (ended) this.failed.push({ ...ended, logs: await this.#lastWords(ended) });
    }
  }

  async #lastWords({ cluster, task }: { cluster: string; task: string }) {
    try {
      const logs = await readTaskLogs(this.#session, { cluster, task });
      return logs.map(({ container, lines }) => ({ container, lines: lines.slice(-logLines_max) }));
    } catch {
      // The report must not fail over what it reports on: without its logs a failed task is still worth telling.
      return [];
    }
  }
}

/** A task that stopped for another reason than being told to. */
export function failedTask({
  type,
  subject,
  data,
}: EngineEvent): { readonly cluster: string; readonly task: string; readonly reason: string } | undefined {
  if (type !== 'ecs/task-state-changed' || data['to'] !== 'STOPPED') return undefined;
  const code = String(data['stopCode'] ?? '');
  const reason = String(data['stoppedReason'] ?? '');
  const failed =
    code === 'TaskFailedToStart' ||
    code === 'EssentialContainerExited' ||
    /failed (ELB|container) health checks/.test(reason);
  const [, cluster = ''] = /:task\/([^/]+)\//.exec(subject) ?? [];
  return failed ? { cluster, task: subject, reason } : undefined;
}
