import { spawn } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { delimiter, dirname, join, resolve } from 'node:path';
import { UserError } from '@rockpool/engine/user-error';
import type { Session } from '../session.ts';

export interface AppOptions {
  readonly app: string;
  /** `name=value`, as often as given. */
  readonly context?: readonly string[];
}

interface CdkConfiguration {
  readonly app: string;
  readonly context: Readonly<Record<string, unknown>>;
}

/** An input that the definition asks for and nobody gave, as `@rockpool/constructs` writes it. */
interface MissingInput {
  readonly name: string;
  readonly ask: string;
}

/** Runs the app of a folder's `cdk.json` and returns where its cloud assembly is. What is missing is asked for on a terminal. */
export async function synthesize(session: Session, options: AppOptions, account: string): Promise<string> {
  const folder = resolve(options.app);
  const { app, context } = readConfiguration(folder);
  const out = join(folder, 'cdk.out');
  const given = { ...context, ...parseContext(options.context ?? []) };
  for (;;) {
    const missingFile = join(out, 'missing-inputs.json');
    rmSync(missingFile, { force: true });
    const { code, output } = await runApp(app, folder, { out, context: given, account, region: session.region });
    if (code === 0) return out;
    const missing = existsSync(missingFile)
      ? (JSON.parse(readFileSync(missingFile, 'utf8')) as { missing: MissingInput[] }).missing
      : [];
    const answers = await askFor(session, missing);
    if (!answers) throw synthesisFailed(app, code, output, missing);
    Object.assign(given, answers);
  }
}

/** The assembly of the last synthesis, where there is one: what was deployed is what is deleted, and nobody need be asked again. */
export function synthesized({ app }: AppOptions): string | undefined {
  const out = join(resolve(app), 'cdk.out');
  return existsSync(join(out, 'manifest.json')) ? out : undefined;
}

function readConfiguration(folder: string): CdkConfiguration {
  const file = join(folder, 'cdk.json');
  const next = ['name the folder that has a cdk.json: rockpool up --app DIR'];
  if (!existsSync(file)) throw new UserError('NoApp', `there is no cdk.json in ${folder}`, { next });
  const parsed = readJson(file);
  if (typeof parsed['app'] !== 'string')
    throw new UserError('NoApp', `${file} has no "app" command`, { next: ['add one, such as "app": "node infra.ts"'] });
  const stored = join(folder, 'cdk.context.json');
  const context = {
    ...(existsSync(stored) ? readJson(stored) : {}),
    ...((parsed['context'] as object | undefined) ?? {}),
  };
  return { app: parsed['app'], context };
}

function readJson(file: string): Record<string, unknown> {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
  } catch (cause) {
    throw new UserError('NoApp', `${file} is not valid JSON: ${cause instanceof Error ? cause.message : cause}`, {
      cause,
    });
  }
}

export function parseContext(given: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    given.map((one) => {
      const at = one.indexOf('=');
      if (at < 1)
        throw new UserError('WrongOption', `--context is "${one}", which is not name=value`, {
          next: ['for example: -c alertEmail=ops@example.com'],
        });
      return [one.slice(0, at), one.slice(at + 1)];
    }),
  );
}

interface Run {
  readonly out: string;
  readonly context: Readonly<Record<string, unknown>>;
  readonly account: string;
  readonly region: string;
}

/** The contract between the CDK command line and an app: context and places by environment, the assembly in a folder. */
function runApp(
  app: string,
  folder: string,
  { out, context, account, region }: Run,
): Promise<{ code: number; output: string }> {
  const env = {
    ...process.env,
    // The app runs on the Node that runs this.
    PATH: [dirname(process.execPath), process.env['PATH']].join(delimiter),
    CDK_OUTDIR: out,
    CDK_CONTEXT_JSON: JSON.stringify(context),
    CDK_DEFAULT_ACCOUNT: account,
    CDK_DEFAULT_REGION: region,
    // The engine checks every property itself when it deploys; here that would only cost a second.
    CDK_VALIDATION: 'false',
  };
  return new Promise((resolve, reject) => {
    const child = spawn(app, { cwd: folder, env, shell: true, stdio: ['ignore', 'pipe', 'pipe'] });
    const chunks: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.once('error', reject);
    child.once('close', (code) => resolve({ code: code ?? 1, output: Buffer.concat(chunks).toString() }));
  });
}

async function askFor(
  { terminal }: Session,
  missing: readonly MissingInput[],
): Promise<Record<string, string> | undefined> {
  const answers: Record<string, string> = {};
  for (const { name, ask } of missing) {
    const answer = (await terminal.ask(`${ask} (${name}) `))?.trim();
    if (!answer) return undefined;
    answers[name] = answer;
  }
  return missing.length > 0 ? answers : undefined;
}

const outputLines_max = 20;

function synthesisFailed(app: string, code: number, output: string, missing: readonly MissingInput[]): UserError {
  const [first] = missing;
  if (first) {
    const names = missing.map(({ name, ask }) => `"${name}" (${ask})`).join(', ');
    return new UserError('MissingInput', `the app needs ${names}, and there is no terminal to ask on`, {
      next: [
        `give it: -c ${first.name}=...`,
        `or in the environment: ROCKPOOL_INPUT_${first.name.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toUpperCase()}=...`,
      ],
    });
  }
  const shown = output.trimEnd().split('\n').slice(-outputLines_max).join('\n  ');
  return new UserError('SynthesisFailed', `the app does not synthesise: \`${app}\` ended with ${code}\n  ${shown}`, {
    next: ['put right what it says, then run `rockpool up` again'],
  });
}
