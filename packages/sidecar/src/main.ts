import { readSettings } from './settings.ts';
import { runSidecar } from './sidecar.ts';
import { UserError } from './user-error.ts';
import { createWorld } from './world.ts';

const stop = new AbortController();
// As the first process of a container Node gets no signal it does not listen for.
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => stop.abort());

runSidecar(readSettingsOrExit(), createWorld(), stop.signal).then(() => process.exit(0));

function readSettingsOrExit() {
  try {
    return readSettings(process.env);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    process.stderr.write(`sidecar: ${error.message}\n${error.next.map((next) => `  next: ${next}\n`).join('')}`);
    process.exit(1);
  }
}
