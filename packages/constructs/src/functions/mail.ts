import type { Mailing } from './aws.ts';
import type { ScaledService } from './scaled-service.ts';

export interface Mail {
  readonly subject: string;
  readonly body: string;
}

type Line = readonly [label: string, value: string | undefined];

/** Writes a mail: a sentence, then what there is to know as a list. Lines without a value are left out. */
export function mail(subject: string, sentence: string, lines: readonly Line[]): Mail {
  const known = lines.flatMap(([label, value]) => (value === undefined ? [] : [[label, value] as const]));
  const width = Math.max(0, ...known.map(([label]) => label.length));
  const list = known.map(([label, value]) => `  ${label.padEnd(width)}  ${value}`);
  return { subject, body: [sentence, '', ...list, ''].join('\n') };
}

// SNS takes subjects of at most 100 ASCII characters on one line.
export async function sendMail(mailing: Mailing, { topicArn }: ScaledService, { subject, body }: Mail): Promise<void> {
  const plain = subject.replace(/[^\x20-\x7e]/g, '?').slice(0, 100);
  await mailing.publish({ TopicArn: topicArn, Subject: plain, Message: body });
}

/** `92000` -> `1 min 32 s`. */
export function inWords(duration_ms: number): string {
  const seconds = Math.max(0, Math.round(duration_ms / 1000));
  const [minutes, rest] = [Math.floor(seconds / 60), seconds % 60];
  return minutes === 0 ? `${rest} s` : `${minutes} min ${rest} s`;
}

/** A figure as people write it: at most two decimals. */
export const figure = (value: number): string => String(Math.round(value * 100) / 100);
