import { expect, test } from 'vitest';
import { breakerThreshold, isImpaired, startDelay_ms } from './plan-breaker.ts';

const breaker = (type: 'BOUNDED_PERCENT' | 'UNBOUNDED_PERCENT' | 'COUNT', value: number) => ({
  enable: true,
  rollback: true,
  thresholdConfiguration: { type, value },
});

test.each([
  [undefined, 1, 3],
  [undefined, 6, 3],
  [undefined, 25, 13],
  [undefined, 400, 200],
  [undefined, 800, 200],
  [breaker('BOUNDED_PERCENT', 100), 10, 10],
  [breaker('UNBOUNDED_PERCENT', 50), 2, 1],
  [breaker('UNBOUNDED_PERCENT', 50), 800, 400],
  [breaker('COUNT', 7), 800, 7],
])('%o at a desired count of %i fails after %i', (given, desired, threshold) => {
  expect(breakerThreshold(given, desired)).toBe(threshold);
});

test('the delay between starts grows to a quarter of an hour', () => {
  const delays = Array.from({ length: 12 }, (_, failures) => startDelay_ms(failures) / 1000);
  expect(delays).toEqual([0, 0, 0, 10, 20, 40, 80, 160, 320, 640, 900, 900]);
  expect(delays.map((_, failures) => isImpaired(failures)).indexOf(true)).toBe(3);
});
