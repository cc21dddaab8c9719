import { expect, test } from 'vitest';
import { planUsage } from './plan-usage.ts';
import type { ProcessRow } from './processes.ts';

const row = (pid: number, cpu_ms: number, startTime = '1'): ProcessRow => ({
  pid,
  startTime,
  group: 1,
  cpu_ms,
  memory_bytes: 1000,
});

test.each([
  { case: 'half a core', before: [row(2, 100)], now: [row(2, 600)], percent: 50, memory: 1000 },
  {
    case: 'two processes',
    before: [row(2, 0), row(3, 0)],
    now: [row(2, 500), row(3, 750)],
    percent: 125,
    memory: 2000,
  },
  { case: 'one that has just begun', before: [], now: [row(2, 300)], percent: 30, memory: 1000 },
  { case: 'one that has ended', before: [row(2, 900)], now: [], percent: 0, memory: 0 },
  {
    case: 'another process under the same pid',
    before: [row(2, 900)],
    now: [row(2, 10, '2')],
    percent: 1,
    memory: 1000,
  },
])('$case', ({ before, now, percent, memory }) => {
  expect(planUsage(before, now, 1000)).toEqual({ cpu_percentOfCore: percent, memory_bytes: memory });
});

test('no time between two looks is no use', () => {
  expect(planUsage([], [row(2, 300)], 0).cpu_percentOfCore).toBe(0);
});
