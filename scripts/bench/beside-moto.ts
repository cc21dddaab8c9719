import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEngine } from './child.ts';
import { hammer } from './hammer.ts';
import { motoVersion, startMoto } from './moto-server.ts';
import { type Operations, objectSizes, prepareOperations } from './operations.ts';
import { atLeastTimes, byTurns, type Row } from './row.ts';

const rounds = 5;
const round_ms = 500;
const [small, large] = objectSizes;

/** Each with how many times moto's rate it must reach. */
const measured: readonly (readonly [string, (operations: Operations) => Buffer, number])[] = [
  ['DescribeServices of 10', ({ describeServices }) => describeServices, 20],
  ['PutMetricData of 20', ({ putMetricData }) => putMetricData, 20],
  ['DescribeTargetHealth of 10', ({ describeTargetHealth }) => describeTargetHealth, 20],
  ['Publish', ({ publish }) => publish, 20],
  ['PutObject of 1 KB', ({ putObject }) => putObject(small), 20],
  ['GetObject of 1 KB', ({ getObject }) => getObject(small), 20],
  ['PutObject of 1 MB', ({ putObject }) => putObject(large), 3],
  ['GetObject of 1 MB', ({ getObject }) => getObject(large), 3],
];

/** The same requests to the engine and to moto's server, by turns. Without moto there is nothing to compare with. */
export async function besideMoto(): Promise<Row[]> {
  if (motoVersion() === undefined) {
    process.stderr.write('*** moto_server is not installed: the comparison with it is SKIPPED ***\n');
    return [];
  }
  const folder = mkdtempSync(join(tmpdir(), 'rockpool-bench-'));
  const [engine, moto] = [await startEngine(folder, 1), await startMoto()];
  try {
    const [ours, theirs] = [await prepareOperations(engine.port), await prepareOperations(moto.port)];
    const rows: Row[] = [];
    for (const [what, bytesOf, times] of measured) {
      const [own, other] = [
        { port: engine.port, bytes: bytesOf(ours) },
        { port: moto.port, bytes: bytesOf(theirs) },
      ];
      await hammer(own, 1, round_ms);
      await hammer(other, 1, round_ms);
      const ratio = await byTurns(
        rounds,
        () => hammer(own, 1, round_ms),
        () => hammer(other, 1, round_ms),
      );
      rows.push(atLeastTimes(`${what}, of moto server's rate`, ratio, times));
    }
    return rows;
  } finally {
    await engine.end();
    moto.end();
    rmSync(folder, { recursive: true, force: true });
  }
}
