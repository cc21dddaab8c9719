import { posix } from 'node:path';
import type { FileStep } from './image-config.ts';

export interface RunPlan {
  readonly steps: readonly FileStep[];
  readonly warnings: readonly string[];
}

/** Anything of a shell's but plain words joined by `&&`. */
const shellSyntax = /[|;<>()`$*?[\]{}"'\\~!#\n]|&(?!&)|(?<!&)&(?!&)/;

/**
 * A RUN that only makes folders or sets modes, as changes to the image's files. Undefined: it needs a machine to run on.
 * `workdir` is where it would run.
 */
export function planRun(command: string, workdir: string, line: number): RunPlan | undefined {
  if (shellSyntax.test(command.replaceAll('&&', ''))) return undefined;
  const steps: FileStep[] = [];
  const warnings: string[] = [];
  for (const part of command.split('&&')) {
    const [name = '', ...args] = part.trim().split(/\s+/);
    const planned = planCommand(name, args, workdir, line);
    if (!planned) return undefined;
    steps.push(...planned);
    if (name === 'chown') warnings.push(`Dockerfile line ${line}: owners are not kept (chown)`);
  }
  return { steps, warnings };
}

function planCommand(name: string, args: readonly string[], workdir: string, line: number): FileStep[] | undefined {
  const options = args.filter((arg) => arg.startsWith('-') && !/^-[rwxX]+$/.test(arg));
  const words = args.filter((arg) => !options.includes(arg));
  const absolute = (path: string) => posix.resolve(workdir, path);
  if (name === 'true' || name === ':') return [];
  if (name === 'mkdir' && words.length > 0 && options.every((option) => /^(-p|-v|-pv|--parents)$/.test(option)))
    return words.map((path) => ({ do: 'make-folder', path: absolute(path), line }));
  const [first, ...paths] = words;
  const recursive = options.length > 0;
  if (first === undefined || paths.length === 0 || !options.every((option) => /^(-R|--recursive)$/.test(option)))
    return undefined;
  if (name === 'chmod') return [{ do: 'change-mode', mode: first, paths: paths.map(absolute), recursive, line }];
  return name === 'chown' ? [] : undefined;
}
