import type { Instruction } from './dockerfile.ts';
import type { Healthcheck } from './image-config.ts';

const options = {
  interval: 'Interval',
  timeout: 'Timeout',
  'start-period': 'StartPeriod',
  'start-interval': 'StartInterval',
} as const;

/** `HEALTHCHECK [--interval=...] CMD command` or `HEALTHCHECK NONE`. Throws an `Error` with a sentence. */
export function parseHealthcheck({ flags, text }: Instruction, shell: readonly string[]): Healthcheck {
  if (/^none$/i.test(text)) return { Test: ['NONE'] };
  const [, command] = /^cmd\s+([\s\S]+)$/i.exec(text) ?? [];
  if (command === undefined) throw new Error('must go on with CMD or be NONE');
  const check: Healthcheck = { Test: testOf(command, shell) };
  for (const [flag, value] of Object.entries(flags)) {
    const field = options[flag as keyof typeof options];
    if (field) check[field] = parseDuration(value);
    else if (flag === 'retries' && /^\d+$/.test(value)) check.Retries = Number(value);
    else throw new Error(`--${flag}=${value} is not understood`);
  }
  return check;
}

function testOf(command: string, shell: readonly string[]): string[] {
  try {
    const list: unknown = JSON.parse(command);
    if (Array.isArray(list)) return ['CMD', ...list.map(String)];
  } catch {
    // No list: a line for the shell.
  }
  return shell[0] === '/bin/sh' ? ['CMD-SHELL', command] : ['CMD', ...shell, command];
}

const units: Readonly<Record<string, number>> = {
  ns: 1,
  us: 1e3,
  µs: 1e3,
  ms: 1e6,
  s: 1e9,
  m: 60e9,
  h: 3600e9,
};

/** Go's notation, `1m30s`, in nanoseconds. */
function parseDuration(text: string): number {
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(ns|us|µs|ms|s|m|h)/g)];
  if (parts.length === 0 || parts.map(([part]) => part).join('') !== text)
    throw new Error(`${text} is no duration such as 30s or 1m30s`);
  return parts.reduce((sum, [, number, unit = '']) => sum + Number(number) * (units[unit] ?? 0), 0);
}
