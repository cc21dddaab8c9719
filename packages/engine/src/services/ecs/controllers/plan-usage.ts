import type { Measured } from '../ports.ts';

/** What a task reserved and what its containers used, over a minute. */
export interface TaskUsage {
  readonly cpu_units: number;
  readonly memory_mib: number;
  readonly containers: readonly Measured[];
}

export interface Utilization {
  readonly cpu_percent: number;
  readonly memory_percent: number;
}

const unitsPerCore = 1024;
const bytesPerMiB = 1_048_576;

/** Used share of what the task reserves, in percent; undefined when nothing was measured (developer guide, "Amazon ECS service utilization metrics"). */
export function utilizationOf({ cpu_units, memory_mib, containers }: TaskUsage): Utilization | undefined {
  if (containers.length === 0 || cpu_units <= 0 || memory_mib <= 0) return undefined;
  const sum = (of: (one: Measured) => number) => containers.reduce((total, one) => total + of(one) / one.samples, 0);
  const units = (sum(({ total }) => total.cpu_percentOfCore) / 100) * unitsPerCore;
  const mib = sum(({ total }) => total.memory_bytes) / bytesPerMiB;
  return { cpu_percent: (units / cpu_units) * 100, memory_percent: (mib / memory_mib) * 100 };
}
