import { seededIds } from '../../../packages/engine/src/kernel/ids.ts';
import type { Fault } from './fault.ts';
import { allFaults } from './faults.ts';

export const seeds = (first: number, last: number): number[] =>
  Array.from({ length: last - first + 1 }, (_, index) => first + index);

/** Each in turn, and sometimes none. */
export function oneFault(seed: number): Fault[] {
  return allFaults.slice(seed % (allFaults.length + 1), (seed % (allFaults.length + 1)) + 1);
}

/** Two or three different ones. */
export function severalFaults(seed: number): Fault[] {
  const { random } = seededIds(seed);
  const left = [...allFaults];
  const count = random('count') < 0.6 ? 2 : 3;
  return Array.from({ length: count }, () => left.splice(Math.floor(random('which') * left.length), 1)).flat();
}

export const named = (faults: readonly Fault[]): string =>
  faults.map(({ name }) => name).join(', ') || 'nothing goes wrong';
