import { type PropertyChange, propertyChanges } from '../../../cloudformation/schema/property-changes.ts';
import { resourceSchema } from '../../../cloudformation/schema/resource-schemas.ts';
import { callHandler, findHandler } from '../call-handler.ts';
import { notImplemented } from '../errors.ts';
import { type ResourceRow, resourceKey, stackResources } from '../model.ts';
import { recordResourceEvent } from '../record-event.ts';
import { refusedByPolicy } from '../stack-policies/stack-policy.ts';
import { putRow, type StackWork, shownProperties } from '../stack-work.ts';
import { awaitSignals } from './creation-policy.ts';
import { tellInitiated } from './identify-resource.ts';
import { lookAtResource } from './look-at-resource.ts';
import { fail, touch, withoutReason } from './resource-row.ts';
import {
  keepsItsName,
  kept,
  nestedMayChange,
  stackTagsChanged,
  type Wanted,
  wantedOf,
  wayOf,
} from './wanted-resource.ts';

/** Brings one resource to what the template says: makes it, changes it, makes it anew, or finds that nothing is to be done. */
export function applyResource(work: StackWork, logicalId: string): void {
  const { context, stack, template } = work;
  const declaration = template.resources[logicalId];
  if (!declaration) throw new Error(`the template of ${stack.StackName} has no resource ${logicalId}`);
  const row = context.store.table(stackResources).get(resourceKey(stack.StackId, logicalId));
  const wanted = wantedOf(work, logicalId, declaration, row);
  if ('failed' in wanted) refuse(work, wanted, row);
  else if (row?.physicalId === undefined) create(work, wanted);
  else change(work, wanted, row);
}

function change(work: StackWork, wanted: Wanted, row: ResourceRow): void {
  const { context } = work;
  const changes = propertyChanges(resourceSchema(row.type), row.properties, wanted.properties);
  const how = wayOf(work, row, wanted, changes);
  if (how === 'none') {
    putRow(context, { ...row, ...kept(wanted), touched: touch('same', row) });
    return;
  }
  const refusal = refusedByPolicy(work, how === 'replace' ? 'Update:Replace' : 'Update:Modify', row);
  if (refusal !== undefined) refuse(work, { ...wanted, failed: refusal }, row);
  else if (how === 'replace') replace(work, wanted, row);
  else update(work, wanted, row, changes);
}

function create(work: StackWork, wanted: Wanted): void {
  const { context } = work;
  const started = begin(work, {
    ...blankRow(work, wanted),
    status: 'CREATE_IN_PROGRESS',
    state: 'creating',
    touched: touch('created'),
  });
  const made = callCreate(work, started, wanted);
  if ('failed' in made) {
    fail(work, started, 'create', made.failed);
    return;
  }
  const { id, attributes = {}, provisional } = made.value;
  const identified = putRow(
    context,
    awaitSignals(work, { ...started, physicalId: id, attributes }, wanted.signalPolicy),
  );
  lookAtResource(work, provisional ? identified : tellInitiated(work, identified));
}

const callCreate = (work: StackWork, row: ResourceRow, { properties }: Wanted) =>
  callHandler(work, row, (handler, forResource, resolved) => handler.create(resolved(properties), forResource));

function replace(work: StackWork, wanted: Wanted, row: ResourceRow): void {
  const { context, stack } = work;
  const started = begin(work, {
    ...row,
    status: 'UPDATE_IN_PROGRESS',
    statusReason: 'Requested update requires the creation of a new physical resource; hence creating one.',
    state: 'updating',
    looks: 0,
    requestToken: wanted.requestToken,
    touched: touch('updated', row, false),
  });
  const named = keepsItsName(row, wanted);
  const made = named ? { failed: named } : callCreate(work, started, wanted);
  if ('failed' in made) {
    fail(work, started, 'update', made.failed);
    return;
  }
  const { id, attributes = {} } = made.value;
  const initiated = putRow(context, {
    ...started,
    ...kept(wanted),
    properties: wanted.properties,
    physicalId: id,
    attributes,
    recorded: isRecorded(work, row.type),
    statusReason: 'Resource creation Initiated',
    updatedAt: new Date(context.now),
    touched: touch('replaced', row),
  });
  recordResourceEvent(context, stack, initiated, shownProperties(work, wanted.logicalId));
  lookAtResource(work, initiated);
}

function update(work: StackWork, wanted: Wanted, row: ResourceRow, changes: readonly PropertyChange[]): void {
  const { context } = work;
  const started = begin(work, {
    ...withoutReason(row),
    status: 'UPDATE_IN_PROGRESS',
    state: 'updating',
    looks: 0,
    requestToken: wanted.requestToken,
    touched: touch('updated', row, false),
  });
  const onlyMetadata = changes.length === 0 && !nestedMayChange(row) && !stackTagsChanged(work);
  const answer = onlyMetadata ? { value: undefined } : callUpdate(work, started, wanted, row);
  if ('failed' in answer) {
    fail(work, started, 'update', answer.failed);
    return;
  }
  const applied = putRow(context, {
    ...started,
    ...kept(wanted),
    properties: wanted.properties,
    attributes: { ...row.attributes, ...answer.value },
    touched: touch('updated', row),
  });
  lookAtResource(work, applied);
}

function callUpdate(work: StackWork, started: ResourceRow, wanted: Wanted, row: ResourceRow) {
  return callHandler(work, started, (handler, forResource, resolved) => {
    if (!handler.update) throw notImplemented(`changing a resource of type ${row.type} in place`);
    return handler.update(row.physicalId ?? '', resolved(wanted.properties), resolved(row.properties), forResource);
  });
}

/** Properties that cannot be resolved or do not fit the schema, or a change that the stack's policy refuses: nothing is called. */
function refuse(work: StackWork, wanted: Wanted & { readonly failed: string }, row: ResourceRow | undefined): void {
  const exists = row?.physicalId !== undefined;
  const started = begin(
    work,
    exists && row
      ? {
          ...withoutReason(row),
          status: 'UPDATE_IN_PROGRESS',
          state: 'updating',
          touched: touch('updated', row, false),
        }
      : { ...blankRow(work, wanted), status: 'CREATE_IN_PROGRESS', state: 'creating', touched: touch('created') },
  );
  fail(work, started, exists ? 'update' : 'create', wanted.failed);
}

function begin(work: StackWork, row: ResourceRow): ResourceRow {
  const started = putRow(work.context, { ...row, updatedAt: new Date(work.context.now) });
  recordResourceEvent(work.context, work.stack, started);
  return started;
}

function blankRow(work: StackWork, { signalPolicy: _, ...wanted }: Wanted): Omit<ResourceRow, 'status' | 'state'> {
  return {
    stackId: work.stack.StackId,
    ...wanted,
    attributes: {},
    updatedAt: new Date(work.context.now),
    recorded: isRecorded(work, wanted.type),
    obsolete: false,
    looks: 0,
  };
}

function isRecorded({ ports }: StackWork, type: string): boolean {
  const found = findHandler(ports, type);
  return typeof found === 'object' && found.recorded;
}
