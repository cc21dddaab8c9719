import { expect, test } from 'vitest';
import { platformTime } from './platform-time.ts';

const slept: number[] = [];
const real = {
  now: () => 10_500,
  sleep: async (duration_ms: number) => {
    slept.push(duration_ms);
  },
};

test('is the time of the machine where nothing else is said', async () => {
  const time = platformTime(undefined, real);
  expect(time.now()).toBe(10_500);
  expect(time.fromReal_ms(3_000)).toBe(3_000);
});

test('goes as fast as the platform, from when it was told', async () => {
  const time = platformTime('1000000@10000x20', real);
  expect(time.now()).toBe(1_010_000);
  expect(time.fromReal_ms(3_000)).toBe(60_000);
  await time.sleep(2_000);
  expect(slept).toEqual([100]);
});

test.each(['', 'soon', '5@x', '1@2x0'])('is the time of the machine when it is told nonsense: "%s"', (setting) => {
  expect(platformTime(setting, real).now()).toBe(10_500);
});
