/** What an environment needs to run one build of a function. Complete: the runner never asks back. */
export interface Environment {
  readonly id: string;
  readonly functionName: string;
  readonly runtime: string;
  readonly handler: string;
  readonly memory_mib: number;
  /** The blob with the code's zip. */
  readonly digest: string;
  /** Everything the function sees, the engine's own variables and the user's. */
  readonly variables: Readonly<Record<string, string>>;
  readonly logFormat: 'Text' | 'JSON';
}

/** One event for an environment. */
export interface FunctionEvent {
  readonly requestId: string;
  /** JSON. */
  readonly payload: string;
  /** As the caller named the function. */
  readonly invokedArn: string;
  readonly clientContext?: string;
  readonly timeout_ms: number;
}

/** What went wrong in a function, as its caller is told. */
export interface FunctionError {
  readonly errorType: string;
  readonly errorMessage: string;
  /** From Node.js. */
  readonly trace?: readonly string[];
  /** From Python. */
  readonly stackTrace?: readonly string[];
  readonly requestId?: string;
}

/** What a runner learns of an event, in the order it learns it. `answered`, `failed` and `exited` are the last word about the event. */
export type InvocationReport =
  /** The code is loaded and the handler has the event. */
  | { readonly kind: 'started' }
  | { readonly kind: 'output'; readonly lines: readonly string[] }
  | { readonly kind: 'answered'; readonly payload: string; readonly memory_bytes: number }
  | {
      readonly kind: 'failed';
      readonly error: FunctionError;
      readonly memory_bytes: number;
      /** The environment cannot be used again. */
      readonly ended: boolean;
    }
  /** The environment is gone. With `reason` in Lambda's words, `exit status 1`; none where it ended with 0. */
  | { readonly kind: 'exited'; readonly reason?: string };

/**
 * Runs functions. Never throws, never blocks: all it learns comes back through `report`. How long an event may take and how long an idle
 * environment is kept is decided by Lambda under the engine's clock, not here.
 */
export interface FunctionRunner {
  /** How many environments there may be at once. */
  readonly environments_max: number;
  /** Says why such a runtime cannot be run here; undefined where it can. */
  refuses(runtime: string): string | undefined;
  /** Hands an event to an environment, which is started when it is not there yet. Never called while the environment has another. */
  invoke(environment: Environment, event: FunctionEvent, report: (report: InvocationReport) => void): void;
  /** Ends an environment, whatever it is doing. One that is not there is no error, and nothing more is reported of it. */
  end(environmentId: string): void;
  /** The engine stops in good order; no environment outlives it. */
  close(): Promise<void>;
}
