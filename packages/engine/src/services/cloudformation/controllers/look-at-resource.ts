import type { Progress } from '../../../cloudformation/resource-handler.ts';
import { callHandler, handlerMessage, isGone, nestedStackType, progressFailure } from '../call-handler.ts';
import type { ResourceRow } from '../model.ts';
import { recordResourceEvent } from '../record-event.ts';
import { recordedReason } from '../resources/recorded.ts';
import { putRow, type StackWork } from '../stack-work.ts';
import { finishDeletion } from './close-resource.ts';
import { signalProgress } from './creation-policy.ts';
import { identifyResource, withFailedId } from './identify-resource.ts';
import { fail } from './resource-row.ts';

/** Most resources are quick, so the first looks follow each other closely. */
const firstLooks = 4;
const firstPause_ms = 250;
const pause_ms = 1000;
/** The registry's default for a handler, and what it says for services, whose deployments take long. */
const patience_ms = 2 * 3_600_000;
const patienceByType_ms: Readonly<Record<string, number>> = { 'AWS::ECS::Service': 3 * 3_600_000 };

/** Asks how far a resource under way is, and ends it when it is through. */
export function lookAtResource(work: StackWork, row: ResourceRow): void {
  const itself = progressOf(work, row);
  const progress = itself === 'complete' ? signalProgress(work, row) : itself;
  if (progress === 'complete') finish(work, row);
  else if ('made' in progress) finish(work, identifyResource(work, row, progress.made));
  else if ('failed' in progress) fail(work, withFailedId(row, progress.id), doing(row), progress.failed);
  else if (progress.until === undefined && isOverdue(work, row))
    fail(work, row, doing(row), handlerMessage(row, 'Exceeded attempts to wait', 'NotStabilized'));
  else lookAgain(work, row, progress.until);
}

function isOverdue({ context }: StackWork, { type, workingSince = context.now }: ResourceRow): boolean {
  if (type === nestedStackType) return false;
  return context.now - workingSince >= (patienceByType_ms[type] ?? patience_ms);
}

function lookAgain(work: StackWork, row: ResourceRow, until: number | undefined): void {
  // A nested stack wakes its parent by itself, and has the patience of its own resources.
  const lookAt = until ?? work.context.now + (row.looks < firstLooks ? firstPause_ms : pause_ms);
  putRow(work.context, {
    ...row,
    workingSince: row.workingSince ?? work.context.now,
    looks: row.looks + 1,
    ...(row.type === nestedStackType ? {} : { lookAt }),
  });
}

/** The failure comes in the words of an event. */
function progressOf(work: StackWork, row: ResourceRow): Progress {
  const id = row.physicalId ?? '';
  const answer = callHandler(work, row, (handler, forResource, resolved): Progress => {
    const ask = row.state === 'deleting' ? handler.deleting : handler.progress;
    return ask?.call(handler, id, resolved(row.properties), forResource) ?? 'complete';
  });
  if ('failed' in answer) return row.state === 'deleting' && isGone(answer) ? 'complete' : answer;
  if (typeof answer.value === 'object' && 'failed' in answer.value)
    return { ...answer.value, failed: progressFailure(row, answer.value) };
  return answer.value;
}

const doing = ({ state }: ResourceRow) =>
  state === 'creating' ? 'create' : state === 'deleting' ? 'delete' : 'update';

function finish(work: StackWork, row: ResourceRow): void {
  if (row.state === 'deleting') {
    finishDeletion(work, row);
    return;
  }
  const attributes = callHandler(work, row, (handler, forResource, resolved) =>
    handler.attributes?.(row.physicalId ?? '', resolved(row.properties), forResource),
  );
  if ('failed' in attributes) {
    fail(work, row, doing(row), attributes.failed);
    return;
  }
  const { lookAt: _, statusReason: __, failedTo: ___, workingSince: ____, awaits: _____, ...rest } = row;
  const complete = putRow(work.context, {
    ...rest,
    attributes: attributes.value ?? row.attributes,
    state: 'settled',
    status: row.state === 'creating' ? 'CREATE_COMPLETE' : 'UPDATE_COMPLETE',
    updatedAt: new Date(work.context.now),
    ...(row.recorded ? { statusReason: recordedReason(row.type) } : {}),
  });
  recordResourceEvent(work.context, work.stack, complete);
}
