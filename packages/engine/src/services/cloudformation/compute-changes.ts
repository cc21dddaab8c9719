import { isDeepStrictEqual } from 'node:util';
import type { Change, ResourceChangeDetail } from '@aws-sdk/client-cloudformation';
import { compare, type ExistingResource, type ResourceChange, shownValue } from '../../cloudformation/change-set.ts';
import { resourceSchema } from '../../cloudformation/schema/resource-schemas.ts';
import type { Environment, ResourceValues } from '../../cloudformation/template/environment.ts';
import { resolve } from '../../cloudformation/template/resolve.ts';
import type { Fields, Template } from '../../cloudformation/template/template.ts';
import { templateGraph } from '../../cloudformation/template/template-graph.ts';
import type { Context } from '../../kernel/context.ts';
import { findHandler, nestedStackType } from './call-handler.ts';
import { requireDefinition, templateOf } from './definition.ts';
import type { Definition, ResourceRow, Stack, StackProgress, ValidationComplaint } from './model.ts';
import { nestedTemplateChanges } from './nested-template.ts';
import type { Ports } from './ports.ts';
import { blankEnvironment, stackEnvironment, valuesOf } from './stack-environment.ts';
import { rowsOf } from './stack-work.ts';

/** What a definition would do to a stack, as far as it can be known before. */
export function changesOf(
  context: Context,
  ports: Ports,
  stack: Stack,
  progress: StackProgress | undefined,
  definition: Definition,
): ResourceChange[] {
  const template = templateOf(definition);
  const { condition } = blankEnvironment(context, stack, template, definition.parameters);
  const before = progress && requireDefinition(context, progress.definitionId);
  const changes = compare({
    template,
    goal: templateGraph(template, condition),
    existing: existingOf(context, stack.StackId),
    schemaOf: resourceSchema,
    environment: (resource) => stackEnvironment(context, stack, template, definition.parameters, resource),
    nestedChanges: (known, properties) =>
      known.type === nestedStackType && nestedTemplateChanges(context, ports, known.physicalId, properties),
    tagsChange: before !== undefined && !isDeepStrictEqual(before.tags, definition.tags),
  });
  return changes.map((change) => withoutBehaviour(ports, change));
}

/** A type that the engine cannot take is known before anything is made. */
function withoutBehaviour(ports: Ports, change: ResourceChange): ResourceChange {
  const found = change.action === 'Remove' ? undefined : findHandler(ports, change.type);
  if (typeof found !== 'string') return change;
  return { ...change, complaints: [...change.complaints, { path: '#', message: found }] };
}

function existingOf(context: Context, stackId: string): Map<string, ExistingResource> {
  const known = rowsOf(context, stackId).filter(({ obsolete, state }) => !obsolete && state !== 'deleted');
  return new Map(
    known.flatMap((row) => (row.physicalId === undefined ? [] : [[row.logicalId, existing(row, row.physicalId)]])),
  );
}

const existing = (row: ResourceRow, physicalId: string): ExistingResource => ({
  logicalId: row.logicalId,
  type: row.type,
  physicalId,
  properties: row.properties,
  metadata: row.metadata,
  deletionPolicy: row.deletionPolicy,
  updateReplacePolicy: row.updateReplacePolicy,
  values: valuesOf(row),
  inDoubt: row.status.endsWith('_FAILED'),
});

/** What pre-deployment validation says against a change. */
export const complaintsOf = (changes: readonly ResourceChange[]): ValidationComplaint[] =>
  changes.flatMap(({ logicalId, type, complaints }) =>
    complaints.map(({ path, message }) => ({
      logicalId,
      type,
      path: `/Resources/${logicalId}/Properties${path.slice(1)}`,
      message,
    })),
  );

/** Whether an update has anything to do: resources, outputs or tags. */
export function changesAnything(
  context: Context,
  stack: Stack,
  progress: StackProgress,
  definition: Definition,
  changes: readonly ResourceChange[],
): boolean {
  const before = requireDefinition(context, progress.definitionId);
  if (changes.length > 0 || !isDeepStrictEqual(before.tags, definition.tags)) return true;
  return !isDeepStrictEqual(outputsOf(context, stack, before), outputsOf(context, stack, definition));
}

/** Outputs by what the stack has now: no resource changes, or it would not matter. */
function outputsOf(context: Context, stack: Stack, definition: Definition): unknown {
  const template = templateOf(definition);
  const rows = existingOf(context, stack.StackId);
  const values = (id: string): ResourceValues | undefined => rows.get(id)?.values;
  const environment = stackEnvironment(context, stack, template, definition.parameters, values);
  return Object.entries(template.outputs).map(([name, output]) => [name, outputOf(output, environment)]);
}

const outputOf = ({ Condition, ...output }: Template['outputs'][string], environment: Environment): unknown =>
  Condition === undefined || environment.condition(Condition)
    ? resolve(output as unknown as Fields, environment)
    : undefined;

/** The shape that clients read, with all values; `mask` hides what nobody is to see. */
export function shownChange(change: ResourceChange, mask: (text: string) => string): Change {
  const { action, logicalId, physicalId, type, replacement, scope, changes, before, after } = change;
  return {
    Type: 'Resource',
    ResourceChange: {
      Action: action,
      LogicalResourceId: logicalId,
      ResourceType: type,
      Scope: [...scope],
      Details: changes.map((one) => detailOf(one, mask)),
      ...(physicalId ? { PhysicalResourceId: physicalId } : {}),
      ...(replacement ? { Replacement: replacement } : {}),
      ...(action === 'Remove' ? { PolicyAction: 'Delete' as const } : {}),
      ...(replacement === 'True' ? { PolicyAction: 'ReplaceAndDelete' as const } : {}),
      ...(before ? { BeforeContext: mask(contextOf(before)) } : {}),
      ...(after ? { AfterContext: mask(contextOf(after)) } : {}),
    },
  };
}

const contextOf = (properties: Fields): string => JSON.stringify({ Properties: shownValue(properties) });

function detailOf(
  { path, before, after, replaces, dynamic }: ResourceChange['changes'][number],
  mask: (text: string) => string,
): ResourceChangeDetail {
  const [Name = ''] = path;
  const text = (value: unknown) => {
    const shown = shownValue(value);
    return mask(typeof shown === 'string' ? shown : JSON.stringify(shown));
  };
  const always = dynamic ? 'Conditionally' : 'Always';
  return {
    Evaluation: dynamic ? 'Dynamic' : 'Static',
    ChangeSource: dynamic ? 'ResourceReference' : 'DirectModification',
    Target: {
      Attribute: 'Properties',
      Name,
      RequiresRecreation: ({ yes: always, maybe: 'Conditionally', no: 'Never' } as const)[replaces],
      Path: `/Properties/${path.join('/')}`,
      AttributeChangeType: before === undefined ? 'Add' : after === undefined ? 'Remove' : 'Modify',
      ...(before === undefined ? {} : { BeforeValue: text(before) }),
      ...(after === undefined ? {} : { AfterValue: text(after) }),
    },
  };
}
