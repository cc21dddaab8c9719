import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { input, MISSING_INPUTS_FILE, readInputs } from './inputs.ts';

const declared = {
  alertEmail: input.email({ ask: 'Who gets the mails?' }),
  maxContainers: input.integer({ ask: 'How many at most?', default: 6, min: 1, max: 10 }),
  stage: input.choice({ ask: 'Which stage?', of: ['dev', 'prod'] }),
};

const app = (context: Record<string, string | number> = {}) => new App({ context });

let assembly: string;
beforeEach(() => {
  assembly = mkdtempSync(join(tmpdir(), 'rockpool-inputs-'));
});
afterEach(() => rmSync(assembly, { recursive: true }));

test('are the same from context, from the environment and by default', () => {
  const wanted = { alertEmail: 'ops@example.com', maxContainers: 6, stage: 'dev' };
  expect(readInputs(app(wanted), declared, {})).toEqual(wanted);
  expect(readInputs(app({ alertEmail: 'ops@example.com', stage: 'dev' }), declared, {})).toEqual(wanted);
  expect(
    readInputs(app(), declared, {
      ROCKPOOL_INPUT_ALERT_EMAIL: 'ops@example.com',
      ROCKPOOL_INPUT_MAX_CONTAINERS: '6',
      ROCKPOOL_INPUT_STAGE: 'dev',
    }),
  ).toEqual(wanted);
});

test('come from context first', () => {
  const { stage } = readInputs(app({ alertEmail: 'a@b', stage: 'prod' }), declared, { ROCKPOOL_INPUT_STAGE: 'dev' });
  expect(stage).toBe('prod');
});

test('that are missing are all named, with three ways to give them', () => {
  expect(() => readInputs(app(), declared, {})).toThrow(
    [
      '2 inputs "alertEmail" (Who gets the mails?), "stage" (Which stage?) are missing',
      '  - as context: -c alertEmail=..., or "context": { "alertEmail": "..." } in cdk.json',
      '  - from the environment: ROCKPOOL_INPUT_ALERT_EMAIL=...',
      '  - or run `rockpool up` on a terminal, which asks for it',
    ].join('\n'),
  );
});

test('that are missing are left for a command line to ask for, until they are given', () => {
  const file = join(assembly, MISSING_INPUTS_FILE);
  expect(() => readInputs(app(), declared, { CDK_OUTDIR: assembly })).toThrow('missing');
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({
    missing: [
      { name: 'alertEmail', kind: 'email', ask: 'Who gets the mails?', variable: 'ROCKPOOL_INPUT_ALERT_EMAIL' },
      {
        name: 'stage',
        kind: 'choice',
        ask: 'Which stage?',
        choices: ['dev', 'prod'],
        variable: 'ROCKPOOL_INPUT_STAGE',
      },
    ],
  });
  readInputs(app({ alertEmail: 'a@b', stage: 'dev' }), declared, { CDK_OUTDIR: assembly });
  expect(existsSync(file)).toBe(false);
});

test.each([
  { name: 'alertEmail', given: 'nobody', says: 'the input "alertEmail" is "nobody", which is not a mail address' },
  { name: 'maxContainers', given: 'many', says: 'the input "maxContainers" is "many", which is not a whole number' },
  { name: 'maxContainers', given: '11', says: 'the input "maxContainers" is "11", which is not between 1 and 10' },
  { name: 'stage', given: 'test', says: 'the input "stage" is "test", which is none of dev, prod' },
])('that are wrong are refused: $name=$given', ({ name, given, says }) => {
  const context = { alertEmail: 'a@b', stage: 'dev', [name]: given };
  expect(() => readInputs(app(context), declared, {})).toThrow(says);
});
