import { parseArgs } from 'node:util';
import { fuzz } from '../packages/engine/src/testing/fuzz/fuzz.ts';

/** `npm run fuzz -- --seed 7 --minutes 10`: one seed after the other until the time is over, or something is wrong. */
const { values } = parseArgs({
  options: { seed: { type: 'string', default: '1' }, minutes: { type: 'string', default: '10' } },
});
const ends = performance.now() + Number(values.minutes) * 60_000;
for (let seed = Number(values.seed); performance.now() < ends; seed++) {
  const { asked, complaints } = await fuzz({ seed, variants: 12 });
  process.stdout.write(`seed ${seed}: ${asked} requests, ${complaints.length} complaints\n`);
  for (const complaint of complaints) process.stdout.write(`${complaint}\n`);
  if (complaints.length > 0) process.exit(1);
}
