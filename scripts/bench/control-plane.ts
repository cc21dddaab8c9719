import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Child, startChild, startEngine } from './child.ts';
import { hammer, type Target } from './hammer.ts';
import { prepareOperations } from './operations.ts';
import { atLeastShare, byTurns, type Row } from './row.ts';

const rounds = 7;
const round_ms = 700;

/** Operations on one kept connection, beside a bare server that echoes the very same body. */
export async function controlPlane(): Promise<Row[]> {
  const folder = mkdtempSync(join(tmpdir(), 'rockpool-bench-'));
  const [engine, echo] = [await startEngine(folder, 1), await startChild(join(import.meta.dirname, 'echo-server.ts'))];
  try {
    const { describeServices, putMetricData } = await prepareOperations(engine.port);
    const rows: Row[] = [];
    for (const [what, bytes] of [
      ['DescribeServices of 10', describeServices],
      ['PutMetricData of 20', putMetricData],
    ] as const)
      rows.push(await compare(`${what}, of a bare JSON echo's rate`, bytes, engine, echo));
    return rows;
  } finally {
    await engine.end();
    await echo.end();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function compare(what: string, bytes: Buffer, engine: Child, echo: Child): Promise<Row> {
  const at = ({ port }: Child): Target => ({ port, bytes });
  await Promise.all([hammer(at(engine), 1, round_ms), hammer(at(echo), 1, round_ms)]);
  const ratio = await byTurns(
    rounds,
    () => hammer(at(engine), 1, round_ms),
    () => hammer(at(echo), 1, round_ms),
  );
  return atLeastShare(what, ratio, 50);
}
