import { type PlannedResource, planStack, type Step } from '../../../cloudformation/plan-stack.ts';
import type { Context } from '../../../kernel/context.ts';
import { type Controller, watch } from '../../../kernel/controller.ts';
import { nestedStackType } from '../call-handler.ts';
import { type ResourceRow, type Stack, stackProgress, stackResources, stacks } from '../model.ts';
import type { Ports } from '../ports.ts';
import { rowsOf, type StackWork, stackWork } from '../stack-work.ts';
import { applyResource } from './apply-resource.ts';
import { keepResource } from './close-resource.ts';
import { deleteResource } from './delete-resource.ts';
import { enter } from './enter-status.ts';
import { lookAtResource } from './look-at-resource.ts';
import { settleOutputs } from './outputs.ts';
import { fail } from './resource-row.ts';
import { isMoving, situationOf } from './situation.ts';
import { retireReplaced, retireResource, undoResource } from './undo-resource.ts';

/** More rounds than this without waiting is a plan that undoes itself. */
const rounds_max = 10_000;

/** Reads a stack's rows, asks the plan, acts; until the stack rests or waits for something. */
export const stackController = (ports: Ports): Controller => ({
  name: 'cloudFormation/stack',
  watches: [
    watch(stacks, ({ StackId, ParentId }) => (ParentId ? [StackId, ParentId] : [StackId])),
    watch(stackProgress, ({ stackId }) => stackId),
  ],
  reconcile(stackId, context) {
    const first = readWork(context, ports, stackId);
    if (!first) return undefined;
    if (isOverdue(first)) giveUp(first);
    for (const row of rowsOf(context, stackId)) if (isDue(row, context.now)) lookAtResource(first, row);
    for (let round = 0; round < rounds_max; round += 1) {
      const work = readWork(context, ports, stackId);
      if (!work) return undefined;
      const steps = planOf(work);
      if (steps.length === 0) return nextLook(work);
      for (const step of steps) take(work, step);
    }
    throw new Error(`the plan of the stack ${stackId} never comes to rest`);
  },
});

function readWork(context: Context, ports: Ports, stackId: string): StackWork | undefined {
  const stack = context.store.table(stacks).get(stackId);
  const progress = context.store.table(stackProgress).get(stackId);
  return stack && progress && isMoving(stack.StackStatus) ? stackWork(context, ports, stack, progress) : undefined;
}

function planOf(work: StackWork): Step[] {
  const { context, stack } = work;
  if (!isMoving(stack.StackStatus)) return [];
  const rows = rowsOf(context, stack.StackId);
  return planStack(situationOf(work, stack.StackStatus, rows, (row) => nestedState(context, row)));
}

function nestedState(context: Context, row: ResourceRow): PlannedResource['nested'] {
  if (row.type !== nestedStackType || row.obsolete || row.physicalId === undefined) return undefined;
  const status: Stack['StackStatus'] | undefined = context.store.table(stacks).get(row.physicalId)?.StackStatus;
  if (status !== 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS') return undefined;
  return context.store.table(stackProgress).get(row.physicalId)?.held ? 'awaits-commit' : 'cleaning';
}

const isBusy = ({ state }: ResourceRow) => state === 'creating' || state === 'updating' || state === 'deleting';
const isDue = (row: ResourceRow, now: number) => isBusy(row) && (row.lookAt ?? now) <= now;

/** Only creation has a time limit. */
function deadlineOf({ stack, progress }: StackWork): number | undefined {
  if (stack.StackStatus !== 'CREATE_IN_PROGRESS' || !stack.TimeoutInMinutes) return undefined;
  return progress.startedAt + stack.TimeoutInMinutes * 60_000;
}

const isOverdue = (work: StackWork) => work.context.now >= (deadlineOf(work) ?? Number.POSITIVE_INFINITY);

const giveUp = ({ context, stack, progress }: StackWork) =>
  context.store.table(stackProgress).put(stack.StackId, {
    ...progress,
    cancelled: 'Stack creation time exceeded the specified timeout. Rollback requested by user.',
  });

function nextLook(work: StackWork): number | undefined {
  const { context, stack } = work;
  const looks = rowsOf(context, stack.StackId).flatMap((row) => (isBusy(row) && row.lookAt ? [row.lookAt] : []));
  const deadline = deadlineOf(work);
  const times = deadline === undefined ? looks : [...looks, deadline];
  return times.length > 0 ? Math.min(...times) : undefined;
}

function take(work: StackWork, step: Step): void {
  if (step.do === 'apply') applyResource(work, step.logicalId);
  else if (step.do === 'outputs') settleOutputs(work);
  else if (step.do === 'enter') enter(work, step.status, step.reason);
  else {
    const row = work.context.store.table(stackResources).get(step.key);
    if (!row) throw new Error(`the plan names a resource that is not there: ${step.key}`);
    onRow[step.do](work, row);
  }
}

type RowStep = Extract<Step, { readonly key: string }>['do'];

const onRow: Readonly<Record<RowStep, (work: StackWork, row: ResourceRow) => void>> = {
  cancel: (work, row) =>
    row.state === 'creating'
      ? fail(work, row, 'create', 'Resource creation cancelled')
      : fail(work, row, 'update', 'Resource update cancelled'),
  undo: undoResource,
  retire: retireResource,
  'retire-replaced': retireReplaced,
  delete: deleteResource,
  keep: keepResource,
  commit({ context }, row) {
    const table = context.store.table(stackProgress);
    const nested = table.get(row.physicalId ?? '');
    if (nested) table.put(nested.stackId, { ...nested, held: false });
  },
};
