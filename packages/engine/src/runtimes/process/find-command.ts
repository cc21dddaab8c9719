import { existsSync } from 'node:fs';
import { basename, isAbsolute, join } from 'node:path';
import { formatOf, type Machine } from './executable-format.ts';
import { pathInside } from './path-inside.ts';

/** Where a container's commands are looked for. */
export interface CommandPlaces {
  /** The container's copy of the image's files. */
  readonly root: string;
  readonly cwd: string;
  readonly searchPath: readonly string[];
}

/**
 * The command as this machine can run it, real executable first. Throws an `Error` with the reason when neither image nor machine has it.
 * Arguments that name a file of the image by its absolute path are given the real one.
 */
export function findCommand(command: readonly string[], places: CommandPlaces, machine: Machine): readonly string[] {
  const [name = '', ...rest] = command;
  if (name === '') throw new Error('no command specified: neither the image nor the container definition has one');
  const args = rest.map((argument) => argumentInside(argument, places.root));
  return [...findExecutable(name, places, machine), ...args];
}

function findExecutable(name: string, places: CommandPlaces, machine: Machine): readonly string[] {
  const refusals: string[] = [];
  for (const path of candidates(name, places)) {
    if (!existsSync(path)) continue;
    const format = formatOf(path, machine);
    if (format.kind === 'runnable') return [path];
    if (format.kind === 'refused') refusals.push(`${format.why} (${shownPath(path, places.root)})`);
    else if (format.kind === 'script') {
      const interpreter = findInterpreter(format.interpreter, places, machine);
      if (interpreter) return [...interpreter, ...(format.argument ? [format.argument] : []), path];
      refusals.push(`its interpreter ${format.interpreter} is neither in the image nor on this machine`);
    }
  }
  const usual = name.includes('/') ? 'no such file or directory' : 'executable file not found in $PATH';
  throw new Error(`exec: "${name}": ${refusals[0] ?? usual}. ${advice(name, refusals.length > 0)}`);
}

const advice = (name: string, isThere: boolean) =>
  isThere
    ? 'What is in the image cannot run on this machine as it is: put one into it that is built for this machine.'
    : `Neither the image nor this machine has it: add it to the image, or install ${basename(name)} here.`;

/**
 * The interpreter a script asks for, or one of the same name in the search path: the base image that would have it is not unpacked here.
 * A script's interpreter is never a script.
 */
function findInterpreter(path: string, places: CommandPlaces, machine: Machine): readonly string[] | undefined {
  const found = [...candidates(path, places), ...candidates(basename(path), places)].find(
    (candidate) => existsSync(candidate) && formatOf(candidate, machine).kind === 'runnable',
  );
  return found === undefined ? undefined : [found];
}

/** An absolute path means the image's file before the machine's. */
function candidates(name: string, { root, cwd, searchPath }: CommandPlaces): readonly string[] {
  if (isAbsolute(name)) return [pathInside(root, name), name];
  if (name.includes('/')) return [join(cwd, name)];
  return searchPath.map((folder) => join(folder, name));
}

const argumentInside = (argument: string, root: string): string => fileInside(argument, root) ?? argument;

/** The real path of an absolute path that names something in the image other than a top folder: `/app` may just as well be part of a URL. */
export function fileInside(path: string, root: string): string | undefined {
  if (!/^\/[^/]+\/./.test(path) || path.length > 4096 || path.includes('\0')) return undefined;
  const real = pathInside(root, path);
  return existsSync(real) ? real : undefined;
}

const shownPath = (path: string, root: string) => (path.startsWith(`${root}/`) ? path.slice(root.length) : path);
