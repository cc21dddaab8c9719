import { chunks, messageOf } from '../aws.ts';
import { changeLine, writeLastChange } from '../desired-count.ts';
import { type WakeUp, wakeUpName } from '../lambda-edge.ts';
import { sendMail } from '../mail.ts';
import { lastScaleIn, scaleInState } from '../scaled-service.ts';
import { dropAlarms } from '../task-alarm.ts';
import { runCommand } from './run-command.ts';
import type { ScaleInParts } from './scale-in.ts';
import { type ScaleIn, write } from './state.ts';
import type { Step } from './steps.ts';

/** What the steps of one round share. `scaleIn` follows what is written down. */
export interface Acting {
  readonly parts: ScaleInParts;
  scaleIn: ScaleIn | undefined;
  readonly event: WakeUp;
  /** When the call has to be over. */
  readonly end: number;
}

/** Does one step. It decides nothing. */
export async function take(step: Step, acting: Acting): Promise<void> {
  const { aws, settings } = acting.parts;
  const { cluster, service } = settings;
  switch (step.do) {
    case 'lock':
      return lock(step.scaleIn, acting);
    case 'note':
      return note(step.change, acting);
    case 'protect':
      return protect(step.taskIds, { protectionEnabled: true, expiresInMinutes: step.minutes }, acting);
    case 'unprotect':
      return protect(step.taskIds, { protectionEnabled: false }, acting);
    case 'set-desired':
      await aws.updateService({ cluster, service, desiredCount: step.to });
      return logChange(step, acting);
    case 'run-command':
      return note(await runCommand(acting), acting);
    case 'drop-alarms': {
      const { upperAlarms, lowerAlarms } = settings;
      return dropAlarms(aws, [upperAlarms + step.taskId, lowerAlarms + step.taskId]);
    }
    case 'mail':
      await sendMail(aws, settings, step.mail);
      return note({ mailed: [...required(acting).mailed, step.kind] }, acting);
    case 'remember':
      return remember(acting);
    case 'unlock':
      await aws.deleteParameter({ Name: scaleInState(settings) });
      logEnd(acting);
      acting.scaleIn = undefined;
  }
}

/** Notes what failed. It can be done again, and is given up after a number of failures in a row. */
export async function noteTrouble(step: Step, error: unknown, acting: Acting): Promise<void> {
  const { trouble } = required(acting);
  const name = nameOf(step);
  const times = trouble?.step === name ? trouble.times + 1 : 1;
  await note({ trouble: { step: name, message: messageOf(error), times } }, acting);
}

/** A mail is a step of its own for each kind. */
export const nameOf = (step: Step): string => (step.do === 'mail' ? `mail ${step.kind}` : step.do);

function required({ scaleIn }: Acting): ScaleIn {
  if (!scaleIn) throw new Error('a step of a scale-in needs one that has begun');
  return scaleIn;
}

async function lock(scaleIn: ScaleIn, acting: Acting): Promise<void> {
  const { aws, settings, log } = acting.parts;
  await aws.putParameter({
    Name: scaleInState(settings),
    Value: write(scaleIn),
    Type: 'String',
    Tier: 'Intelligent-Tiering',
    // The one call of SSM that only one caller can win.
    Overwrite: false,
    Description: `The scale-in of ${settings.service} that goes on`,
  });
  acting.scaleIn = scaleIn;
  const { victim, because } = scaleIn;
  log({
    event: 'scale-in-requested',
    service: settings.service,
    task: victim.id,
    ...because,
    wokenBy: wakeUpName(acting.event),
  });
}

async function note(change: Partial<ScaleIn>, acting: Acting): Promise<void> {
  const { aws, settings, log } = acting.parts;
  const before = required(acting);
  const after: ScaleIn = { ...before, ...change };
  await aws.putParameter({
    Name: scaleInState(settings),
    Value: write(after),
    Type: 'String',
    Tier: 'Intelligent-Tiering',
    Overwrite: true,
  });
  acting.scaleIn = after;
  if (after.phase !== before.phase) {
    log({
      event: 'scale-in-phase',
      task: after.victim.id,
      from: before.phase,
      to: after.phase,
      outcome: after.outcome,
    });
  }
}

async function protect(
  taskIds: readonly string[],
  protection: { readonly protectionEnabled: boolean; readonly expiresInMinutes?: number },
  acting: Acting,
): Promise<void> {
  const { aws, settings } = acting.parts;
  for (const tasks of chunks(taskIds, 10)) {
    const { failures = [] } = await aws.updateTaskProtection({ cluster: settings.cluster, tasks, ...protection });
    // A task that is gone needs no protection and can lose none.
    const [failure] = failures.filter(({ reason }) => reason !== 'MISSING');
    if (failure && protection.protectionEnabled) {
      throw new Error(
        `ECS does not protect ${failure.arn ?? tasks.join(', ')}: ${failure.reason ?? failure.detail ?? ''}`,
      );
    }
  }
}

function logChange({ from, to, reason }: { from: number; to: number; reason: string }, acting: Acting): void {
  const { settings, now, log } = acting.parts;
  const { because, victim } = required(acting);
  const change = { at: now(), from, to, reason, ...because, task: victim.id };
  log(changeLine(settings, change, { actor: settings.actor, event: acting.event }));
}

/** Begins the cooldown, which an aborted scale-in has too: what stood in its way will not be gone in a minute. */
async function remember(acting: Acting): Promise<void> {
  const { aws, settings, now } = acting.parts;
  const { count, because, victim, outcome } = required(acting);
  await writeLastChange(aws, lastScaleIn(settings), {
    ...because,
    at: now(),
    from: count.from,
    to: outcome?.kind === 'aborted' ? count.from : count.to,
    reason: outcome?.reason ?? '',
    task: victim.id,
    done: true,
  });
}

function logEnd(acting: Acting): void {
  const { settings, now, log } = acting.parts;
  const { victim, outcome, requestedAt, chosenAt, drainedAt, exit, command } = required(acting);
  const took_ms = now() - requestedAt;
  log({
    event: 'scale-in-ended',
    service: settings.service,
    task: victim.id,
    ...outcome,
    took_ms,
    chosenAt,
    drainedAt,
    exit,
    command,
  });
}
