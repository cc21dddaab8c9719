import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { type Child, cpu_ms, startEngine } from './child.ts';
import { atMost, median, type Row } from './row.ts';

const root = join(import.meta.dirname, '../..');
const runs = 3;
const limit_ms = 60_000;
/**
 * The templates have AWS's own periods (a target's first check after ten seconds, say), which no engine can shorten. At this speed they
 * cost next to nothing, and what is left is work.
 */
const speed = 40;

/** `rockpool up` of the example, after one that has warmed the caches, to the first 200 through the load balancer. */
export async function deployment(): Promise<Row[]> {
  const folder = mkdtempSync(join(tmpdir(), 'rockpool-bench-'));
  const engine = await startEngine(folder, speed);
  try {
    await once(engine);
    const measured = [];
    for (let run = 0; run < runs; run++) measured.push(await once(engine));
    const up = median(measured.map(({ up_s }) => up_s));
    const engines = measured.flatMap(({ engine_s }) => (engine_s === undefined ? [] : [engine_s]));
    return [
      atMost('rockpool up, warm, with synthesis, to the first 200', up, 5, 's', ` at ${speed}x`),
      ...(engines.length > 0 ? [atMost("the engine's share of it (processor time)", median(engines), 1.5, 's')] : []),
    ];
  } finally {
    await engine.end();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function once(engine: Child): Promise<{ readonly up_s: number; readonly engine_s: number | undefined }> {
  const [began, before] = [performance.now(), cpu_ms(engine.pid)];
  const up = rockpool(engine, 'up');
  await Promise.race([firstAnswer(engine), up.then(() => firstAnswer(engine))]);
  const [up_s, after] = [(performance.now() - began) / 1000, cpu_ms(engine.pid)];
  await up;
  await rockpool(engine, 'down');
  return { up_s, engine_s: before === undefined || after === undefined ? undefined : (after - before) / 1000 };
}

/** Asks the listener, once there is one, until it answers 200. */
async function firstAnswer({ port }: Child): Promise<void> {
  for (const began = performance.now(); performance.now() - began < limit_ms; await wait(25)) {
    const { listeners } = (await (await fetch(`http://127.0.0.1:${port}/_rockpool/listeners`)).json()) as {
      listeners: { address: string }[];
    };
    const [listener] = listeners;
    if (listener && (await fetch(`${listener.address}/health`).catch(() => undefined))?.status === 200) return;
  }
  throw new Error(`nothing answered with 200 within ${limit_ms / 1000} s`);
}

function rockpool({ port }: Child, verb: 'up' | 'down'): Promise<void> {
  const words = [verb, '--app', 'examples/license-manager', '-c', 'alertEmail=ops@example.com'];
  const child = spawn(process.execPath, ['packages/cli/bin/rockpool.mjs', ...words], {
    cwd: root,
    env: { ...process.env, AWS_ENDPOINT_URL: `http://127.0.0.1:${port}` },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  return new Promise((resolve, reject) => {
    child.once('close', (code) => (code === 0 ? resolve() : reject(new Error(`rockpool ${verb}: ${said}`))));
  });
}
