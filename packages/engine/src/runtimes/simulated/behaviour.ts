import type { CommandResult, ContainerSpec } from '../runtime.ts';

/** How a simulated container lives. All times are of the platform, counted from the container's start unless said otherwise. */
export interface Behaviour {
  /** From the request to `pulled`. */
  readonly pullAfter_ms?: number;
  /** From `pulled` to `started`. */
  readonly startAfter_ms?: number;
  readonly failToStart?: {
    readonly error: 'CannotPullContainerError' | 'CannotStartContainerError' | 'ResourceInitializationError';
    readonly reason: string;
  };
  /** Ends by itself; left out: runs until it is told to stop. */
  readonly exitAfter_ms?: number;
  readonly exitCode?: number;
  readonly exitReason?: string;
  /** What a signal other than SIGKILL does; `ignore` leaves it running. Left out: it ends at once by the signal. */
  readonly onSignal?: (signal: string, age_ms: number) => SignalAnswer;
  /** What a command inside answers: a health check, or a session's command. */
  readonly onCommand?: (command: readonly string[], age_ms: number) => CommandAnswer;
  readonly output?: readonly { readonly after_ms: number; readonly lines: readonly string[] }[];
  /** Asked once a `usageEvery_ms`. */
  readonly usage?: (age_ms: number) => { readonly cpu_percentOfCore: number; readonly memory_bytes: number };
  readonly usageEvery_ms?: number;
  /** What its ports answer to an HTTP request; undefined: the connection is refused. */
  readonly answer?: (request: {
    readonly port: number;
    readonly path: string;
    readonly age_ms: number;
  }) => Answer | undefined;
}

export type SignalAnswer = 'ignore' | { readonly exitAfter_ms: number; readonly exitCode: number };
export type CommandAnswer = CommandResult & { readonly after_ms?: number };

export interface Answer {
  readonly status: number;
  readonly after_ms?: number;
  readonly body?: string;
}

/** Chooses how a container behaves, once, when it is started. */
export type Behave = (spec: ContainerSpec) => Behaviour;

const signalNumbers: Readonly<Record<string, number>> = {
  SIGHUP: 1,
  SIGINT: 2,
  SIGQUIT: 3,
  SIGKILL: 9,
  SIGUSR1: 10,
  SIGTERM: 15,
};

/** The exit code of a process ended by a signal: 128 and its number. */
export const exitCodeOf = (signal: string): number => 128 + (signalNumbers[signal] ?? (Number(signal) || 15));

/** A well-behaved server: up within a second, healthy, and done within a moment of being asked to stop. */
export const wellBehaved: Behaviour = {
  pullAfter_ms: 200,
  startAfter_ms: 200,
  onSignal: () => ({ exitAfter_ms: 100, exitCode: 0 }),
  onCommand: () => ({ exitCode: 0, output: '' }),
  answer: () => ({ status: 200 }),
};
