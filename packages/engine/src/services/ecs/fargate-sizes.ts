const gib = 1024;
const every = (step: number, from: number, to: number): number[] =>
  Array.from({ length: (to - from) / step + 1 }, (_, index) => from + index * step);

/** What memory (MiB) Fargate offers for each CPU size (units), as the developer guide's table has it. */
const memoryFor: ReadonlyMap<number, readonly number[]> = new Map([
  [256, [512, 1 * gib, 2 * gib]],
  [512, every(gib, 1 * gib, 4 * gib)],
  [1024, every(gib, 2 * gib, 8 * gib)],
  [2048, every(gib, 4 * gib, 16 * gib)],
  [4096, every(gib, 8 * gib, 30 * gib)],
  [8192, every(4 * gib, 16 * gib, 60 * gib)],
  [16384, every(8 * gib, 32 * gib, 120 * gib)],
  [32768, [60 * gib, 122 * gib, 244 * gib]],
]);

export const isFargateSize = (cpu_units: number, memory_mib: number): boolean =>
  memoryFor.get(cpu_units)?.includes(memory_mib) ?? false;

/** CPU as AWS stores it: `1 vCPU`, `.5 vcpu` and `1024` are units; undefined when it is neither. */
export const cpuUnits = (written: string): number | undefined => sized(written, /^([\d.]+)\s*vcpu$/i);

/** Memory in MiB: `2 GB` or `2048`. */
export const memoryMiB = (written: string): number | undefined => sized(written, /^([\d.]+)\s*gb$/i);

function sized(written: string, large: RegExp): number | undefined {
  const [, amount] = large.exec(written.trim()) ?? [];
  const value = amount === undefined ? Number(written) : Number(amount) * 1024;
  return Number.isInteger(value) && value > 0 ? value : undefined;
}
