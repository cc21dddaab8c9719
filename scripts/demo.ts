import { parseArgs } from 'node:util';
import { UserError } from '@rockpool/engine/user-error';
import { systemTerminal } from '../packages/cli/src/edges/system-terminal.ts';
import { renderError } from '../packages/cli/src/render-error.ts';
import { runDemo } from './demo/story.ts';

/** `npm run demo`: the licence manager provisioned on this machine, scaled out under load, drained in, destroyed, and measured on the way. */
const { values } = parseArgs({
  options: {
    speed: { type: 'string', default: '12' },
    json: { type: 'boolean', default: false },
    keep: { type: 'boolean', default: false },
  },
});

try {
  const speed = Number(values.speed);
  if (!(speed >= 1 && speed <= 40))
    throw new UserError('WrongOption', `--speed is "${values.speed}", which is not a factor from 1 to 40`, {
      next: ['npm run demo -- --speed 20'],
    });
  const passed = await runDemo({ speed, json: values.json, terminal: systemTerminal() });
  process.exit(passed ? 0 : 1);
} catch (error) {
  const { text, exitCode } = renderError(error);
  process.stderr.write(text);
  process.exit(exitCode);
}
