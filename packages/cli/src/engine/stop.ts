import { setTimeout as wait } from 'node:timers/promises';
import { isAlive } from '@rockpool/engine/state-lock';
import { UserError } from '@rockpool/engine/user-error';
import { admin, engineStatus, type Session } from '../session.ts';

/** Stops the engine and waits until its process is gone. */
export async function stopEngineVerb(
  session: Session,
  { keepTasks = false }: { readonly keepTasks?: boolean },
): Promise<void> {
  const { pid } = await engineStatus(session);
  await admin(session, `stop?tasks=${keepTasks ? 'keep' : 'end'}`, { method: 'POST' });
  for (let waited_ms = 0; isAlive(pid); waited_ms += 50) {
    if (waited_ms > 60_000)
      throw new UserError('EngineDoesNotStop', `the engine (pid ${pid}) is still there after a minute`, {
        next: [`end it: kill -9 ${pid}`],
      });
    await wait(50);
  }
  if (session.json) session.terminal.out(`${JSON.stringify({ stopped: true, pid })}\n`);
  else
    session.terminal.out(
      keepTasks ? 'the engine is stopped; its tasks run on\n' : 'the engine and its tasks are stopped\n',
    );
}
