import type { Journal } from '../../../packages/engine/src/kernel/journal.ts';

/** The engine's process has ended in the middle of a turn: what the turn wrote is on disk, and nobody was told. */
export class Killed extends Error {}

export interface DyingJournal extends Journal {
  /** How many turns have been written. */
  readonly commits: number;
  /** Dies as soon as so many more have been written; `died` hears of it. */
  dieAfter(commits: number, died: () => void): void;
}

/** `kill -9` at the worst moment that there is: right after the commit, before the answer and the effects. */
export function dyingJournal(journal: Journal): DyingJournal {
  let commits = 0;
  let death: { readonly at: number; readonly died: () => void } | undefined;
  return {
    ...journal,
    get commits() {
      return commits;
    },
    dieAfter(more, died) {
      death = { at: commits + more, died };
    },
    commit(rows, events) {
      journal.commit(rows, events);
      commits += 1;
      if (!death || commits < death.at) return;
      const { died } = death;
      death = undefined;
      died();
      throw new Killed('killed');
    },
  };
}
