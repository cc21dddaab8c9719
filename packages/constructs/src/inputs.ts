import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { App } from 'aws-cdk-lib';
import { DefinitionError } from './definition-error.ts';
import { constantCase } from './names.ts';

/** A value that a definition asks of whoever deploys it. */
export interface Input<T> {
  readonly kind: 'text' | 'email' | 'integer' | 'choice';
  /** The question, as a person would be asked it. */
  readonly ask: string;
  readonly fallback: T | undefined;
  readonly choices?: readonly string[];
  /** Turns what was given into the value, or says what is wrong with it. */
  parse(given: string): { readonly value: T } | { readonly problem: string };
}

interface Question<T> {
  readonly ask: string;
  /** Used when nothing is given. Without it the input is required. */
  readonly default?: T;
}

/** The kinds of input. Declare them in one table and give that to `readInputs`. */
export const input = {
  text: (question: Question<string>): Input<string> => ({
    kind: 'text',
    ask: question.ask,
    fallback: question.default,
    parse: (given) => (given === '' ? { problem: 'is empty' } : { value: given }),
  }),

  email: (question: Question<string>): Input<string> => ({
    kind: 'email',
    ask: question.ask,
    fallback: question.default,
    parse: (given) => (/^[^\s@]+@[^\s@]+$/.test(given) ? { value: given } : { problem: 'is not a mail address' }),
  }),

  integer: (question: Question<number> & { readonly min?: number; readonly max?: number }): Input<number> => ({
    kind: 'integer',
    ask: question.ask,
    fallback: question.default,
    parse(given) {
      const value = Number(given);
      const { min = -Infinity, max = Infinity } = question;
      if (given === '' || !Number.isInteger(value)) return { problem: 'is not a whole number' };
      return value < min || value > max ? { problem: `is not between ${min} and ${max}` } : { value };
    },
  }),

  choice: <const T extends string>(question: Question<T> & { readonly of: readonly T[] }): Input<T> => ({
    kind: 'choice',
    ask: question.ask,
    fallback: question.default,
    choices: question.of,
    parse(given) {
      const value = question.of.find((option) => option === given);
      return value === undefined ? { problem: `is none of ${question.of.join(', ')}` } : { value };
    },
  }),
};

type Values<T extends Record<string, Input<unknown>>> = {
  readonly [K in keyof T]: T[K] extends Input<infer V> ? V : never;
};

/** One input nobody gave, as the command line reads it from `MISSING_INPUTS_FILE` to ask for it. */
export interface MissingInput {
  readonly name: string;
  readonly kind: Input<unknown>['kind'];
  readonly ask: string;
  readonly choices?: readonly string[];
  /** The environment variable that gives it. */
  readonly variable: string;
}

/**
 * Written into the folder of the cloud assembly when inputs are missing: `{ "missing": MissingInput[] }`.
 * A command line with a terminal asks for them and synthesises again with the answers as context.
 */
export const MISSING_INPUTS_FILE = 'missing-inputs.json';

/**
 * Reads every input of a definition: from the CDK context (`-c name=value`, `cdk.json`), then from the environment
 * variable `ROCKPOOL_INPUT_<NAME>`, then its default. All that are missing are reported at once.
 */
export function readInputs<const T extends Record<string, Input<unknown>>>(
  app: App,
  declared: T,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Values<T> {
  const values: Record<string, unknown> = {};
  const missing: MissingInput[] = [];
  for (const [name, { kind, ask, choices, fallback, parse }] of Object.entries(declared)) {
    const variable = `ROCKPOOL_INPUT_${constantCase(name)}`;
    const given: unknown = app.node.tryGetContext(name) ?? environment[variable];
    if (given === undefined && fallback === undefined) {
      missing.push({ name, kind, ask, ...(choices && { choices }), variable });
      continue;
    }
    if (given === undefined) {
      values[name] = fallback;
      continue;
    }
    const parsed = parse(String(given).trim());
    if ('problem' in parsed) throw invalidInput(name, String(given), parsed.problem, ask);
    values[name] = parsed.value;
  }
  reportMissing(missing, environment['CDK_OUTDIR']);
  return values as Values<T>;
}

function invalidInput(name: string, given: string, problem: string, ask: string): DefinitionError {
  return new DefinitionError('InvalidInput', `the input "${name}" is "${given}", which ${problem}`, [
    `${ask} Give it with -c ${name}=...`,
  ]);
}

function reportMissing(missing: readonly MissingInput[], assembly: string | undefined): void {
  const file = assembly === undefined ? undefined : join(assembly, MISSING_INPUTS_FILE);
  const [first] = missing;
  if (first === undefined) {
    if (file !== undefined) rmSync(file, { force: true });
    return;
  }
  if (file !== undefined && assembly !== undefined) {
    mkdirSync(assembly, { recursive: true });
    writeFileSync(file, `${JSON.stringify({ missing }, undefined, 2)}\n`);
  }
  const names = missing.map(({ name, ask }) => `"${name}" (${ask})`).join(', ');
  const noun = missing.length === 1 ? 'the input' : `${missing.length} inputs`;
  throw new DefinitionError('MissingInput', `${noun} ${names} ${missing.length === 1 ? 'is' : 'are'} missing`, [
    `as context: -c ${first.name}=..., or "context": { "${first.name}": "..." } in cdk.json`,
    `from the environment: ${first.variable}=...`,
    'or run `rockpool up` on a terminal, which asks for it',
  ]);
}
