import type { ServiceName } from '../kernel/service-names.ts';
import { operationSchema } from '../wire/sdk-schemas.ts';
import type { Shape, StructureShape } from '../wire/shapes.ts';
import type { Properties } from './resource-handler.ts';

/**
 * Turns a resource's properties into the input of one of its service's operations: `DesiredCount` becomes `desiredCount`, all the way down,
 * by the SDK's own schema. Properties that the operation does not have are left out.
 */
export function toSdkInput(service: ServiceName, operation: string, properties: Properties): object {
  const known = operationSchema(service, operation);
  if (!known) throw new Error(`the SDK of ${service} has no operation ${operation}`);
  return toStructure(known.input, properties);
}

/** Turns a value into what a shape of the SDK calls it. */
export function toSdkCasing(shape: Shape, value: unknown): unknown {
  if (value === null || value === undefined) return value;
  if (shape.kind === 'list')
    return Array.isArray(value) ? value.map((item) => toSdkCasing(shape.item.shape, item)) : value;
  if (shape.kind === 'structure') return isObject(value) ? toStructure(shape, value) : value;
  // The keys of a map (labels, log options, environment) are the user's own words and stay as they are.
  if (shape.kind === 'map' && isObject(value))
    return Object.fromEntries(
      Object.entries(value).map(([key, inner]) => [key, toSdkCasing(shape.value.shape, inner)]),
    );
  return value;
}

function toStructure(shape: StructureShape, value: Readonly<Record<string, unknown>>): object {
  const members = membersOf(shape);
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, inner]) => {
      const member = members.get(key.toLowerCase());
      return member && inner !== undefined ? [[member.name, toSdkCasing(member.shape, inner)]] : [];
    }),
  );
}

const byLowerCase = new WeakMap<StructureShape, ReadonlyMap<string, StructureShape['members'][number]>>();

function membersOf(shape: StructureShape): ReadonlyMap<string, StructureShape['members'][number]> {
  const known = byLowerCase.get(shape);
  if (known) return known;
  const made = new Map(shape.members.map((member) => [member.name.toLowerCase(), member]));
  byLowerCase.set(shape, made);
  return made;
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
