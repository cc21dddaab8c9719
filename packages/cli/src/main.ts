import { systemTerminal } from './edges/system-terminal.ts';
import { makeProgram } from './program.ts';
import { renderError } from './render-error.ts';

const terminal = systemTerminal();
try {
  await makeProgram(terminal, process.env).parseAsync(process.argv);
} catch (error) {
  const { text, exitCode } = renderError(error);
  terminal.err(text);
  process.exitCode = exitCode;
}
