import { readFileSync, writeFileSync } from 'node:fs';
import { runProgram } from './run-program.ts';

/** What a session file may ask of the world between two commands, by the first word after `@`. */
export type Happenings = Readonly<Record<string, (words: readonly string[]) => void>>;

/**
 * Plays a session file: `$ ` lines are commands, `@ ` lines let something happen, `# ` lines tell the reader what to look at, and all else is what the
 * commands have printed (`2> `: on standard error). Gives the file as it should be, for comparing; with UPDATE=1 it is rewritten.
 */
export async function playSession(
  path: string,
  environment: Readonly<Record<string, string>>,
  happenings: Happenings,
): Promise<{ readonly written: string; readonly played: string }> {
  const written = readFileSync(path, 'utf8');
  let played = '';
  for (const line of written.split('\n').filter((text) => /^(\$|@|#) /.test(text))) {
    const [, ...words] = line.split(' ');
    if (line.startsWith('#')) played += `${played ? '\n' : ''}${line}\n`;
    else played += `${line}\n`;
    if (line.startsWith('@')) happen(words, happenings);
    if (line.startsWith('$')) played += await output(words.slice(1), environment);
  }
  if (process.env['UPDATE']) writeFileSync(path, played);
  return { written: process.env['UPDATE'] ? played : written, played };
}

function happen([what = '', ...words]: readonly string[], happenings: Happenings): void {
  const happening = happenings[what];
  if (!happening) throw new Error(`the session asks for "${what}", which its test does not know`);
  happening(words);
}

async function output(words: readonly string[], environment: Readonly<Record<string, string>>): Promise<string> {
  const { out, err, exitCode } = await runProgram(words, environment);
  const told = err
    .split('\n')
    .slice(0, -1)
    .map((line) => `2> ${line}\n`)
    .join('');
  return `${out}${told}${exitCode === 0 ? '' : `[exit ${exitCode}]\n`}`;
}
