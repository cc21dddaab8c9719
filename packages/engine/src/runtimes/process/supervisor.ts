import { type ChildProcess, spawn } from 'node:child_process';
import { identifySelf } from './processes.ts';

/** What the main process's shell does before it becomes the command: `$1` is where it says who it is, the rest is the command. */
const become = `
record=$1
shift
${identifySelf}
printf '%s\\n' "$self" >"$record" || exit 126
exec "$@"
`;

/**
 * Stays beside the container's main process, so that its end is on record even when the engine is not there to see it.
 * `$1` is the container's folder, the rest the command.
 *
 * 1. It writes down who it is. That fails when the folder is gone, and then nothing is started.
 * 2. The command runs in the foreground, for a shell has commands in the background ignore SIGINT and SIGQUIT.
 * 3. Signals to the whole group (from the command itself, say) must not end the one who writes down the end.
 * 4. The shell's own remarks ("Terminated") do not belong into the container's output, so only the inner shell gets that.
 * 5. When the main process has ended nothing of the container lives on, as in any container.
 */
const supervise = `
folder=$1
shift
exec 3>&2 2>/dev/null
trap : HUP INT QUIT TERM USR1 USR2 PIPE ALRM
${identifySelf}
printf '%s\\n' "$self" >"$folder/supervisor" || exit 126
(exec 2>&3 3>&-; exec /bin/sh -c '${become.replaceAll("'", `'\\''`)}' "$0" "$folder/main" "$@")
printf '%s\\n' "$?" >"$folder/exit"
kill -9 0
`;

export interface Launch {
  /** The executable's real path first. */
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly environment: Readonly<Record<string, string>>;
}

/**
 * Starts a command under a supervisor of about one megabyte, in a session and process group of its own, which outlives the engine.
 * The group's id is the pid of the supervisor.
 */
export function startSupervised(
  folder: string,
  { argv, cwd, environment }: Launch,
  output: { readonly stdout: number; readonly stderr: number },
): ChildProcess {
  const { kept, passed } = splitByName(environment);
  return spawn('/bin/sh', ['-c', supervise, 'rockpool-container', folder, ...passed, ...argv], {
    cwd,
    env: kept,
    detached: true,
    stdio: ['ignore', output.stdout, output.stderr],
  });
}

/** A shell drops variables whose names it cannot spell (`spring.profiles.active`); those reach the command through `env`. */
function splitByName(environment: Readonly<Record<string, string>>) {
  const spelt = ([name]: [string, string]) => /^[A-Za-z_][A-Za-z0-9_]*$/.test(name);
  const entries = Object.entries(environment);
  const others = entries.filter((entry) => !spelt(entry)).map(([name, value]) => `${name}=${value}`);
  return {
    kept: Object.fromEntries(entries.filter(spelt)),
    passed: others.length > 0 ? ['/usr/bin/env', ...others] : [],
  };
}
