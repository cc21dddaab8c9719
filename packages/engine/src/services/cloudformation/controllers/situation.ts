import type { MovingStatus, PlannedResource, StackSituation } from '../../../cloudformation/plan-stack.ts';
import type { ResourceRow, Stack, StackProgress } from '../model.ts';
import { keyOf, type StackWork } from '../stack-work.ts';

const moving: Readonly<Record<MovingStatus, true>> = {
  CREATE_IN_PROGRESS: true,
  UPDATE_IN_PROGRESS: true,
  UPDATE_COMPLETE_CLEANUP_IN_PROGRESS: true,
  ROLLBACK_IN_PROGRESS: true,
  UPDATE_ROLLBACK_IN_PROGRESS: true,
  UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS: true,
  DELETE_IN_PROGRESS: true,
};

export const isMoving = (status: Stack['StackStatus']): status is MovingStatus => Object.hasOwn(moving, status);

/** What a stack's rows say, in the plan's terms. `nested` tells how a nested stack stands. */
export function situationOf(
  { stack, progress, goal }: Pick<StackWork, 'stack' | 'progress' | 'goal'>,
  status: MovingStatus,
  rows: readonly ResourceRow[],
  nested: (row: ResourceRow) => PlannedResource['nested'],
): StackSituation {
  return {
    status,
    goal,
    resources: rows.map((row) => planned(row, status, progress, nested(row))),
    outputs: progress.outputs,
    onFailure: progress.onFailure,
    held: progress.held,
    isNested: stack.ParentId !== undefined,
    ...(progress.cancelled === undefined ? {} : { cancelled: progress.cancelled }),
  };
}

function planned(
  row: ResourceRow,
  status: MovingStatus,
  progress: StackProgress,
  nested: PlannedResource['nested'],
): PlannedResource {
  const { logicalId, dependsOn, state, failedTo, touched, obsolete } = row;
  return {
    key: keyOf(row),
    logicalId,
    dependsOn,
    state,
    change: touched?.change ?? 'none',
    undone: touched?.undone ?? false,
    obsolete,
    keep: row.keep ?? keeps(row, status, progress),
    ...(failedTo ? { failedTo } : {}),
    ...(nested ? { nested } : {}),
  };
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-deletionpolicy.html */
export function keeps(
  { deletionPolicy, logicalId }: Pick<ResourceRow, 'deletionPolicy' | 'logicalId'>,
  status: MovingStatus,
  progress: Pick<StackProgress, 'skipped' | 'retainExceptOnCreate'>,
): boolean {
  if (progress.skipped.includes(logicalId)) return true;
  const undoesCreation =
    status === 'ROLLBACK_IN_PROGRESS' ||
    status === 'UPDATE_ROLLBACK_IN_PROGRESS' ||
    status === 'UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS';
  if (deletionPolicy === 'RetainExceptOnCreate') return !undoesCreation;
  return deletionPolicy === 'Retain' && !(undoesCreation && progress.retainExceptOnCreate);
}
