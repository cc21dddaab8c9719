import { beforeAll, expect, test } from 'vitest';
import { type Synthesised, synthesise } from './assembly.ts';
import { tellOfJumpingLoad, tellOfMissingFigures } from './figures.ts';
import { named, oneFault, seeds, severalFaults } from './seeds.ts';
import { tellStory } from './story.ts';

let example: Synthesised;
beforeAll(() => {
  example = synthesise();
}, 60_000);

const cases = [
  ...seeds(1, 112).map((seed) => ({ seed, faults: oneFault(seed), what: named(oneFault(seed)) })),
  ...seeds(113, 200).map((seed) => ({ seed, faults: severalFaults(seed), what: named(severalFaults(seed)) })),
];

test.each(cases)('seed $seed: $what, and the end is safe', async ({ seed, faults }) => {
  await expect(tellStory(seed, faults, example)).resolves.toBeUndefined();
});

test.each(seeds(3, 12))('seed %i: a container whose figures are missing stays, and somebody is told', (seed) =>
  tellOfMissingFigures(seed, example),
);
test.each(seeds(4, 16))('seed %i: a load that jumps faster than the cooldowns moves the count no faster', (seed) =>
  tellOfJumpingLoad(seed, example),
);
