import type { DeploymentCircuitBreaker } from '@aws-sdk/client-ecs';

/**
 * How many failed tasks fail a deployment. BOUNDED_PERCENT (the default, 50) stays within 3 and 200 (API reference,
 * ServiceDeploymentCircuitBreaker); UNBOUNDED_PERCENT has no bounds; COUNT is the number itself.
 */
export function breakerThreshold(breaker: DeploymentCircuitBreaker | undefined, desiredCount: number): number {
  const { type = 'BOUNDED_PERCENT', value = 50 } = breaker?.thresholdConfiguration ?? {};
  if (type === 'COUNT') return value;
  const share = Math.ceil((value / 100) * desiredCount);
  return type === 'UNBOUNDED_PERCENT' ? Math.max(1, share) : Math.min(200, Math.max(3, share));
}

/** Failures to get to RUNNING that are tried again at once, before the scheduler slows down. */
const patience = 3;
const firstDelay_ms = 10_000;
/** Developer guide, "Amazon ECS service throttle logic": up to 15 minutes; how it grows is not published. */
const longestDelay_ms = 15 * 60_000;

/** How long to wait before the next start, after so many tasks in a row that never got to RUNNING. */
export const startDelay_ms = (failuresInARow: number): number =>
  failuresInARow < patience ? 0 : Math.min(longestDelay_ms, firstDelay_ms * 2 ** (failuresInARow - patience));

export const isImpaired = (failuresInARow: number): boolean => failuresInARow === patience;
