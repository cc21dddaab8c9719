import fc from 'fast-check';
import { expect, test } from 'vitest';
import { mergeDistributions, ResponseTimes } from './distribution.ts';

const anyTimes = fc.array(fc.double({ min: 0.01, max: 100_000, noNaN: true }), { minLength: 1, maxLength: 50 });

function distributionOf(times: readonly number[]) {
  const gathered = new ResponseTimes();
  for (const time of times) gathered.add(time);
  return gathered.get();
}

test('count, sum, least and greatest are exact; every value is within two percent of its bucket', () => {
  fc.assert(
    fc.property(anyTimes, (times) => {
      const found = distributionOf(times);
      expect(found.count).toBe(times.length);
      expect(found.sum_ms).toBeCloseTo(
        times.reduce((sum, time) => sum + time, 0),
        3,
      );
      expect(found.min_ms).toBe(Math.min(...times));
      expect(found.max_ms).toBe(Math.max(...times));
      const spread = found.values_ms.flatMap((value, index) => Array<number>(found.counts[index] ?? 0).fill(value));
      const sorted = [...times].sort((one, other) => one - other);
      expect(spread).toHaveLength(sorted.length);
      for (const [index, value] of spread.entries()) expect(value / (sorted[index] ?? 0)).toBeCloseTo(1, 1.39);
    }),
  );
});

test('two parts make the whole', () => {
  fc.assert(
    fc.property(anyTimes, anyTimes, (left, right) => {
      const merged = mergeDistributions(distributionOf(left), distributionOf(right));
      const whole = distributionOf([...left, ...right]);
      expect(merged).toMatchObject({ count: whole.count, min_ms: whole.min_ms, max_ms: whole.max_ms });
      expect(merged.counts.reduce((sum, count) => sum + count, 0)).toBe(whole.count);
    }),
  );
});

test('an empty part changes nothing', () => {
  const some = distributionOf([1, 2]);
  expect(mergeDistributions(distributionOf([]), some)).toEqual(some);
  expect(distributionOf([])).toEqual({ count: 0, sum_ms: 0, min_ms: 0, max_ms: 0, values_ms: [], counts: [] });
});
