import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { BlobStore } from '../../kernel/blob-store.ts';
import { isAlive, killGroup, machineProcesses, type ProcessIdentity } from '../../runtimes/process/processes.ts';
import type { FunctionRunner } from '../../services/lambda/function-runner.ts';
import { codeFolders } from './code-folders.ts';
import { type EnvironmentProcess, processRecord, searchPath, startEnvironment } from './environment-process.ts';
import { findRuntime } from './find-runtime.ts';

/** A process takes some 50 MB; many more than this and the machine does nothing else. */
const environments_max = 64;

/** Runs functions as processes of this machine: one an environment, which ends when the engine does. */
export function processFunctions({
  directory,
  blobs,
}: {
  readonly directory: string;
  readonly blobs: BlobStore;
}): FunctionRunner {
  const folder = join(directory, 'environments');
  mkdirSync(folder, { recursive: true });
  endLeftovers(folder);
  const code = codeFolders(directory, blobs);
  const running = new Map<string, EnvironmentProcess>();
  return {
    environments_max,
    refuses(runtime) {
      const found = findRuntime(runtime, searchPath());
      return typeof found === 'string' ? found : undefined;
    },
    invoke(environment, event, report) {
      const known = running.get(environment.id);
      if (known) return known.hand(event, report);
      const launch = findRuntime(environment.runtime, searchPath());
      if (typeof launch === 'string') return report({ kind: 'exited', reason: launch });
      try {
        const started = startEnvironment(environment, {
          launch,
          codeFolder: code.unpack(environment.digest),
          ownFolder: join(folder, environment.id),
        });
        running.set(environment.id, started);
        void started.gone.then(() => {
          running.delete(environment.id);
          code.prune();
        });
        started.hand(event, report);
      } catch (error) {
        report({ kind: 'exited', reason: error instanceof Error ? error.message : String(error) });
      }
    },
    end(id) {
      running.get(id)?.kill();
      running.delete(id);
    },
    async close() {
      const all = [...running.values()];
      for (const each of all) each.kill();
      await Promise.all(all.map(({ gone }) => gone));
      code.prune();
    },
  };
}

/** A function that never comes to rest does not notice that its engine was killed. */
function endLeftovers(folder: string): void {
  const processes = machineProcesses(process.platform);
  for (const name of readdirSync(folder)) {
    const left = recordOf(join(folder, name));
    if (left && isAlive(processes, left)) killGroup(processes, left);
    rmSync(join(folder, name), { recursive: true, force: true });
  }
}

function recordOf(folder: string): ProcessIdentity | undefined {
  try {
    return JSON.parse(readFileSync(processRecord(folder), 'utf8')) as ProcessIdentity;
  } catch {
    return undefined;
  }
}
