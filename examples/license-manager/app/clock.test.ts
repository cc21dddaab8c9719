import { expect, test } from 'vitest';
import { createClock } from './clock.ts';

test('on AWS time is the machine’s', () => {
  let real = 1_000;
  const clock = createClock({}, () => real);
  real += 250;
  expect(clock.now()).toBe(1_250);
  expect(clock.seconds(30)).toBe(30_000);
});

test('ROCKPOOL_SPEED makes it faster from the start on', () => {
  let real = 1_000;
  const clock = createClock({ ROCKPOOL_SPEED: '20' }, () => real);
  real += 500;
  expect(clock.now()).toBe(11_000);
  expect(clock.seconds(10)).toBe(500);
});

test('ROCKPOOL_CLOCK gives the engine’s own time', () => {
  const clock = createClock({ ROCKPOOL_CLOCK: '5000000@1000x20', ROCKPOOL_SPEED: '3' }, () => 2_000);
  expect(clock.now()).toBe(5_020_000);
  expect(clock.speed).toBe(20);
});

test.each([
  { ROCKPOOL_SPEED: '0' },
  { ROCKPOOL_SPEED: 'fast' },
  { ROCKPOOL_CLOCK: 'noon' },
  { ROCKPOOL_CLOCK: '1@2x0' },
])('%o is refused', (env) => {
  expect(() => createClock(env)).toThrow(/ROCKPOOL_(SPEED|CLOCK) is "/);
});
