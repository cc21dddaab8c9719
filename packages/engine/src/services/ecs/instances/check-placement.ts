import type { PlacementConstraint, PlacementStrategy } from '@aws-sdk/client-ecs';
import { invalidParameter } from '../errors.ts';
import { parseClusterQuery } from './cluster-query.ts';

const constraints_max = 10;
const strategies_max = 5;
const binpackFields = ['cpu', 'memory'];

/** Refuses constraints and strategies that could place nothing. Source: API reference, PlacementConstraint and PlacementStrategy. */
export function checkPlacement(
  constraints: readonly PlacementConstraint[] = [],
  strategies: readonly PlacementStrategy[] = [],
): void {
  if (constraints.length > constraints_max)
    throw invalidParameter(`placementConstraints can have at most ${constraints_max} items.`);
  if (strategies.length > strategies_max)
    throw invalidParameter(`placementStrategy can have at most ${strategies_max} items.`);
  for (const { type, expression } of constraints) {
    if (type === 'distinctInstance' && expression)
      throw invalidParameter('An expression cannot be specified for the constraint distinctInstance.');
    if (type === 'memberOf' && !expression)
      throw invalidParameter('An expression must be specified for the constraint memberOf.');
    if (type === 'memberOf') parseClusterQuery(expression ?? '');
  }
  for (const { type, field = '' } of strategies) {
    if (type === 'binpack' && !binpackFields.includes(field.toLowerCase()))
      throw invalidParameter('The field of the strategy binpack must be cpu or memory.');
    if (type === 'spread' && !/^(?:instanceId|host|attribute:.+)$/.test(field))
      throw invalidParameter('The field of the strategy spread must be instanceId, host or an attribute.');
  }
}
