import type { Graph } from './graph.ts';

/** The states in which a stack is moving; in all others it rests, and there is nothing to plan. */
export type MovingStatus =
  | 'CREATE_IN_PROGRESS'
  | 'UPDATE_IN_PROGRESS'
  | 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS'
  | 'ROLLBACK_IN_PROGRESS'
  | 'UPDATE_ROLLBACK_IN_PROGRESS'
  | 'UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS'
  | 'DELETE_IN_PROGRESS';

export type RestingStatus =
  | 'CREATE_COMPLETE'
  | 'CREATE_FAILED'
  | 'UPDATE_COMPLETE'
  | 'UPDATE_FAILED'
  | 'ROLLBACK_COMPLETE'
  | 'ROLLBACK_FAILED'
  | 'UPDATE_ROLLBACK_COMPLETE'
  | 'UPDATE_ROLLBACK_FAILED'
  | 'DELETE_COMPLETE'
  | 'DELETE_FAILED';

/** A resource as the plan sees it. One that a replacement or a removal has left over is `obsolete`, and has a key of its own. */
export interface PlannedResource {
  readonly key: string;
  readonly logicalId: string;
  /** What it waited for when it was last applied: it is deleted before those. */
  readonly dependsOn: readonly string[];
  readonly state: 'settled' | 'creating' | 'updating' | 'deleting' | 'failed' | 'deleted';
  readonly failedTo?: 'create' | 'update' | 'delete';
  /** What the running operation has done to it. `same`: looked at, nothing to change. */
  readonly change: 'none' | 'same' | 'created' | 'updated' | 'replaced';
  readonly undone: boolean;
  readonly obsolete: boolean;
  /** Its policy says that it outlives what would delete it. */
  readonly keep: boolean;
  /** A nested stack that has been updated and holds its old resources until this stack is through, or that is removing them. */
  readonly nested?: 'awaits-commit' | 'cleaning';
}

/** Everything that a decision about a stack depends on. */
export interface StackSituation {
  readonly status: MovingStatus;
  /** What is to be there in the end: the new template's resources, or, on the way back, the old one's. */
  readonly goal: Graph;
  readonly resources: readonly PlannedResource[];
  readonly outputs: 'pending' | 'done' | { readonly failed: string };
  readonly onFailure: 'rollback' | 'keep' | 'delete';
  /** Why the operation is to be given up although nothing failed: the user or the parent stack cancelled it, or its time ran out. */
  readonly cancelled?: string;
  /** The stack is nested: its parent says when the old resources may go. */
  readonly held: boolean;
  readonly isNested: boolean;
}

export type Step =
  /** Creates, updates or replaces a resource, as its properties say once they are resolved. */
  | { readonly do: 'apply'; readonly logicalId: string }
  | { readonly do: 'cancel'; readonly key: string }
  /** Gives a resource back what it was before the operation. */
  | { readonly do: 'undo'; readonly key: string }
  /** A resource that the goal no longer has becomes obsolete. */
  | { readonly do: 'retire'; readonly key: string }
  | { readonly do: 'delete'; readonly key: string }
  /** The resource that a replacement left behind becomes obsolete. */
  | { readonly do: 'retire-replaced'; readonly key: string }
  /** Lets go of a resource without deleting it. */
  | { readonly do: 'keep'; readonly key: string }
  /** Tells a nested stack that its update stands. */
  | { readonly do: 'commit'; readonly key: string }
  | { readonly do: 'outputs' }
  | { readonly do: 'enter'; readonly status: MovingStatus | RestingStatus; readonly reason?: string };

/**
 * Decides the next steps of a stack's operation. No steps: something is under way, and the stack waits for it. Pure: all there is to know
 * is in the situation, so that a stack goes on from its rows after a crash as if nothing had happened.
 */
