import type { ThrottleAnswer } from '@rockpool/engine';
import { UserError } from '@rockpool/engine/user-error';
import { admin, engineStatus, type Session } from '../session.ts';
import { wholeNumber } from './numbers.ts';
import { textTable } from './text-table.ts';

export interface ThrottleOptions {
  readonly rate?: string;
  readonly burst?: string;
  readonly clear?: boolean;
}

/** Sets, takes away or lists the limits from which on the engine refuses requests as AWS does those that come too often. */
export async function throttleVerb(
  session: Session,
  requests: string | undefined,
  options: ThrottleOptions,
): Promise<void> {
  const { method, query } = throttleRequest(requests, options);
  await engineStatus(session);
  const path = `throttle${query.size > 0 ? `?${query}` : ''}`;
  const { limits } = await admin<{ limits: ThrottleAnswer[] }>(session, path, { method });
  if (session.json) session.terminal.out(`${JSON.stringify(limits)}\n`);
  else if (limits.length === 0) session.terminal.err('nothing is throttled\n');
  else session.terminal.out(renderLimits(limits));
}

/** What is asked of the admin surface. Throws `UserError` `WrongOption` for what makes no sense together. */
export function throttleRequest(
  requests: string | undefined,
  { rate, burst, clear }: ThrottleOptions,
): { readonly method: 'GET' | 'POST' | 'DELETE'; readonly query: URLSearchParams } {
  const named: Record<string, string> = requests === undefined ? {} : { requests };
  if (clear) {
    if (rate !== undefined || burst !== undefined) throw wrong('--clear takes no --rate and no --burst');
    return { method: 'DELETE', query: new URLSearchParams(named) };
  }
  if (rate === undefined) {
    if (burst !== undefined || requests !== undefined) throw wrong('a limit needs a --rate');
    return { method: 'GET', query: new URLSearchParams() };
  }
  if (requests === undefined) throw wrong('it is not said which requests the --rate is for');
  if (!/^\d{1,9}(\.\d+)?$/.test(rate)) throw wrong(`--rate is "${rate}", which is not a number of requests a second`);
  const burstOf: Record<string, string> = burst === undefined ? {} : { burst: String(wholeNumber('--burst', burst)) };
  return { method: 'POST', query: new URLSearchParams({ ...named, rate, ...burstOf }) };
}

const wrong = (message: string) => new UserError('WrongOption', message, { next: ['rockpool throttle --help'] });

function renderLimits(limits: readonly ThrottleAnswer[]): string {
  const rows = limits.map(({ requests, rate, burst, refused }) => [
    requests,
    `${rate}/s`,
    String(burst),
    String(refused),
  ]);
  return `${textTable([['REQUESTS', 'RATE', 'BURST', 'REFUSED'], ...rows]).join('\n')}\n`;
}
