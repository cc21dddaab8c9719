import { scaleInMail } from './mails.ts';
import { MAX_FAILURES, type ScaleInSettings } from './settings.ts';
import type { MailKind, ScaleIn } from './state.ts';
import type { Step } from './steps.ts';

/** The steps that tell people, once: a mail that was sent is not sent again, and one that cannot be sent is given up. */
export function tell(kind: MailKind, scaleIn: ScaleIn, now: number, settings: ScaleInSettings): Step[] {
  if (scaleIn.mailed.includes(kind) || hasFailed(scaleIn, `mail ${kind}`)) return [];
  return [{ do: 'mail', kind, mail: scaleInMail(kind, scaleIn, now, settings) }];
}

/** Whether a step failed so often in a row that it is given up. */
export const hasFailed = ({ trouble }: ScaleIn, step: string): boolean =>
  trouble !== undefined && trouble.step === step && trouble.times >= MAX_FAILURES;
