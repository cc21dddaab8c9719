import { beforeAll, expect, test } from 'vitest';
import { type Synthesised, synthesise } from './assembly.ts';
import { named, seeds, severalFaults } from './seeds.ts';
import { tellStory } from './story.ts';

let example: Synthesised;
beforeAll(() => {
  example = synthesise();
}, 60_000);

// Some of the seeds; all of them are in all-seeds.e2e.test.ts.
const cases = seeds(113, 117).map((seed) => ({ seed, faults: severalFaults(seed), what: named(severalFaults(seed)) }));

test.each(cases)('seed $seed: $what, and the end is safe', async ({ seed, faults }) => {
  await expect(tellStory(seed, faults, example)).resolves.toBeUndefined();
});
