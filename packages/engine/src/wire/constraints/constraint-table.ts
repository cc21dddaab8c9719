import { readFileSync } from 'node:fs';
import type { ServiceName } from '../../kernel/service-names.ts';

/** What a model demands of a value of one shape, and where in it there is more. Members without demands are left out. */
export interface Constraint {
  /** The least and the greatest value of a number; length of a text or a blob, size of a list or a map. */
  readonly min?: number;
  readonly max?: number;
  /** As the model has it: in Java's words. */
  readonly pattern?: string;
  readonly enum?: readonly string[];
  /** Places in `shapes`: of a structure's members, a list's items, a map's keys and values. */
  readonly members?: Readonly<Record<string, number>>;
  readonly item?: number;
  readonly key?: number;
  readonly value?: number;
}

/** The demands of a service's operations on their inputs: `scripts/generate-constraints.ts` writes it. */
export interface ConstraintTable {
  readonly shapes: readonly Constraint[];
  /** For each operation that has any, the place of its input. */
  readonly operations: Readonly<Record<string, number>>;
}

const known = new Map<ServiceName, ConstraintTable>();

/** Read at the first request of a service. */
export function constraintTable(service: ServiceName): ConstraintTable {
  const found = known.get(service);
  if (found) return found;
  const file = new URL(`./generated/${service}.json`, import.meta.url);
  const table = JSON.parse(readFileSync(file, 'utf8')) as ConstraintTable;
  known.set(service, table);
  return table;
}
