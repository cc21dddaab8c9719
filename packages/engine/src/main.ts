import { type EngineOptions, startEngine } from './engine.ts';

/** What a process of its own is told on its command line, as one JSON argument. */
export type EngineArguments = Omit<EngineOptions, 'onBug'>;

/** Runs an engine until it is stopped, by its admin surface or a signal. Resolves with the port once it answers. */
export async function runEngine(
  options: EngineArguments,
): Promise<{ readonly port: number; readonly stopped: Promise<void> }> {
  const engine = await startEngine({ ...options, onBug: reportBug });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void engine.stop({ tasks: true }));
  process.on('unhandledRejection', (error) => reportBug(error, 'a promise nobody waited for'));
  return engine;
}

/** A bug is told on standard error, with its stack, and the engine goes on: what was committed stays right. */
function reportBug(error: unknown, where: string): void {
  process.stderr.write(`bug in ${where}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
}
