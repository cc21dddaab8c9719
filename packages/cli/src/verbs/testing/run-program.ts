import { makeProgram } from '../../program.ts';
import { renderError } from '../../render-error.ts';
import type { Terminal } from '../../terminal.ts';

export interface Outcome {
  readonly out: string;
  readonly err: string;
  readonly exitCode: number;
}

/** Runs a command line in this process, as `main.ts` does in one of its own. */
export async function runProgram(
  words: readonly string[],
  environment: Readonly<Record<string, string>>,
): Promise<Outcome> {
  const told = { out: '', err: '' };
  const terminal: Terminal = {
    out(text) {
      told.out += text;
    },
    err(text) {
      told.err += text;
    },
    interactive: false,
    columns: 100,
    ask: async () => undefined,
  };
  try {
    await makeProgram(terminal, environment).parseAsync(['node', 'rockpool', ...words]);
    return { ...told, exitCode: 0 };
  } catch (error) {
    const { text, exitCode } = renderError(error);
    return { ...told, err: told.err + text, exitCode };
  }
}
