import type { InstanceStateName } from '@aws-sdk/client-ec2';

/** The numbers that go with the names (API reference, InstanceState). */
export const stateCodes: Readonly<Record<InstanceStateName, number>> = {
  pending: 0,
  running: 16,
  'shutting-down': 32,
  terminated: 48,
  stopping: 64,
  stopped: 80,
};

interface Passing {
  readonly next: InstanceStateName | 'forgotten';
  /** How long the state lasts. */
  readonly after_ms: number;
}

/** States that pass by themselves. A terminated instance is told of for an hour (EC2 user guide, "Instance lifecycle"). */
const passing: Readonly<Partial<Record<InstanceStateName, Passing>>> = {
  pending: { next: 'running', after_ms: 10_000 },
  stopping: { next: 'stopped', after_ms: 10_000 },
  'shutting-down': { next: 'terminated', after_ms: 10_000 },
  terminated: { next: 'forgotten', after_ms: 3_600_000 },
};

/** When a state that has just begun ends; undefined: it stays until somebody asks for another. */
export const endOf = (state: InstanceStateName, now: number): number | undefined => {
  const { after_ms } = passing[state] ?? {};
  return after_ms === undefined ? undefined : now + after_ms;
};

export type InstanceStep =
  | { readonly enter: InstanceStateName }
  | { readonly forget: true }
  | { readonly lookAgain_ms: number | undefined };

export function planInstance(state: InstanceStateName, changesAt_ms: number | undefined, now: number): InstanceStep {
  if (changesAt_ms === undefined || now < changesAt_ms) return { lookAgain_ms: changesAt_ms };
  const { next } = passing[state] ?? {};
  if (next === undefined) return { lookAgain_ms: undefined };
  return next === 'forgotten' ? { forget: true } : { enter: next };
}
