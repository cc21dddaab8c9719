import { isDeepStrictEqual } from 'node:util';
import { type Graph, inOrder } from './graph.ts';
import { type CheckedProperties, checkProperties } from './schema/check-properties.ts';
import { type PropertyChange, propertyChanges, replacement } from './schema/property-changes.ts';
import type { ResourceSchema } from './schema/resource-schema.ts';
import { type Environment, notKnown, notKnownText, type ResourceValues } from './template/environment.ts';
import { hasUnknown, resolve } from './template/resolve.ts';
import { type Fields, isFields, type Template, templateError } from './template/template.ts';

/** A resource that a stack has. */
export interface ExistingResource {
  readonly logicalId: string;
  readonly type: string;
  readonly physicalId: string;
  readonly properties: Fields;
  readonly metadata: unknown;
  readonly deletionPolicy: string;
  readonly updateReplacePolicy: string;
  readonly values: ResourceValues;
  /** A failed operation left it in doubt, so that it is updated in any case. */
  readonly inDoubt: boolean;
}

export type ResourceAttribute = 'Properties' | 'Metadata' | 'DeletionPolicy' | 'UpdateReplacePolicy' | 'Tags';

/** What applying a template would do to one resource. */
export interface ResourceChange {
  readonly action: 'Add' | 'Modify' | 'Remove';
  readonly logicalId: string;
  readonly type: string;
  readonly physicalId?: string;
  readonly replacement?: 'True' | 'False' | 'Conditional';
  readonly scope: readonly ResourceAttribute[];
  readonly changes: readonly PropertyChange[];
  readonly before?: Fields;
  readonly after?: Fields;
  /** What the schema says against the properties. */
  readonly complaints: CheckedProperties['complaints'];
}

export interface Comparison {
  readonly template: Template;
  readonly goal: Graph;
  readonly existing: ReadonlyMap<string, ExistingResource>;
  readonly schemaOf: (type: string) => ResourceSchema;
  /** The template's surroundings, with what is known of its resources. */
  readonly environment: (resource: (logicalId: string) => ResourceValues | undefined) => Environment;
  /** Whether a nested stack would change although its properties do not: its template has. */
  readonly nestedChanges: (existing: ExistingResource, properties: Fields) => boolean;
  readonly tagsChange: boolean;
}

/**
 * Compares what a stack has with what a template wants, as far as that can be known before it is applied: in the order of the graph, since
 * a resource that is replaced gives those that refer to it a new value.
 */
export function compare(comparison: Comparison): ResourceChange[] {
  const { template, goal, existing } = comparison;
  refuseOtherTypes(comparison);
  const values = new Map<string, ResourceValues>();
  const environment = comparison.environment((id) => values.get(id));
  const compared = inOrder(goal).map((id) => {
    const change = compareOne(comparison, id, environment);
    values.set(id, valuesAfter(change, existing.get(id)));
    return [id, change] as const;
  });
  const byId = new Map(compared);
  const removed = [...existing.values()].filter(({ logicalId }) => !goal.has(logicalId)).map(removal);
  const inTemplateOrder = Object.keys(template.resources).flatMap((id) => byId.get(id) ?? []);
  return [...inTemplateOrder.filter(isChange), ...removed];
}

const isChange = ({ action, scope, complaints }: ResourceChange) =>
  action !== 'Modify' || scope.length > 0 || complaints.length > 0;

function refuseOtherTypes({ template, goal, existing }: Comparison): void {
  const changed = [...goal.keys()].filter((id) => {
    const known = existing.get(id);
    return known !== undefined && known.type !== template.resources[id]?.Type;
  });
  if (changed.length > 0)
    throw templateError(
      `Update of resource type is not permitted. The new template modifies resource type of the following resources: [${changed.join(', ')}]`,
    );
}

function compareOne(comparison: Comparison, logicalId: string, environment: Environment): ResourceChange {
  const declaration = comparison.template.resources[logicalId];
  if (!declaration) throw new Error(`the template has no resource ${logicalId}`);
  const type = declaration.Type;
  const schema = comparison.schemaOf(type);
  const resolved = resolve(declaration.Properties ?? {}, environment);
  const { properties, complaints } = checkProperties(schema, isFields(resolved) ? resolved : {});
  const known = comparison.existing.get(logicalId);
  if (!known) return { action: 'Add', logicalId, type, scope: [], changes: [], after: properties, complaints };
  const changes = propertyChanges(schema, known.properties, properties);
  const scope = scopeOf(comparison, known, properties, changes, {
    metadata: resolve(declaration.Metadata, environment),
    deletionPolicy: String(resolve(declaration.DeletionPolicy ?? 'Delete', environment)),
    updateReplacePolicy: String(resolve(declaration.UpdateReplacePolicy ?? 'Delete', environment)),
  });
  return {
    action: 'Modify',
    logicalId,
    type,
    physicalId: known.physicalId,
    replacement: ({ yes: 'True', maybe: 'Conditional', no: 'False' } as const)[replacement(changes)],
    scope,
    changes,
    before: known.properties,
    after: properties,
    complaints,
  };
}

function scopeOf(
  { schemaOf, tagsChange, nestedChanges }: Comparison,
  known: ExistingResource,
  properties: Fields,
  changes: readonly PropertyChange[],
  wanted: { readonly metadata: unknown; readonly deletionPolicy: string; readonly updateReplacePolicy: string },
): ResourceAttribute[] {
  const { tags } = schemaOf(known.type);
  const ofTags = changes.filter(({ path }) => tags !== undefined && path[0] === tags);
  const scope = new Set<ResourceAttribute>();
  if (changes.length > ofTags.length || known.inDoubt || nestedChanges(known, properties)) scope.add('Properties');
  if (ofTags.length > 0 || (tagsChange && tags !== undefined)) scope.add('Tags');
  if (!isDeepStrictEqual(known.metadata, wanted.metadata)) scope.add('Metadata');
  if (known.deletionPolicy !== wanted.deletionPolicy) scope.add('DeletionPolicy');
  if (known.updateReplacePolicy !== wanted.updateReplacePolicy) scope.add('UpdateReplacePolicy');
  return [...scope];
}

/** What others see of a resource once it is applied, as far as that is known now. */
function valuesAfter(change: ResourceChange, known: ExistingResource | undefined): ResourceValues {
  if (!known || change.replacement === 'True') return { id: notKnown, attribute: () => notKnown };
  if (change.replacement === 'Conditional') return { id: notKnown, attribute: () => notKnown };
  const modified = change.scope.includes('Properties');
  return modified ? { id: known.values.id, attribute: () => notKnown } : known.values;
}

const removal = ({ logicalId, type, physicalId, properties }: ExistingResource): ResourceChange => ({
  action: 'Remove',
  logicalId,
  type,
  physicalId,
  scope: [],
  changes: [],
  before: properties,
  complaints: [],
});

/** A value as change sets show it, where parts of it only come to be known later. */
export function shownValue(value: unknown): unknown {
  if (value === notKnown) return notKnownText;
  if (Array.isArray(value)) return value.map(shownValue);
  if (!isFields(value) || !hasUnknown(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, shownValue(inner)]));
}
