import { beforeAll, test } from 'vitest';
import { type Synthesised, synthesise } from './assembly.ts';
import { tellOfJumpingLoad, tellOfMissingFigures } from './figures.ts';
import { seeds } from './seeds.ts';

let example: Synthesised;
beforeAll(() => {
  example = synthesise();
}, 60_000);

// Some of the seeds; more of them are in all-seeds.e2e.test.ts.
test.each(seeds(1, 2))('seed %i: a container whose figures are missing stays, and somebody is told', (seed) =>
  tellOfMissingFigures(seed, example),
);
test.each(seeds(1, 3))('seed %i: a load that jumps faster than the cooldowns moves the count no faster', (seed) =>
  tellOfJumpingLoad(seed, example),
);
