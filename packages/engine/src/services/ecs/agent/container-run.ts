import type { ContainerRun, TaskRow } from '../model.ts';

export const runOf = ({ containers }: TaskRow, name: string): ContainerRun | undefined =>
  containers.find((run) => run.name === name);

/** The row with one container changed. */
export const withRun = (row: TaskRow, name: string, change: Partial<ContainerRun>): TaskRow => ({
  ...row,
  containers: row.containers.map((run) => (run.name === name ? { ...run, ...change } : run)),
});

/** What a container forgets when it starts anew. */
export const freshRun = {
  exitCode: undefined,
  reason: undefined,
  runtimeId: undefined,
  startedAt_ms: undefined,
  exitedAt_ms: undefined,
  signalledAt_ms: undefined,
  killedAt_ms: undefined,
  health: undefined,
  bindings: [],
} satisfies Partial<ContainerRun>;
