import { isDeepStrictEqual } from 'node:util';
import { hasUnknown } from '../template/resolve.ts';
import { type Fields, isFields } from '../template/template.ts';
import type { PropertySchemas, ResourceSchema, SchemaType } from './resource-schema.ts';

/** A property that is to change. `before` or `after` is undefined where it is added or removed. */
export interface PropertyChange {
  /** From the resource's properties down: `['Tags', '0', 'Value']`. */
  readonly path: readonly string[];
  readonly before: unknown;
  readonly after: unknown;
  /** Whether a new resource is needed for it. */
  readonly replaces: 'no' | 'maybe' | 'yes';
  /** The new value depends on another resource and is only known once that has been applied: it may turn out to be the old one. */
  readonly dynamic: boolean;
}

/** Compares properties, both resolved and checked, as deep as the schema says what a change of them means. */
export function propertyChanges(schema: ResourceSchema, before: Fields, after: Fields): PropertyChange[] {
  return ofMembers(schema, [], schema.properties, before, after);
}

function ofMembers(
  schema: ResourceSchema,
  path: readonly string[],
  members: PropertySchemas,
  before: Fields,
  after: Fields,
): PropertyChange[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names].flatMap((name) => {
    const member = Object.hasOwn(members, name) ? members[name] : undefined;
    const [old, fresh] = [before[name], after[name]];
    if (isDeepStrictEqual(old, fresh)) return [];
    const at = [...path, name];
    const replaces = member?.replaces ?? 'no';
    const deeper = replaces === 'no' && member ? inside(schema, at, member.type, old, fresh) : undefined;
    return deeper ?? [{ path: at, before: old, after: fresh, replaces, dynamic: hasUnknown(fresh) }];
  });
}

/** Looks into structures only: what an index of a list means, nobody has said. */
function inside(
  schema: ResourceSchema,
  path: readonly string[],
  type: SchemaType,
  before: unknown,
  after: unknown,
): PropertyChange[] | undefined {
  if (typeof type === 'string' || !('of' in type) || !isFields(before) || !isFields(after)) return undefined;
  return ofMembers(schema, path, schema.definitions[type.of] ?? {}, before, after);
}

/** Whether a resource with these changes must be made anew. */
export function replacement(changes: readonly PropertyChange[]): 'no' | 'maybe' | 'yes' {
  if (changes.some(({ replaces, dynamic }) => replaces === 'yes' && !dynamic)) return 'yes';
  return changes.some(({ replaces }) => replaces !== 'no') ? 'maybe' : 'no';
}
