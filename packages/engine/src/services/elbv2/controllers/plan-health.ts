import type { Target } from '../model.ts';

/** What a health check found: passed, or why not. */
export type Observation =
  | { readonly ok: true }
  | { readonly ok: false; readonly reason: NonNullable<Target['reason']>; readonly description: string };

export interface Thresholds {
  readonly healthy: number;
  readonly unhealthy: number;
}

type Health = Pick<Target, 'state' | 'passes' | 'failures' | 'since' | 'reason' | 'description'>;

/**
 * The health of a target after one more check. A new target is healthy after its first passed check; one that was unhealthy only after
 * `healthy` in a row, and one is unhealthy after `unhealthy` failures in a row
 * (https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html). A draining target is not checked.
 */
export function planHealth(
  target: Health,
  observation: Observation,
  { healthy, unhealthy }: Thresholds,
  now: number,
): Health {
  if (target.state === 'draining') return target;
  const passes = observation.ok ? target.passes + 1 : 0;
  const failures = observation.ok ? 0 : target.failures + 1;
  const { reason: _, description: __, ...rest } = target;
  if (observation.ok) {
    const well = target.state === 'initial' || target.state === 'healthy' || passes >= healthy;
    if (well)
      return { ...rest, passes, failures, state: 'healthy', since: target.state === 'healthy' ? target.since : now };
    return { ...target, passes, failures };
  }
  const { reason, description } = observation;
  if (target.state === 'unhealthy' || failures >= unhealthy)
    return {
      ...rest,
      passes,
      failures,
      state: 'unhealthy',
      since: target.state === 'unhealthy' ? target.since : now,
      reason,
      description,
    };
  // Until it has failed often enough, a target keeps the state it has.
  return target.state === 'initial'
    ? {
        ...rest,
        passes,
        failures,
        reason: 'Elb.InitialHealthChecking',
        description: 'Initial health checks in progress',
      }
    : { ...target, passes, failures };
}