export function planStack(situation: StackSituation): Step[] {
  switch (situation.status) {
    case 'CREATE_IN_PROGRESS':
    case 'UPDATE_IN_PROGRESS':
      return planForward(situation);
    case 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS':
    case 'UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS':
      return planCleanup(situation);
    case 'UPDATE_ROLLBACK_IN_PROGRESS':
      return planUndo(situation);
    case 'ROLLBACK_IN_PROGRESS':
    case 'DELETE_IN_PROGRESS':
      return planRemoval(situation);
  }
}

const idOf = ({ logicalId }: PlannedResource) => logicalId;
const isBusy = ({ state }: PlannedResource) => state === 'creating' || state === 'updating' || state === 'deleting';

function planForward(situation: StackSituation): Step[] {
  const current = situation.resources.filter(({ obsolete }) => !obsolete);
  const busy = current.filter(isBusy);
  const failure = failureOf(situation, current);
  if (failure !== undefined) {
    // What succeeded is to be kept, so what is under way may still succeed.
    if (situation.onFailure === 'keep' && busy.length > 0) return [];
    return [...busy.map(({ key }) => ({ do: 'cancel', key }) as const), giveUp(situation, failure)];
  }
  const byId = new Map(current.map((resource) => [resource.logicalId, resource]));
  const isDone = (id: string) => byId.get(id)?.state === 'settled' && byId.get(id)?.change !== 'none';
  const open = [...situation.goal.keys()].filter((id) => !isDone(id));
  const ready = open.filter((id) => {
    const resource = byId.get(id);
    return !(resource && isBusy(resource)) && (situation.goal.get(id) ?? []).every(isDone);
  });
  if (open.length > 0) return ready.map((logicalId) => ({ do: 'apply', logicalId }));
  if (situation.outputs === 'pending') return [{ do: 'outputs' }];
  const status = situation.status === 'CREATE_IN_PROGRESS' ? 'CREATE_COMPLETE' : 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS';
  return [{ do: 'enter', status }];
}

/** Why the way forward ends; undefined as long as it does not. */
function failureOf(situation: StackSituation, current: readonly PlannedResource[]): string | undefined {
  if (situation.cancelled !== undefined) return situation.cancelled;
  if (typeof situation.outputs === 'object') return situation.outputs.failed;
  if (!current.some(({ state }) => state === 'failed')) return undefined;
  // What is cancelled for another's failure is named as failed, too.
  const named = (state: PlannedResource['state'], failedTo: PlannedResource['failedTo']) =>
    current
      .filter((resource) => resource.state === state || (resource.state === 'failed' && resource.failedTo === failedTo))
      .map(({ logicalId }) => logicalId);
  return failedTo('create', named('creating', 'create')) + failedTo('update', named('updating', 'update'));
}

const failedTo = (what: string, ids: readonly string[]): string =>
  ids.length > 0 ? `The following resource(s) failed to ${what}: [${ids.join(', ')}]. ` : '';

function giveUp(situation: StackSituation, reason: string): Step {
  const creating = situation.status === 'CREATE_IN_PROGRESS';
  if (situation.onFailure === 'keep')
    return { do: 'enter', status: creating ? 'CREATE_FAILED' : 'UPDATE_FAILED', reason };
  if (situation.onFailure === 'delete' && creating) return { do: 'enter', status: 'DELETE_IN_PROGRESS', reason };
  if (!creating) return { do: 'enter', status: 'UPDATE_ROLLBACK_IN_PROGRESS', reason };
  if (situation.isNested || situation.cancelled !== undefined)
    return { do: 'enter', status: 'ROLLBACK_IN_PROGRESS', reason };
  const sentence = reason.endsWith('. ') ? reason : `${reason}. `;
  return { do: 'enter', status: 'ROLLBACK_IN_PROGRESS', reason: `${sentence}Rollback requested by user.` };
}

