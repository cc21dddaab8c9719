import { posix } from 'node:path';
import { UserError } from '@rockpool/engine/user-error';
import { type Dockerfile, type Instruction, invalid } from './dockerfile.ts';
import { expand, parsePairs, splitWords } from './dockerfile-words.ts';
import { parseHealthcheck } from './healthcheck.ts';
import type { FileStep, ImageConfig, ImagePlan } from './image-config.ts';
import { planRun } from './plan-run.ts';
import { chooseStage } from './plan-stage.ts';

export interface PlanOptions {
  readonly buildArgs?: Readonly<Record<string, string>>;
  /** The stage to build; the last one unless told otherwise. */
  readonly target?: string;
  /** Processor of the image in Docker's words: amd64, arm64. */
  readonly architecture: string;
}

/** What is known at some line of a stage. */
interface State {
  readonly dockerfile: Dockerfile;
  readonly options: PlanOptions;
  readonly globals: ReadonlyMap<string, string>;
  readonly args: Map<string, string>;
  readonly env: Map<string, string>;
  readonly declared: Set<string>;
  readonly config: ImageConfig;
  readonly steps: FileStep[];
  readonly warnings: string[];
  shell: readonly string[];
}

/**
 * Reads a Dockerfile as a description of files and settings. Throws `UserError`: `DockerfileInvalid` for a mistake in it,
 * `ImageNeedsDocker` for a step that has to be run.
 */
export function planImage(dockerfile: Dockerfile, options: PlanOptions): ImagePlan {
  const { base, globals, instructions } = chooseStage(dockerfile, options);
  const state: State = {
    dockerfile,
    options,
    globals,
    args: new Map(),
    env: new Map(),
    declared: new Set(globals.keys()),
    config: {},
    steps: [],
    warnings: [],
    shell: ['/bin/sh', '-c'],
  };
  for (const instruction of instructions) apply(instruction, state);
  if (state.env.size > 0) state.config.Env = [...state.env].map(([name, value]) => `${name}=${value}`);
  const { Cmd, Entrypoint } = state.config;
  if (!Cmd && !Entrypoint && base !== 'scratch')
    state.warnings.push(
      `the Dockerfile has no CMD or ENTRYPOINT, and those of ${base} are not known here: name a command where the image is used`,
    );
  const unused = Object.keys(options.buildArgs ?? {}).filter((name) => !state.declared.has(name));
  const warnings = unused.map((name) => `the build argument ${name} is declared nowhere in the Dockerfile`);
  return { base, config: state.config, steps: state.steps, warnings: [...state.warnings, ...warnings] };
}

export const needsDocker = ({ name, text, line }: Instruction, why = ''): UserError =>
  new UserError(
    'ImageNeedsDocker',
    `needs Docker: ${name} ${shorten(text)} at Dockerfile line ${line}${why ? ` (${why})` : ''}`,
    {
      next: ['run that step on this machine before, and COPY its result', 'or build the image with Docker and push it'],
    },
  );

const shorten = (text: string) => (text.length > 60 ? `${text.slice(0, 57)}...` : text).replace(/\s+/g, ' ');

function apply(instruction: Instruction, state: State): void {
  try {
    appliers[instruction.name]?.(instruction, state);
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw invalid(instruction.line, `${instruction.name}: ${error instanceof Error ? error.message : error}`);
  }
}

