import { type Dockerfile, type Instruction, invalid } from './dockerfile.ts';
import { expand, parsePairs, splitWords } from './dockerfile-words.ts';
import type { PlanOptions } from './plan-image.ts';

interface Stage {
  readonly from: string;
  readonly name?: string;
  readonly line: number;
  readonly instructions: Instruction[];
}

export interface ChosenStage {
  /** The image the stage, or the stage it builds upon, begins with. */
  readonly base: string;
  /** Arguments declared before the first FROM, with their values. */
  readonly globals: ReadonlyMap<string, string>;
  readonly instructions: readonly Instruction[];
}

/** Finds the stage to build, and puts those it builds upon before it. Stages it does not build upon do not matter. */
export function chooseStage(dockerfile: Dockerfile, { buildArgs = {}, target }: PlanOptions): ChosenStage {
  const globals = new Map<string, string>();
  const stages: Stage[] = [];
  for (const instruction of dockerfile.instructions) {
    const current = stages.at(-1);
    if (instruction.name === 'FROM') stages.push(parseFrom(instruction, globals, dockerfile.escapeChar));
    else if (current) current.instructions.push(instruction);
    else declareGlobal(instruction, globals, buildArgs, dockerfile.escapeChar);
  }
  const find = (name: string, before: number) =>
    stages.findLastIndex((stage, index) => index < before && stage.name === name.toLowerCase());
  const start = target === undefined ? stages.length - 1 : findTarget(target, stages, find);

  const instructions: Instruction[] = [];
  let index = start;
  for (;;) {
    const stage = stages[index];
    if (!stage) throw new Error('a Dockerfile without FROM was let through');
    instructions.unshift(...stage.instructions);
    const below = find(stage.from, index);
    if (below < 0) return { base: stage.from, globals, instructions };
    index = below;
  }
}

function findTarget(target: string, stages: readonly Stage[], find: (name: string, before: number) => number): number {
  const found = /^\d+$/.test(target) ? Number(target) : find(target, stages.length);
  if (stages[found]) return found;
  const known = stages.flatMap(({ name }) => name ?? []).join(', ');
  throw invalid(
    stages.at(-1)?.line ?? 1,
    `there is no stage ${target}`,
    known ? `the stages are ${known}` : 'no stage has a name',
  );
}

function parseFrom({ text, line }: Instruction, globals: ReadonlyMap<string, string>, escapeChar: string): Stage {
  const [image = '', as, name, ...rest] = splitWords(text, escapeChar);
  if ((as !== undefined && (as.toLowerCase() !== 'as' || !name)) || rest.length > 0)
    throw invalid(line, 'FROM takes an image, and a name after AS', 'for example: FROM node:24-slim AS build');
  const from = expand(image, (variable) => globals.get(variable), escapeChar);
  if (from === '') throw invalid(line, `${image} is empty`, 'give the argument a default: ARG NAME=value');
  return { from, line, instructions: [], ...(name ? { name: name.toLowerCase() } : {}) };
}

function declareGlobal(
  { text, line }: Instruction,
  globals: Map<string, string>,
  buildArgs: Readonly<Record<string, string>>,
  escapeChar: string,
): void {
  for (const word of splitWords(text, escapeChar)) {
    const [name = ''] = word.split('=');
    try {
      const [pair] = word.includes('=') ? parsePairs(word, (variable) => globals.get(variable), escapeChar) : [];
      const value = buildArgs[name] ?? pair?.[1];
      if (value !== undefined) globals.set(name, value);
    } catch (error) {
      throw invalid(line, `ARG: ${error instanceof Error ? error.message : error}`);
    }
  }
}
