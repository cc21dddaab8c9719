import { type CloudWatch, type Ecs, isAwsError, type Mailing, messageOf, type Parameters } from '../aws.ts';
import { asksWhy, type WakeUp } from '../lambda-edge.ts';
import type { SessionResult, SessionStream } from '../session/session.ts';
import { alarmsThatAreOn } from '../task-alarm.ts';
import { type ObservedAws, observe } from './observe.ts';
import { planScaleIn } from './plan-scale-in.ts';
import { readScaleIn } from './read-scale-in.ts';
import type { ScaleInSettings } from './settings.ts';
import type { ScaleIn } from './state.ts';
import type { Step } from './steps.ts';
import { type Acting, nameOf, noteTrouble, take } from './take.ts';

export type ScaleInAws = ObservedAws &
  Pick<Ecs, 'updateService' | 'updateTaskProtection' | 'executeCommand'> &
  Pick<CloudWatch, 'deleteAlarms'> &
  Parameters &
  Mailing;

export interface ScaleInParts {
  readonly settings: ScaleInSettings;
  readonly aws: ScaleInAws;
  /** Milliseconds since the epoch, and milliseconds, of the platform's clock. */
  now(): number;
  sleep(duration_ms: number): Promise<void>;
  /** Follows a session that ExecuteCommand opened until it ends or that time is over. */
  followSession(stream: SessionStream, timeout_ms: number): Promise<SessionResult>;
  log(entry: object): void;
}

/** What one call of the function saw and did. */
export interface ScaleInReport {
  /** The scale-in that goes on, if there is one when the call ends. */
  readonly scaleIn: ScaleIn | undefined;
  readonly did: readonly Step['do'][];
  /** What the next thing to do depends on. */
  readonly waiting: string | undefined;
}

const POLL_MS = 2_000;
/** For how long one call looks again and again. The rest of its time is for a command that it began to run. */
const LOOK_MS = 45_000;
const RETRY_MS = 5_000;
/** More rounds than any scale-in needs: past that a decision and the world disagree for ever. */
const MAX_ROUNDS = 500;

/**
 * The graceful scale-in: looks, decides, acts, again and again, for as long as it is given (`budget_ms`) and there is
 * something going on. It can end anywhere and be called at any time: where it is stands in a parameter.
 */
export function createScaleIn(parts: ScaleInParts) {
  return async (event: WakeUp, budget_ms = 0): Promise<ScaleInReport> => {
    const { aws, settings, now, sleep, log } = parts;
    const end = now() + budget_ms;
    const lookUntil = now() + Math.min(LOOK_MS, budget_ms);
    const did: Step['do'][] = [];
    for (let round = 0; round < MAX_ROUNDS; round += 1) {
      const scaleIn = await readScaleIn(aws, settings);
      if (!scaleIn && (await alarmsThatAreOn(aws, settings.lowerAlarms)).length === 0) {
        return { scaleIn, did, waiting: undefined };
      }
      const world = await observe(aws, scaleIn, { now: now(), settings });
      const { steps, waiting } = planScaleIn(scaleIn, world, settings);
      const acting: Acting = { parts, scaleIn, event, end };
      const failed = await takeAll(steps, acting, did);
      if (!failed && steps.length > 0) continue;

      const pause_ms = failed ? RETRY_MS : POLL_MS;
      if (!acting.scaleIn || now() + pause_ms > lookUntil) {
        if (waiting !== undefined && (scaleIn || asksWhy(event)))
          log({ event: 'waiting', reason: waiting, task: scaleIn?.victim.id });
        return { scaleIn: acting.scaleIn, did, waiting };
      }
      await sleep(pause_ms);
    }
    throw new Error(`the scale-in of ${settings.service} does not come to rest`);
  };
}

/** Whether a step failed. What failed is noted, so that the plan can give it up when it fails again and again. */
async function takeAll(steps: readonly Step[], acting: Acting, did: Step['do'][]): Promise<boolean> {
  for (const step of steps) {
    try {
      await take(step, acting);
      did.push(step.do);
    } catch (error) {
      // Somebody else was first. Theirs is the scale-in that goes on.
      if (step.do === 'lock' && isAwsError(error, 'ParameterAlreadyExists')) return false;
      acting.parts.log({ event: 'step-failed', step: nameOf(step), error: messageOf(error) });
      if (!acting.scaleIn) throw error;
      await noteTrouble(step, error, acting);
      return true;
    }
  }
  return false;
}