const appliers: Readonly<Record<string, (instruction: Instruction, state: State) => void>> = {
  ADD: (instruction, state) => copy(instruction, state, true),
  ARG({ text }, state) {
    for (const word of splitWords(text, state.dockerfile.escapeChar)) declare(word, state);
  },
  CMD(instruction, { config, shell }) {
    config.Cmd = commandOf(instruction, shell);
  },
  COPY: (instruction, state) => copy(instruction, state, false),
  ENTRYPOINT(instruction, { config, shell }) {
    config.Entrypoint = commandOf(instruction, shell);
  },
  ENV({ text }, state) {
    // All of one line see the values from before it.
    for (const [name, value] of pairs(text, state)) state.env.set(name, value);
  },
  EXPOSE({ text }, state) {
    const ports = words(text, state).flatMap(portsOf);
    state.config.ExposedPorts = sorted({
      ...state.config.ExposedPorts,
      ...Object.fromEntries(ports.map((port) => [port, {}])),
    });
  },
  HEALTHCHECK(instruction, { config, shell }) {
    config.Healthcheck = parseHealthcheck(instruction, shell);
  },
  LABEL({ text }, state) {
    state.config.Labels = sorted({ ...state.config.Labels, ...Object.fromEntries(pairs(text, state)) });
  },
  MAINTAINER({ text }, { config }) {
    config.Labels = sorted({ ...config.Labels, maintainer: text });
  },
  ONBUILD({ line }, { warnings }) {
    warnings.push(`Dockerfile line ${line}: ONBUILD is for images built upon this one, and is left out`);
  },
  RUN(instruction, state) {
    const command = instruction.list ? instruction.list.join(' ') : instruction.text;
    const planned =
      Object.keys(instruction.flags).length > 0 ? undefined : planRun(command, workdir(state), instruction.line);
    if (!planned) throw needsDocker(instruction);
    state.steps.push(...planned.steps);
    state.warnings.push(...planned.warnings);
  },
  SHELL({ list }, state) {
    if (!list || list.length === 0) throw new Error('must be a list in JSON, for example ["/bin/bash", "-c"]');
    state.shell = list;
  },
  STOPSIGNAL({ text }, state) {
    state.config.StopSignal = expanded(text, state);
  },
  USER({ text }, state) {
    state.config.User = expanded(text, state);
  },
  VOLUME({ text, list }, state) {
    const volumes = list ?? words(text, state);
    state.config.Volumes = sorted({
      ...state.config.Volumes,
      ...Object.fromEntries(volumes.map((path) => [path, {}])),
    });
  },
  WORKDIR({ text, line }, state) {
    const path = posix.resolve(workdir(state), expanded(text, state));
    state.config.WorkingDir = path;
    state.steps.push({ do: 'make-folder', path, line });
  },
};

/** `NAME` or `NAME=default`. What the caller gives wins over the default, and a value from before FROM over nothing. */
function declare(word: string, state: State): void {
  const [name = '', ...rest] = word.split('=');
  state.declared.add(name);
  const byDefault = rest.length > 0 ? expanded(rest.join('='), state) : state.globals.get(name);
  const value = state.options.buildArgs?.[name] ?? byDefault ?? platformArgs(state.options)[name];
  if (value !== undefined) state.args.set(name, value);
}

const platformArgs = ({ architecture }: PlanOptions): Readonly<Record<string, string>> => ({
  TARGETPLATFORM: `linux/${architecture}`,
  TARGETOS: 'linux',
  TARGETARCH: architecture,
});

function copy(instruction: Instruction, state: State, unpacks: boolean): void {
  const { flags, list, text, line } = instruction;
  for (const flag of Object.keys(flags))
    if (!['chmod', 'chown', 'link'].includes(flag)) throw needsDocker(instruction, `--${flag}`);
  if (/<<-?["']?[A-Za-z_]/.test(text)) throw needsDocker(instruction, 'text in the Dockerfile');
  const paths = list ? list.map((path) => expanded(path, state)) : words(text, state);
  const [destination = '', ...sources] = [...paths].reverse();
  if (sources.length === 0) throw new Error('needs a source and a destination');
  for (const source of sources)
    if (unpacks && /^([a-z]+:\/\/|git@)/.test(source))
      throw needsDocker(instruction, 'a source that is not in the folder');
  const toFolder = sources.length > 1 || /(^|\/)\.?$/.test(destination);
  const absolute = posix.resolve(workdir(state), destination);
  state.steps.push({
    do: 'copy',
    sources: sources.reverse(),
    destination: toFolder && absolute !== '/' ? `${absolute}/` : absolute,
    unpacks,
    line,
    ...(flags['chmod'] ? { mode: expanded(flags['chmod'], state) } : {}),
  });
}

const commandOf = ({ list, text }: Instruction, shell: readonly string[]): string[] => [...(list ?? [...shell, text])];

/** `8080`, `53/udp`, `7000-7002/tcp` */
function portsOf(word: string): string[] {
  const [, first = '', last = first, protocol = 'tcp'] = /^(\d+)(?:-(\d+))?(?:\/(tcp|udp))?$/i.exec(word) ?? [];
  if (first === '' || Number(last) > 65_535 || Number(last) < Number(first)) throw new Error(`${word} is no port`);
  const count = Number(last) - Number(first) + 1;
  return Array.from({ length: count }, (_, index) => `${Number(first) + index}/${protocol.toLowerCase()}`);
}

const workdir = ({ config }: State): string => config.WorkingDir ?? '/';
const lookUp = (state: State) => (name: string) => state.env.get(name) ?? state.args.get(name);
const expanded = (text: string, state: State) => expand(text, lookUp(state), state.dockerfile.escapeChar);
const pairs = (text: string, state: State) => parsePairs(text, lookUp(state), state.dockerfile.escapeChar);
const words = (text: string, state: State) =>
  splitWords(text, state.dockerfile.escapeChar).map((word) => expanded(word, state));

const sorted = <T>(record: Record<string, T>): Record<string, T> =>
  Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
