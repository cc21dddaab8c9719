import type { ProcessRow } from './processes.ts';

export interface Usage {
  readonly cpu_percentOfCore: number;
  readonly memory_bytes: number;
}

/** What a container's processes have used of the processor between two looks, and what memory they hold now. */
export function planUsage(before: readonly ProcessRow[], now: readonly ProcessRow[], elapsed_ms: number): Usage {
  // A process that began between the looks has used all it used since; one that ended took its last share with it.
  const earlier = new Map(before.map((row) => [`${row.pid}@${row.startTime}`, row.cpu_ms]));
  const used_ms = sum(now.map((row) => row.cpu_ms - (earlier.get(`${row.pid}@${row.startTime}`) ?? 0)));
  return {
    cpu_percentOfCore: elapsed_ms > 0 ? Math.round((Math.max(0, used_ms) / elapsed_ms) * 1000) / 10 : 0,
    memory_bytes: sum(now.map((row) => row.memory_bytes)),
  };
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);
