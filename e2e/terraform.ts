import { existsSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { type Outcome, run } from './command.ts';

const provider = 'registry.terraform.io/hashicorp/aws';

/** A folder with Terraform's AWS provider, so that `init` downloads nothing; undefined where there is none, which this says. */
export function findPluginMirror(): string | undefined {
  const places = [
    process.env['TF_PLUGIN_MIRROR'] ?? '/opt/tf-plugins',
    join(homedir(), '.terraform.d/plugins'),
    '/usr/local/share/terraform/plugins',
  ];
  const found = places.find((place) => existsSync(join(place, provider)));
  if (!found)
    process.stderr.write(`\n*** no ${provider} in any of ${places.join(', ')}: Terraform's tests are SKIPPED ***\n\n`);
  return found;
}

/** The command line's configuration that takes providers from there and nowhere else. */
export function writeCliConfig(file: string, mirror: string): string {
  writeFileSync(file, `provider_installation {\n  filesystem_mirror {\n    path = "${mirror}"\n  }\n}\n`);
  return file;
}

export interface Changes {
  readonly added: number;
  readonly changed: number;
  readonly destroyed: number;
}

type Variables = Readonly<Record<string, string>>;

/** Terraform, unmodified, in a folder of modules. Whatever fails throws with what it printed. */
export class Terraform {
  readonly #folder: string;
  readonly #env: Readonly<Record<string, string>>;

  constructor(folder: string, env: Readonly<Record<string, string>>) {
    this.#folder = folder;
    this.#env = { ...env, TF_IN_AUTOMATION: '1', TF_INPUT: '0', CHECKPOINT_DISABLE: '1' };
  }

  run(...words: string[]): Promise<Outcome> {
    return run('terraform', words, { cwd: this.#folder, env: this.#env });
  }

  async done(...words: string[]): Promise<string> {
    const { out, err, exitCode } = await this.run(...words);
    if (exitCode !== 0) throw new Error(`terraform ${words.join(' ')} ended with ${exitCode}:\n${out}\n${err}`);
    return out;
  }

  init = (...options: string[]) => this.done('init', '-no-color', ...options);

  async apply(variables: Variables = {}): Promise<Changes> {
    const out = await this.done('apply', '-auto-approve', '-no-color', ...given(variables));
    const [, added, changed, destroyed] = /(\d+) added, (\d+) changed, (\d+) destroyed/.exec(out) ?? [];
    return { added: Number(added), changed: Number(changed), destroyed: Number(destroyed) };
  }

  /** Asks what would change, as pipelines do: throws with the plan when it is not "nothing". */
  plan = (variables: Variables = {}) => this.done('plan', '-detailed-exitcode', '-no-color', ...given(variables));

  /** Forgets a resource, and takes it in again as it is. */
  async takeIn(address: string, id: string, variables: Variables = {}): Promise<void> {
    await this.done('state', 'rm', address);
    await this.done('import', '-no-color', ...given(variables), address, id);
  }

  async output(name: string): Promise<unknown> {
    return JSON.parse(await this.done('output', '-json', name));
  }

  /** An attribute of what is in the state. */
  async attribute(address: string, name: string): Promise<unknown> {
    const { values } = JSON.parse(await this.done('show', '-json'));
    return resourcesOf(values.root_module).find((resource) => resource.address === address)?.values[name];
  }

  destroy = (variables: Variables = {}) => this.done('destroy', '-auto-approve', '-no-color', ...given(variables));
}

/** For the environment: only these modules and resources, whatever is done. */
export function targeting(targets: readonly string[]): Readonly<Record<string, string>> {
  const options = targets.map((target) => `-target=${target}`).join(' ');
  return Object.fromEntries(['apply', 'plan', 'destroy'].map((verb) => [`TF_CLI_ARGS_${verb}`, options]));
}

const given = (variables: Variables) =>
  Object.entries(variables).flatMap(([name, value]) => ['-var', `${name}=${value}`]);

interface Module {
  readonly resources?: readonly { readonly address: string; readonly values: Readonly<Record<string, unknown>> }[];
  readonly child_modules?: readonly Module[];
}

const resourcesOf = ({ resources = [], child_modules = [] }: Module): NonNullable<Module['resources']> => [
  ...resources,
  ...child_modules.flatMap(resourcesOf),
];
