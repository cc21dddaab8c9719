import { expect, test } from 'vitest';
import { nextProvider, nextSubnet } from './placement.ts';

const zones = new Map([
  ['a1', 'a'],
  ['a2', 'a'],
  ['b1', 'b'],
]);

test.each([
  ['the first subnet when nothing is placed', [], 'a1'],
  ['a subnet of the emptier zone, though another subnet is empty too', ['a1'], 'b1'],
  ['within a zone, the emptier subnet', ['a1', 'b1'], 'a2'],
])('%s', (_title, placed, expected) => {
  expect(nextSubnet(zones, placed)).toBe(expected);
});

const place = (strategy: Parameters<typeof nextProvider>[0], count: number) => {
  const placed: (string | undefined)[] = [];
  for (let index = 0; index < count; index += 1) placed.push(nextProvider(strategy, placed));
  return placed.map((name) => (name === 'FARGATE' ? 'F' : 'S')).join('');
};

test.each([
  [[{ capacityProvider: 'FARGATE', weight: 1 }], 'FFFFFFFF'],
  [
    [
      { capacityProvider: 'FARGATE', base: 2, weight: 0 },
      { capacityProvider: 'FARGATE_SPOT', weight: 1 },
    ],
    'FFSSSSSS',
  ],
  [
    [
      { capacityProvider: 'FARGATE', base: 2, weight: 1 },
      { capacityProvider: 'FARGATE_SPOT', weight: 1 },
    ],
    'FFFSFSFS',
  ],
  [
    [
      { capacityProvider: 'FARGATE', weight: 1 },
      { capacityProvider: 'FARGATE_SPOT', weight: 3 },
    ],
    'SSFSSSFS',
  ],
])('%o places %s', (strategy, expected) => {
  expect(place(strategy, expected.length)).toBe(expected);
});
