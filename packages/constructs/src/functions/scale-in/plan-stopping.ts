import {
  COMMAND_RETRY_MS,
  COMMAND_TIMEOUT_MS,
  COMMAND_TRIES,
  type ScaleInSettings,
  STOP_MARGIN_MS,
} from './settings.ts';
import type { CommandState, Outcome, ScaleIn } from './state.ts';
import { note, type Plan, type Step, wait } from './steps.ts';
import { tell } from './telling.ts';
import { isGone, type Task, type World } from './world.ts';

/** Shuts the application down and waits until its task has stopped. ECS's SIGTERM comes anyway, at the end of draining. */
export function planStopping(scaleIn: ScaleIn, world: World, settings: ScaleInSettings): Plan {
  const { now } = world;
  const late = scaleIn.drainedAt === undefined ? [] : tell('drained', scaleIn, now, settings);
  if (late.length > 0) return { steps: late };

  const victim = world.tasks.find(({ arn }) => arn === scaleIn.victim.arn);
  if (victim === undefined || isGone(victim)) {
    const { exit } = victim ?? {};
    return { steps: [note({ phase: 'clean', outcome: outcomeOf(exit), ...(exit && { exit }) })] };
  }
  const command = settings.command.length > 0 ? stepsOfCommand(scaleIn.command, now) : [];
  if (command.length > 0) return { steps: command };

  const deadline = (scaleIn.chosenAt ?? now) + settings.drainTimeout_ms + settings.stopTimeout_ms + STOP_MARGIN_MS;
  if (now > deadline) {
    const reason = `ECS has not stopped the task: it is ${victim.lastStatus}`;
    return { steps: [note({ phase: 'clean', outcome: { kind: 'failed', reason } })] };
  }
  return wait(`container ${victim.id} stops (${victim.lastStatus})`);
}

function outcomeOf(exit: Task['exit']): Outcome {
  if (!exit) return { kind: 'failed', reason: 'the task is gone, and ECS no longer tells how it ended' };
  if (exit.code === 0) return { kind: 'stopped', reason: 'the application ended with exit code 0' };
  if (exit.code === 137) return { kind: 'failed', reason: 'the application had to be killed (exit code 137)' };
  if (exit.code === undefined)
    return { kind: 'failed', reason: `the task stopped: ${exit.reason ?? 'no reason given'}` };
  return { kind: 'failed', reason: `the application ended with exit code ${exit.code}` };
}

/** Runs the command once; again only if ECS refused to run it, for it need not be one that can be run twice. */
function stepsOfCommand(command: CommandState | undefined, now: number): Step[] {
  const run = (tries: number): Step[] => [note({ command: { startedAt: now, tries } }), { do: 'run-command' }];
  if (!command) return run(1);
  const age_ms = now - command.startedAt;
  if (command.result === undefined) {
    // The function that ran it died, or still runs.
    return age_ms > COMMAND_TIMEOUT_MS
      ? [note({ command: { ...command, result: { kind: 'hanging', output: '' } } })]
      : [];
  }
  const again = command.result.kind === 'refused' && command.tries < COMMAND_TRIES && age_ms >= COMMAND_RETRY_MS;
  return again ? run(command.tries + 1) : [];
}
