import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '@rockpool/engine/user-error';
import { type Command, CommanderError } from 'commander';
import { expect, test } from 'vitest';
import { makeProgram } from './program.ts';
import { Failed, renderError } from './render-error.ts';
import { runProgram } from './verbs/testing/run-program.ts';

const silent = {
  out: () => {},
  err: () => {},
  interactive: false,
  columns: 100,
  ask: async () => undefined,
};

/** Every verb with the words that call it. */
const verbs = leaves(makeProgram(silent, {}), []).map((verb) => ({ ...verb, name: verb.words.join(' ') }));

function leaves(command: Command, words: readonly string[]): { command: Command; words: readonly string[] }[] {
  if (command.commands.length === 0) return [{ command, words }];
  return command.commands.flatMap((inner) => leaves(inner, [...words, inner.name()]));
}

const everywhere = ['--endpoint', '--region', '--json'];
const page = readFileSync(join(import.meta.dirname, '../../../docs/cli.md'), 'utf8');
const sectionOf = (name: string) => new RegExp(`^### rockpool ${name}\n([^]*?)(?=^##|$(?![^]))`, 'm').exec(page)?.[1];

test('there are verbs', () => {
  expect(verbs.map(({ name }) => name)).toEqual([
    ...['engine start', 'engine status', 'engine stop', 'up', 'down', 'push', 'status', 'events', 'mail', 'throttle'],
    ...['logs', 'why', 'scale', 'exec'],
  ]);
});

test.each(verbs)('$name --help shows an example', async ({ words }) => {
  const { out, exitCode } = await runProgram([...words, '--help'], {});
  expect(exitCode).toBe(0);
  expect(out).toMatch(new RegExp(`\nExample:\n  rockpool ${words.join(' ')}`));
  for (const option of everywhere) expect(out).toContain(option);
});

test.each(verbs)(
  'docs/cli.md has a section on $name, with its example and every option',
  async ({ command, words, name }) => {
    const section = sectionOf(name);
    expect(section, `write a section "### rockpool ${name}"`).toBeDefined();
    const { out } = await runProgram([...words, '--help'], {});
    const examples = (out.split('\nExample:\n')[1] ?? '').trimEnd().split('\n');
    for (const example of examples) expect(section).toContain(`\n${example.trim()}\n`);
    const own = command.options.filter(({ long = '' }) => !everywhere.includes(long ?? ''));
    for (const { flags } of own) expect(section).toContain(`| \`${flags}\` |`);
    // And none that is not there.
    const told = [...(section ?? '').matchAll(/^\| `(-[^`]+)` \|/gm)].map(([, flags]) => flags);
    expect(told).toEqual(own.map(({ flags }) => flags));
  },
);

test('docs/cli.md tells of no verb that is not there', () => {
  const told = [...page.matchAll(/^### rockpool (.+)$/gm)].map(([, name]) => name);
  expect(told).toEqual(verbs.map(({ name }) => name));
});

test.each([
  { words: ['fly'], says: /unknown command 'fly'/ },
  { words: ['status', '--fast'], says: /unknown option '--fast'/ },
  { words: ['scale', 'web'], says: /missing required argument 'count'/ },
  { words: ['why'], says: /missing required argument 'subject'/ },
  { words: ['exec', 'web'], says: /missing required argument 'command'/ },
  { words: [], says: /Usage: rockpool/ },
])('$words is wrong usage', async ({ words, says }) => {
  const { out, err, exitCode } = await runProgram(words, {});
  expect({ out, exitCode }).toEqual({ out: '', exitCode: 2 });
  expect(err).toMatch(says);
});

test.each(verbs.filter(({ name }) => !/^(engine start|up|down)$/.test(name)))(
  '$name without an engine says how to get one',
  async ({ words, command }) => {
    const given = command.registeredArguments.filter(({ required }) => required).map(() => '1');
    const { out, err, exitCode } = await runProgram([...words, ...given], { AWS_ENDPOINT_URL: 'http://127.0.0.1:9' });
    expect({ out, exitCode }).toEqual({ out: '', exitCode: 1 });
    expect(err).toBe(
      [
        'error: no engine answers at http://127.0.0.1:9 (EngineNotRunning)',
        '  next: start one: rockpool engine start --detach',
        '  next: or name another: --endpoint http://127.0.0.1:PORT',
        '',
      ].join('\n'),
    );
  },
);

test.each([
  { case: 'help', error: new CommanderError(0, 'commander.help', ''), text: '', exitCode: 0 },
  { case: 'wrong usage', error: new CommanderError(1, 'commander.unknownOption', ''), text: '', exitCode: 2 },
  { case: 'a bad outcome', error: new Failed(), text: '', exitCode: 1 },
  { case: 'the exit code of a command', error: new Failed(127), text: '', exitCode: 127 },
  {
    case: 'what the user can put right',
    error: new UserError('Code', 'it is wrong', { next: ['do this', 'or that'] }),
    text: 'error: it is wrong (Code)\n  next: do this\n  next: or that\n',
    exitCode: 1,
  },
  {
    case: 'what a service answered',
    error: Object.assign(new Error('Cluster not found.'), { name: 'ClusterNotFoundException', $metadata: {} }),
    text: 'error: ClusterNotFoundException: Cluster not found.\n',
    exitCode: 1,
  },
])('$case is told, with exit code $exitCode', ({ error, text, exitCode }) => {
  expect(renderError(error)).toEqual({ text, exitCode });
});

test('a bug is told with its stack', () => {
  const { text, exitCode } = renderError(new TypeError('x is undefined'));
  expect(exitCode).toBe(70);
  expect(text).toMatch(/^bug: TypeError: x is undefined\n +at /);
});
