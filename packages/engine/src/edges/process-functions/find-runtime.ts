import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** How to start the program that runs functions of a runtime. */
export interface Launch {
  readonly command: string;
  options(memory_mib: number): readonly string[];
  /** Of this folder. */
  readonly bootstrap: string;
}

/** What of this machine runs functions of a Lambda runtime; a text says why nothing does. */
export function findRuntime(runtime: string, searchPath: string): Launch | string {
  if (/^nodejs\d+\.x$/.test(runtime))
    return { command: process.execPath, options: heapOptions, bootstrap: 'bootstrap.mjs' };
  const [, version] = /^python(3\.\d+)$/.exec(runtime) ?? [];
  if (version === undefined)
    return `functions of the runtime ${runtime} cannot be run here, only those of Node.js and Python`;
  const python = findPython(version, searchPath);
  if (python === undefined)
    return `functions of the runtime ${runtime} cannot be run here: there is no python3 on this machine's PATH`;
  return { command: python, options: () => ['-B', '-u'], bootstrap: 'bootstrap.py' };
}

/** As Lambda divides a function's memory: nine tenths are for old objects, and a part of the rest for new ones. */
const heapOptions = (memory_mib: number): string[] => [
  `--max-old-space-size=${Math.floor(memory_mib * 0.9)}`,
  `--max-semi-space-size=${Math.max(1, Math.floor(memory_mib / 30))}`,
];

const interpreters = new Map<string, string | undefined>();

/** The interpreter itself: what is on the path may be a script that finds it by the user's settings, which functions do not have. */
function findPython(version: string, searchPath: string): string | undefined {
  for (const program of findPrograms([`python${version}`, 'python3'], searchPath)) {
    // Asked once, as it takes a while.
    if (!interpreters.has(program)) interpreters.set(program, interpreterOf(program));
    const interpreter = interpreters.get(program);
    if (interpreter !== undefined) return interpreter;
  }
  return undefined;
}

function interpreterOf(program: string): string | undefined {
  const { status, stdout } = spawnSync(program, ['-c', 'import sys; print(sys.executable)'], { encoding: 'utf8' });
  return status === 0 ? stdout.trim() : undefined;
}

function findPrograms(names: readonly string[], searchPath: string): string[] {
  const folders = searchPath.split(delimiter).filter((folder) => folder !== '');
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).filter(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