function planUndo({ goal, resources }: StackSituation): Step[] {
  const current = resources.filter(({ obsolete }) => !obsolete);
  const created = current.filter(({ change }) => change === 'created');
  if (created.length > 0) return created.map(({ key }) => ({ do: 'retire', key }));
  const isOpen = ({ change, undone }: PlannedResource) => (change === 'updated' || change === 'replaced') && !undone;
  const failed = current.filter(({ state, undone }) => state === 'failed' && undone);
  const unfinished = new Set(
    current.filter((resource) => isOpen(resource) || isBusy(resource) || failed.includes(resource)).map(idOf),
  );
  const ready = current.filter(
    (resource) =>
      isOpen(resource) && !isBusy(resource) && !(goal.get(idOf(resource)) ?? []).some((id) => unfinished.has(id)),
  );
  if (ready.length > 0) return ready.map(({ key }) => ({ do: 'undo', key }));
  if (current.some(isBusy)) return [];
  if (failed.length > 0)
    return [
      {
        do: 'enter',
        status: 'UPDATE_ROLLBACK_FAILED',
        reason: failedTo('update', failed.map(idOf)),
      },
    ];
  return [{ do: 'enter', status: 'UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS' }];
}

function planCleanup({ status, goal, resources, held }: StackSituation): Step[] {
  // Only success waits for the parent's: the way back is taken together.
  if (held && status === 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS') return [];
  const removed = resources.filter(({ obsolete, logicalId }) => !obsolete && !goal.has(logicalId));
  if (removed.length > 0) return removed.map(({ key }) => ({ do: 'retire', key }));
  const replaced = resources.filter(({ change, undone, obsolete }) => change === 'replaced' && !undone && !obsolete);
  if (replaced.length > 0) return replaced.map(({ key }) => ({ do: 'retire-replaced', key }));
  const commits = resources.filter(({ nested }) => nested === 'awaits-commit');
  if (commits.length > 0) return commits.map(({ key }) => ({ do: 'commit', key }));
  const { steps, finished } = deletions(resources.filter(({ obsolete }) => obsolete));
  if (steps.length > 0) return steps;
  if (!finished || resources.some(({ nested }) => nested === 'cleaning')) return [];
  // What could not be deleted is left behind: the update itself has succeeded.
  const back = status === 'UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS';
  return [{ do: 'enter', status: back ? 'UPDATE_ROLLBACK_COMPLETE' : 'UPDATE_COMPLETE' }];
}

function planRemoval({ status, resources }: StackSituation): Step[] {
  const { steps, finished, failed } = deletions(resources);
  if (steps.length > 0 || !finished) return steps;
  const rollback = status === 'ROLLBACK_IN_PROGRESS';
  if (failed.length > 0)
    return [
      { do: 'enter', status: rollback ? 'ROLLBACK_FAILED' : 'DELETE_FAILED', reason: failedTo('delete', failed) },
    ];
  return [{ do: 'enter', status: rollback ? 'ROLLBACK_COMPLETE' : 'DELETE_COMPLETE' }];
}

interface Deletions {
  readonly steps: Step[];
  /** Nothing is under way, and nothing more can be done. */
  readonly finished: boolean;
  readonly failed: readonly string[];
}

/** Deletes what nothing that is still there depends on. What failed to be deleted keeps what it depends on. */
function deletions(resources: readonly PlannedResource[]): Deletions {
  const present = resources.filter(({ state }) => state !== 'deleted');
  const failed = present.filter((resource) => resource.state === 'failed' && resource.failedTo === 'delete');
  const waiting = present.filter((resource) => resource.state !== 'deleting' && !failed.includes(resource));
  const needed = (resource: PlannedResource) =>
    present.some((other) => other.logicalId !== resource.logicalId && other.dependsOn.includes(resource.logicalId));
  const free = waiting.filter((resource) => !needed(resource));
  const underWay = present.some(({ state }) => state === 'deleting');
  // Leftovers of different templates may depend on each other in a circle; then there is no order to keep.
  const steps = free.length === 0 && !underWay && failed.length === 0 ? waiting : free;
  return {
    steps: steps.map(({ key, keep }) => ({ do: keep ? 'keep' : 'delete', key })),
    finished: steps.length === 0 && !underWay,
    failed: failed.map(idOf),
  };
}
