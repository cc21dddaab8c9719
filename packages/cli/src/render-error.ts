import { UserError } from '@rockpool/engine/user-error';
import { CommanderError } from 'commander';

/** A verb that ran to its end and found that things are not as they should be: an exit code, without an error text. */
export class Failed extends Error {
  readonly exitCode: number;

  constructor(exitCode = 1) {
    super(`failed with exit code ${exitCode}`);
    this.exitCode = exitCode;
  }
}

/** 0 done, 1 the user can put it right, 2 the command line is wrong, 70 a bug of ours (sysexits' EX_SOFTWARE). */
export function renderError(error: unknown): { readonly text: string; readonly exitCode: number } {
  if (error instanceof CommanderError) return { text: '', exitCode: error.exitCode === 0 ? 0 : 2 };
  if (error instanceof Failed) return { text: '', exitCode: error.exitCode };
  if (error instanceof UserError)
    return {
      text: `error: ${error.message} (${error.code})\n${error.next.map((step) => `  next: ${step}\n`).join('')}`,
      exitCode: 1,
    };
  if (isAnswer(error)) return { text: `error: ${error.name}: ${error.message}\n`, exitCode: 1 };
  return { text: `bug: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`, exitCode: 70 };
}

/** An error that a service answered, as the SDKs throw it. */
const isAnswer = (error: unknown): error is Error => error instanceof Error && '$metadata' in error;
