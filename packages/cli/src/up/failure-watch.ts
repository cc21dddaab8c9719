import type { EngineEvent } from '@rockpool/engine';
import { followEvents, type Session } from '../session.ts';
import { readTaskLogs } from '../verbs/task-logs.ts';

/** A task that ended badly while something was being deployed, with what its containers last said. */
export interface FailedTask {
  readonly task: string;
  readonly reason: string;
  readonly logs: readonly { readonly container: string; readonly lines: readonly string[] }[];
}

const logLines_max = 20;

/**
 * Watches for tasks that fail during a deployment, and reads their last words at once: a rollback deletes the log group with all the
 * rest, under a fast clock within a moment.
 */
export class FailureWatch {
  readonly #session: Session;
  readonly #ending = new AbortController();
  readonly #ended: Promise<void>;
  /** Oldest first. */
  readonly failed: FailedTask[] = [];

  /** Begins after an event of the engine's log. */
  constructor(session: Session, after: number) {
    this.#session = session;
    this.#ended = this.#watch(after);
  }

  /** Stops watching, when what was being read is read. */
  async end(): Promise<void> {
    this.#ending.abort();
    await this.#ended;
  }

  async #watch(after: number): Promise<void> {
    try {
      for await (const event of followEvents(this.#session, after, this.#ending.signal)) {
        const ended = failedTask(event);
        if (ended) this.failed.push({ ...ended, logs: await this.#lastWords(ended) });
      }
    } catch {
      // Ended, or the engine is gone: that tells the deployment itself.
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
