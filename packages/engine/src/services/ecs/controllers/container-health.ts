import type { HealthCheck, HealthStatus } from '@aws-sdk/client-ecs';
import type { ContainerRun, HealthCheckRow } from '../model.ts';

/** What the check runs inside the container; undefined when there is none. */
export function checkCommand(check: HealthCheck | undefined): string[] | undefined {
  const [kind, ...rest] = check?.command ?? [];
  if (kind === 'CMD-SHELL') return ['/bin/sh', '-c', rest.join(' ')];
  if (kind === 'CMD') return rest;
  return undefined;
}

export const interval_ms = ({ interval = 30 }: HealthCheck): number => interval * 1000;
export const timeout_ms = ({ timeout = 5 }: HealthCheck): number => timeout * 1000;

/** How a container's checks stand. */
export type CheckState = Pick<HealthCheckRow, 'failures' | 'nextAt_ms' | 'checking'>;

/** A container that has just started: the first check comes one interval later, as Docker has it. */
export const firstCheck = (check: HealthCheck, startedAt_ms: number): CheckState => ({
  failures: 0,
  nextAt_ms: startedAt_ms + interval_ms(check),
  checking: false,
});

/**
 * Health after a check. Failures within the start period count for nothing, unless a check has already succeeded (Docker's HEALTHCHECK,
 * which the task definition's health check maps to).
 */
export function afterCheck(
  status: HealthStatus,
  { failures: before }: CheckState,
  check: HealthCheck,
  { passed, now, startedAt_ms }: { passed: boolean; now: number; startedAt_ms: number },
): { readonly status: HealthStatus; readonly state: CheckState } {
  const { retries = 3, startPeriod = 0 } = check;
  const starting = status === 'UNKNOWN' && now - startedAt_ms < startPeriod * 1000;
  const failures = passed || starting ? 0 : before + 1;
  return {
    status: passed ? 'HEALTHY' : failures >= retries ? 'UNHEALTHY' : status,
    state: { failures, nextAt_ms: now + interval_ms(check), checking: false },
  };
}

/** The task's health: that of its essential containers that have a check. */
export function taskHealth(containers: readonly ContainerRun[], isEssential: (name: string) => boolean): HealthStatus {
  const checked = containers.filter(({ name, health }) => health && isEssential(name));
  if (checked.some(({ health }) => health === 'UNHEALTHY')) return 'UNHEALTHY';
  return checked.length > 0 && checked.every(({ health }) => health === 'HEALTHY') ? 'HEALTHY' : 'UNKNOWN';
}
