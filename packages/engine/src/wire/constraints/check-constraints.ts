import type { ServiceName } from '../../kernel/service-names.ts';
import type { Operation } from '../shapes.ts';
import { constraintChecks, type Satisfies } from './constraint-checks.ts';
import { type ConstraintPolicy, constraintPolicies } from './constraint-policies.ts';
import { constraintTable } from './constraint-table.ts';
import { findViolations } from './find-violations.ts';
import { violationError } from './violation-error.ts';

interface Guard {
  readonly policy: ConstraintPolicy;
  readonly place: number;
  readonly satisfies: Satisfies;
}

type Guards = (operation: string) => Guard | undefined;
const guards = new Map<ServiceName, Guards>();

/** Refuses an input that its model forbids (lengths, ranges, patterns, enumerated values), where the service is known to do so, in its words. */
export function checkConstraints(service: ServiceName, operation: Operation, input: object): void {
  const guard = guardsOf(service)(operation.name);
  if (!guard || guard.satisfies(input)) return;
  const { shapes } = constraintTable(service);
  const { ownMembers = [] } = guard.policy;
  const violations = findViolations(shapes, guard.place, operation.input, input).filter(
    ({ member }) => !ownMembers.includes(member),
  );
  if (violations.length > 0) throw violationError(guard.policy, violations);
}

function guardsOf(service: ServiceName): Guards {
  const known = guards.get(service);
  if (known) return known;
  const made = makeGuards(service);
  guards.set(service, made);
  return made;
}

function makeGuards(service: ServiceName): Guards {
  const policy = constraintPolicies[service];
  if (!policy) return () => undefined;
  const table = constraintTable(service);
  const checkAt = constraintChecks(table);
  const made = new Map<string, Guard | undefined>();
  return (operation) => {
    const place = policy.ownOperations?.includes(operation) ? undefined : table.operations[operation];
    if (!made.has(operation))
      made.set(operation, place === undefined ? undefined : { policy, place, satisfies: checkAt(place) });
    return made.get(operation);
  };
}
