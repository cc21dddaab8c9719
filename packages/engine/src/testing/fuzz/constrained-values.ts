import type { Ids } from '../../kernel/ids.ts';
import type { ServiceName } from '../../kernel/service-names.ts';
import { brokenRules } from '../../wire/constraints/constraint-checks.ts';
import { constraintPolicies } from '../../wire/constraints/constraint-policies.ts';
import { type Constraint, type ConstraintTable, constraintTable } from '../../wire/constraints/constraint-table.ts';

/** What a model demands, for inputs that are drawn at random. */
export interface ConstrainedValues {
  /** The input with values that the model allows, where one is known: so that it gets further than the check. */
  within(input: Record<string, unknown>): Record<string, unknown>;
  /** The input with one member of a value that is just not allowed; undefined where none has bounds that can be missed so. */
  outside(input: Record<string, unknown>): Record<string, unknown> | undefined;
}

const candidates = [
  ...['web', 'a', 'a-b_c.d', 'ab', 'true', '1', '10', '000000000000', 'sg-1', 'subnet-1', '$LATEST', '/'],
  ...['arn:aws:iam::000000000000:role/web', 'arn:aws:lambda:us-east-1:000000000000:function:web'],
  ...['sha256:'.padEnd(71, 'a'), '0'.repeat(36), 'A'.repeat(20), 'arn:aws:sns:us-east-1:000000000000:web'],
];

export function constrainedValues(service: ServiceName, operation: string, ids: Ids): ConstrainedValues {
  const policy = constraintPolicies[service];
  const table: ConstraintTable = policy ? constraintTable(service) : { shapes: [], operations: {} };
  const isOwn = policy?.ownOperations?.includes(operation);
  const root = isOwn ? undefined : table.shapes[table.operations[operation] ?? -1];
  const random = (max: number) => Math.floor(ids.random('constraints') * max);
  const shape = (place: number | undefined): Constraint => (place === undefined ? {} : (table.shapes[place] ?? {}));

  function allowed(constraint: Constraint, value: unknown): unknown {
    const { members, item, value: held } = constraint;
    if (Array.isArray(value)) return value.slice(0, constraint.max).map((each) => allowed(shape(item), each));
    if (typeof value === 'object' && value !== null && !(value instanceof Uint8Array || value instanceof Date))
      return Object.fromEntries(
        Object.entries(value).map(([name, each]) => [name, allowed(shape(members?.[name] ?? held), each)]),
      );
    return brokenRules(constraint)(value).length === 0 ? value : simple(constraint, value);
  }

  function simple(constraint: Constraint, value: unknown): unknown {
    if (constraint.enum) return constraint.enum[random(constraint.enum.length)];
    if (typeof value === 'number') return Math.min(constraint.max ?? value, Math.max(constraint.min ?? value, value));
    const isAllowed = brokenRules(constraint);
    const found = [...candidates, 'a'.repeat(constraint.min ?? 1)].filter((each) => isAllowed(each).length === 0);
    return found[random(found.length)] ?? value;
  }

  function outside(input: Record<string, unknown>): Record<string, unknown> | undefined {
    const missable = Object.entries(root?.members ?? {}).flatMap(([name, place]) => {
      const value = policy?.ownMembers?.includes(name) ? undefined : justOutside(shape(place));
      return value === undefined ? [] : [{ name, value }];
    });
    const chosen = missable[random(missable.length)];
    return chosen && { ...input, [chosen.name]: chosen.value };
  }

  return { within: (input) => (root ? (allowed(root, input) as Record<string, unknown>) : input), outside };
}

/** Of a simple value only; a length of a million is not sent. */
function justOutside({ members, item, key, value, enum: values, pattern, min, max }: Constraint): unknown {
  if (members || item !== undefined || key !== undefined || value !== undefined) return undefined;
  if (values) return 'NoneOfThem';
  // Texts have a pattern or are enumerated; whether other bounds are of texts or of numbers is not said.
  if (pattern === undefined) return undefined;
  if (max !== undefined && max < 10_000) return 'a'.repeat(max + 1);
  return min !== undefined && min > 1 ? 'a'.repeat(min - 1) : undefined;
}
