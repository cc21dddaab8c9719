import type { TargetGroup, TargetState, WeightedGroup } from '../routing-table.ts';

/** What a choice looks at in a target. */
export interface Candidate {
  readonly id: string;
  readonly state: TargetState;
  readonly since_ms?: number;
  /** Requests it is working on. */
  readonly inFlight: number;
}

/**
 * The targets that may get new requests. ALB routes to healthy ones; when none is healthy it fails open and routes to
 * all registered ones. Targets that are all still in their first checks get nothing yet; draining ones never do.
 */
export function eligibleTargets<T extends Pick<Candidate, 'state'>>(targets: readonly T[]): T[] {
  const healthy = targets.filter((target) => target.state === 'healthy');
  if (healthy.length > 0) return healthy;
  const registered = targets.filter((target) => target.state !== 'draining');
  return registered.some((target) => target.state === 'unhealthy') ? registered : [];
}

export interface ChoiceInput {
  readonly algorithm: TargetGroup['algorithm'];
  readonly slowStart_ms: number;
  readonly now_ms: number;
  /** How many choices were made in this group before: round robin takes the next. */
  readonly turn: number;
  /** Uniform in [0, 1). */
  readonly random: number;
}

/** Picks one of the eligible targets; undefined only when there are none. */
export function chooseTarget<T extends Candidate>(eligible: readonly T[], input: ChoiceInput): T | undefined {
  if (eligible.length <= 1) return eligible[0];
  if (input.algorithm === 'least_outstanding_requests') return leastOutstanding(eligible, input.turn);
  const weights = slowStartWeights(eligible, input);
  if (weights === undefined) return eligible[input.turn % eligible.length];
  return pickByWeight(eligible, weights, input.random);
}

/** Ties go round, so that idle targets share what comes. */
function leastOutstanding<T extends Candidate>(eligible: readonly T[], turn: number): T | undefined {
  const least = Math.min(...eligible.map((target) => target.inFlight));
  const tied = eligible.filter((target) => target.inFlight === least);
  return tied[turn % tied.length];
}

/**
 * A healthy target's share grows in a straight line during slow start. ALB starts targets slowly only beside at least
 * one healthy target that is not in slow start itself; undefined when no target is in slow start.
 */
function slowStartWeights(eligible: readonly Candidate[], input: ChoiceInput): number[] | undefined {
  if (input.slowStart_ms <= 0) return undefined;
  const weights = eligible.map(({ state, since_ms }) => {
    if (state !== 'healthy' || since_ms === undefined) return 1;
    return Math.min(1, Math.max(0, (input.now_ms - since_ms) / input.slowStart_ms));
  });
  const settled = weights.some((weight) => weight === 1);
  return settled && weights.some((weight) => weight < 1) ? weights : undefined;
}

/** Picks a target group of a forward action; a group of weight 0 gets nothing. Undefined when all weights are 0. */
export function chooseGroup(groups: readonly WeightedGroup[], random: number): WeightedGroup | undefined {
  if (groups.length === 1) return groups[0];
  const weights = groups.map((group) => group.weight);
  return weights.some((weight) => weight > 0) ? pickByWeight(groups, weights, random) : undefined;
}

function pickByWeight<T>(items: readonly T[], weights: readonly number[], random: number): T | undefined {
  const sum = weights.reduce((total, weight) => total + weight, 0);
  let left = random * sum;
  for (const [index, item] of items.entries()) {
    const weight = weights[index] ?? 0;
    if (weight > 0 && left < weight) return item;
    left -= weight;
  }
  // Rounding may carry past the end; the last one that has any weight is meant.
  return items.findLast((_, index) => (weights[index] ?? 0) > 0);
}
