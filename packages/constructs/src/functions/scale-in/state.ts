/** What became of a scale-in. */
export type Outcome =
  /** The container is gone, of its own accord and with exit code 0. */
  | { readonly kind: 'stopped'; readonly reason: string }
  /** The service has as many containers as before. */
  | { readonly kind: 'aborted'; readonly reason: string }
  /** The container is gone, but not as it should be, or not gone at all. */
  | { readonly kind: 'failed'; readonly reason: string };

/** How the shutdown command went. */
export interface CommandState {
  readonly startedAt: number;
  readonly tries: number;
  /** Absent while it runs, or when the function that ran it died. */
  readonly result?: CommandResult;
}

export type CommandResult =
  /** It ended. ECS tells no exit code of most sessions; the container's own is what counts. */
  | { readonly kind: 'ended'; readonly output: string; readonly exitCode?: number }
  | { readonly kind: 'hanging'; readonly output: string }
  | { readonly kind: 'refused'; readonly message: string };

/**
 * One scale-in from beginning to end, as the SSM parameter holds it. That parameter exists exactly as long as a
 * scale-in goes on, so it is the lock as well: only one function can create it.
 *
 * `pin` protects the other tasks, `lower` takes one from the desired count, `drain` waits until ECS has chosen and the
 * container is idle, `stop` shuts it down, `restore` gives the count back, and `clean` leaves nothing behind.
 */
export interface ScaleIn {
  readonly phase: 'pin' | 'lower' | 'drain' | 'stop' | 'restore' | 'clean';
  readonly requestedAt: number;
  readonly victim: { readonly arn: string; readonly id: string; readonly address?: string };
  readonly because: {
    readonly alarm: string;
    readonly metric: string;
    readonly value: number;
    readonly threshold: number;
  };
  readonly count: { readonly from: number; readonly to: number };
  /** Ids of the tasks that were protected for this, and that are to be released. */
  readonly pinned: readonly string[];
  readonly loweredAt?: number;
  /** When ECS was first seen to have chosen the victim: from then on it gets no new requests. */
  readonly chosenAt?: number;
  readonly drainedAt?: number;
  readonly timedOut?: true;
  readonly command?: CommandState;
  readonly exit?: { readonly code?: number; readonly reason?: string; readonly at: number };
  readonly outcome?: Outcome;
  readonly mailed: readonly MailKind[];
  /** The step that failed last, and how often in a row. */
  readonly trouble?: { readonly step: string; readonly message: string; readonly times: number };
}

export type MailKind = 'requested' | 'drained' | 'stopped' | 'aborted' | 'failed';

export const write = (scaleIn: ScaleIn): string => JSON.stringify(scaleIn);
export const read = (text: string): ScaleIn => JSON.parse(text);
