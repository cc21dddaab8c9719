import { constants } from 'node:os';

const numbers: Readonly<Record<string, number>> = constants.signals;
/** Realtime signals have no names in Node; images use `SIGRTMIN+3` to stop systemd. */
const realtimeMin = 34;

/** The number of a signal as images and definitions write it: `SIGTERM`, `TERM`, `15`, `SIGRTMIN+3`. What is no signal counts as SIGTERM. */
export function signalNumber(signal: string): number {
  const name = signal.toUpperCase().replace(/^(SIG)?/, 'SIG');
  const realtime = /^SIGRTMIN(?:\+(\d+))?$/.exec(name);
  if (realtime) return realtimeMin + Number(realtime[1] ?? 0);
  const number = /^\d+$/.test(signal) ? Number(signal) : numbers[name];
  return number !== undefined && number > 0 && number <= 64 ? number : constants.signals.SIGTERM;
}

export const killSignal = constants.signals.SIGKILL;

/** What a shell, and so every container engine, makes of a death by signal. */
export const exitCodeOf = (signal: number): number => 128 + signal;
export const killedExitCode = exitCodeOf(killSignal);

/** Signals that end a process which has not said otherwise, as one that has not started yet cannot have. */
const harmless = new Set<number>([
  constants.signals.SIGCHLD,
  constants.signals.SIGCONT,
  constants.signals.SIGURG,
  constants.signals.SIGWINCH,
  constants.signals.SIGSTOP,
  constants.signals.SIGTSTP,
]);
export const endsByDefault = (signal: number): boolean => !harmless.has(signal);
