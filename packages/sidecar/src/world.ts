import { createPublisher } from './cloudwatch.ts';
import type { SidecarWorld } from './sidecar.ts';

/** The real world: HTTP, CloudWatch, the machine's timers and standard output. */
export function createWorld(): SidecarWorld {
  return {
    read: readJson,
    publish: createPublisher(),
    now: () => performance.now(),
    wait,
    log(line) {
      process.stdout.write(`${JSON.stringify({ sidecar: 'rockpool', ...line })}\n`);
    },
  };
}

async function readJson(url: string, signal: AbortSignal): Promise<unknown> {
  const response = await fetch(url, {
    headers: { accept: 'application/json' },
    signal: AbortSignal.any([signal, AbortSignal.timeout(5_000)]),
  });
  if (!response.ok) {
    await response.body?.cancel();
    throw new Error(`HTTP ${response.status}`);
  }
  return response.json();
}

function wait(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted || ms <= 0) return resolve();
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done);
  });
}
