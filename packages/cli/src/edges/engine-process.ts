import { runEngine } from '@rockpool/engine/main';
import { UserError } from '@rockpool/engine/user-error';
import type { Ready, Refused } from '../engine/start.ts';

/** The process that `engine start --detach` leaves behind. Tells its parent once whether it answers, then goes on alone. */
const tell = (message: Ready | Refused) =>
  new Promise<void>((resolve) => (process.send ? process.send(message, () => resolve()) : resolve()));

try {
  const { port, stopped } = await runEngine(JSON.parse(process.argv[2] ?? '{}'));
  await tell({ port });
  await stopped;
  process.exit(0);
} catch (error) {
  if (error instanceof UserError) await tell({ code: error.code, message: error.message, next: error.next });
  else process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  process.exit(1);
}
