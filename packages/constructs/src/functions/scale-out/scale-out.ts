import type { CloudWatch, Ecs, Mailing, Parameters, Scaling } from '../aws.ts';
import {
  changeLine,
  type LastChange,
  readBounds,
  readLastChange,
  readService,
  writeLastChange,
} from '../desired-count.ts';
import { asksWhy, type WakeUp } from '../lambda-edge.ts';
import { sendMail } from '../mail.ts';
import { isLowering, readScaleIn } from '../scale-in/read-scale-in.ts';
import { lastScaleOut } from '../scaled-service.ts';
import { alarmsThatAreOn } from '../task-alarm.ts';
import { planScaleOut, type ScaleOutSettings, type ScaleOutStep, type ScaleOutWorld } from './plan-scale-out.ts';

export type ScaleOutAws = Pick<Ecs, 'describeServices' | 'updateService'> &
  Pick<CloudWatch, 'describeAlarms'> &
  Pick<Parameters, 'getParameter' | 'putParameter'> &
  Scaling &
  Mailing;

export interface ScaleOutParts {
  readonly settings: ScaleOutSettings;
  readonly aws: ScaleOutAws;
  now(): number;
  log(entry: object): void;
}

/** Adds a container while one has too much to do. What woke it does not matter: it looks, decides and acts. */
export function createScaleOut(parts: ScaleOutParts): (event: WakeUp) => Promise<void> {
  return async (event) => {
    const world = await observe(parts);
    const plan = planScaleOut(world, parts.settings);
    for (const step of plan.steps) {
      if (step.do === 'set-desired' && (await isOvertaken(step.change, parts))) return;
      await take(step, parts, event);
    }
    if (plan.waiting !== undefined && asksWhy(event)) parts.log({ event: 'waiting', reason: plan.waiting });
  };
}

async function observe({ aws, settings, now }: ScaleOutParts): Promise<ScaleOutWorld> {
  const [service, bounds, alarms, last, scaleIn] = await Promise.all([
    readService(aws, settings),
    readBounds(aws, settings),
    alarmsThatAreOn(aws, settings.upperAlarms),
    readLastChange(aws, lastScaleOut(settings)),
    readScaleIn(aws, settings),
  ]);
  return { now: now(), service, bounds, alarms, last, lowering: isLowering(scaleIn) };
}

/**
 * Looks again, after the change was written down: a scale-in does the same the other way round, so that of two at the same time one sees
 * the other. The next call finds the change undone and goes on from there.
 */
async function isOvertaken({ from }: LastChange, { aws, settings }: ScaleOutParts): Promise<boolean> {
  if (isLowering(await readScaleIn(aws, settings))) return true;
  return (await readService(aws, settings))?.desired !== from;
}

async function take(step: ScaleOutStep, { aws, settings, log }: ScaleOutParts, event: WakeUp): Promise<void> {
  const { cluster, service, actor } = settings;
  switch (step.do) {
    case 'remember':
      return writeLastChange(aws, lastScaleOut(settings), step.change);
    case 'set-desired': {
      const { done: _, ...change } = step.change;
      await aws.updateService({ cluster, service, desiredCount: step.change.to });
      return log(changeLine(settings, change, { actor, event }));
    }
    case 'mail':
      return sendMail(aws, settings, step.mail);
  }
}
