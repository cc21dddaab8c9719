import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { memory_mib, startEngine } from './child.ts';
import { atMost, median, type Row } from './row.ts';

const starts = 7;
/** What a new engine still has to do by itself is done by then. */
const idle_ms = 1000;

/** From the start of the engine's process to its first answer, on an empty folder; and what it holds when nothing happens. */
export async function coldStart(): Promise<Row[]> {
  const [start_ms, memories]: [number[], number[]] = [[], []];
  for (let start = 0; start < starts; start++) {
    const folder = mkdtempSync(join(tmpdir(), 'rockpool-bench-'));
    const began = performance.now();
    const engine = await startEngine(folder, 1);
    await (await fetch(`http://127.0.0.1:${engine.port}/_rockpool/status`)).text();
    start_ms.push(performance.now() - began);
    if (start < 3) await wait(idle_ms);
    const memory = start < 3 ? memory_mib(engine.pid) : undefined;
    if (memory !== undefined) memories.push(memory);
    await engine.end();
    rmSync(folder, { recursive: true, force: true });
  }
  return [
    atMost(`engine: cold start to the first answer (${starts} starts)`, median(start_ms), 400, 'ms'),
    ...(memories.length > 0 ? [atMost('engine: idle memory', median(memories), 150, 'MiB')] : []),
  ];
}
