import { createClock } from './clock.ts';
import { findTaskId } from './identity.ts';
import { startLicenceServer } from './licence-server.ts';
import { SettingError } from './setting-error.ts';
import { readSettings } from './settings.ts';

try {
  const settings = readSettings(process.env);
  const clock = createClock(process.env);
  const taskId = await findTaskId(process.env['ECS_CONTAINER_METADATA_URI_V4']);
  const server = await startLicenceServer(settings, { clock, taskId, write: (line) => process.stdout.write(line) });
  // As the first process of a container Node gets no signal it does not listen for.
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => server.stop(signal));
  await server.closed;
  process.exit(0);
} catch (error) {
  process.stderr.write(`licence server: ${describeError(error)}\n`);
  process.exitCode = 1;
}

function describeError(error: unknown): string {
  if (error instanceof SettingError) return `${error.message}\n  next: ${error.next}`;
  if (!(error instanceof Error)) return String(error);
  if ('code' in error && error.code === 'EADDRINUSE') return `${error.message}\n  next: set PORT to a free port`;
  return error.stack ?? error.message;
}
