import { expect, test } from 'vitest';
import { parseDockerfile } from './dockerfile.ts';

const parse = (...lines: string[]) => parseDockerfile(lines.join('\n')).instructions;

test('instructions come with their line, flags and text', () => {
  expect(parse('# a comment', '', 'FROM node:24', 'copy --chmod=755 --link a  b', 'CMD ["node", "x.js"]')).toEqual([
    { name: 'FROM', line: 3, flags: {}, text: 'node:24' },
    { name: 'COPY', line: 4, flags: { chmod: '755', link: '' }, text: 'a  b' },
    { name: 'CMD', line: 5, flags: {}, text: '["node", "x.js"]', list: ['node', 'x.js'] },
  ]);
});

test('an instruction goes on over continued lines, comments and empty lines', () => {
  const [, env, cmd] = parse('FROM a', 'ENV A=1 \\', '  # not this', '', '    B=2\\  ', '    C=3', 'CMD x');
  expect(env?.text.split(/\s+/)).toEqual(['A=1', 'B=2', 'C=3']);
  expect(cmd).toMatchObject({ name: 'CMD', line: 7 });
});

test('a file may end in the middle of a continuation, and have lines of Windows', () => {
  expect(parse('FROM a', 'CMD x \\')[1]?.text).toBe('x');
  expect(parseDockerfile('\uFEFFFROM a\r\nCMD \\\r\n x\r\n').instructions.map(({ text }) => text.trim())).toEqual([
    'a',
    'x',
  ]);
});

test('the escape directive changes what continues a line', () => {
  const { instructions, escapeChar } = parseDockerfile('# escape=`\nFROM a\nCOPY c:\\ `\n d');
  expect(escapeChar).toBe('`');
  expect(instructions[1]?.text).toMatch(/^c:\\\s+d$/);
  expect(parseDockerfile('# first\n# escape=`\nFROM a').escapeChar).toBe('\\');
});

test('what looks like a list but is none is a shell command', () => {
  expect(parse('FROM a', "CMD ['node']")[1]).not.toHaveProperty('list');
  expect(parse('FROM a', 'CMD [1]')[1]).not.toHaveProperty('list');
});

test.each([
  { lines: ['FORM a'], says: 'Dockerfile line 1: unknown instruction FORM' },
  { lines: ['FROM a', '', 'CMD'], says: 'Dockerfile line 3: CMD says nothing' },
  { lines: ['# nothing'], says: 'Dockerfile line 1: there is no instruction' },
  { lines: ['ARG A', 'RUN x', 'FROM a'], says: 'Dockerfile line 2: RUN stands before FROM' },
])('$says', ({ lines, says }) => {
  expect(() => parse(...lines)).toThrow(says);
});
