import { proc } from './processes-proc.ts';
import { ps } from './processes-ps.ts';
import { killSignal } from './signals.ts';

/** A process for ever: a pid alone comes round again. */
export interface ProcessIdentity {
  readonly pid: number;
  /** When it started, in the system's own notation. */
  readonly startTime: string;
}

export interface ProcessRow extends ProcessIdentity {
  /** The process group, by its leader's pid. */
  readonly group: number;
  /** Processor time used so far. */
  readonly cpu_ms: number;
  /** Memory that is the process's own and cannot be taken back without killing it, where the system tells; else all that is resident. */
  readonly memory_bytes: number;
}

/** The machine's processes. */
export interface Processes {
  /** The living process of that pid. A process that has ended but that nobody has waited for is not living. */
  find(pid: number): ProcessIdentity | undefined;
  /** All living processes of these groups. */
  list(groups: ReadonlySet<number>): Promise<readonly ProcessRow[]>;
  /** Living processes that were started with a variable of their environment beginning so, with that variable's whole text. Empty where the system does not tell. */
  marked(prefix: string): Promise<readonly (ProcessIdentity & { readonly mark: string })[]>;
  /** Reads what `identifySelf` wrote. */
  parse(record: string): ProcessIdentity | undefined;
}

/**
 * Shell text that sets `self` to a line by which the shell that runs it, and whatever it becomes by `exec`, can be found again.
 */
export const identifySelf =
  'if [ -r "/proc/$$/stat" ]; then IFS= read -r self <"/proc/$$/stat"; else self="$$ $(ps -o lstart= -p $$)"; fi';

export const machineProcesses = (platform: NodeJS.Platform): Processes => (platform === 'linux' ? proc : ps);

export const isAlive = (processes: Processes, process: ProcessIdentity): boolean =>
  processes.find(process.pid)?.startTime === process.startTime;

/** Signals that very process, or nobody. */
export function signalProcess(processes: Processes, process: ProcessIdentity, signal: number): void {
  if (isAlive(processes, process)) send(process.pid, signal);
}

/** Kills the group that this process leads, down to the last grandchild. */
export function killGroup(processes: Processes, leader: ProcessIdentity): void {
  if (isAlive(processes, leader)) send(-leader.pid, killSignal);
}

/** A process may end between the look and the signal; that is no error. */
export function send(pid: number, signal: number): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if (!['ESRCH', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
}
