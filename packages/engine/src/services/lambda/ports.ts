import type { BlobStore } from '../../kernel/blob-store.ts';
import type { ClockAnchor } from '../../kernel/clock.ts';
import type { Context } from '../../kernel/context.ts';
import type { FunctionRunner } from './function-runner.ts';

/** What Lambda needs of the world outside the control plane. */
export interface LambdaPorts {
  readonly functions: FunctionRunner;
  /** Where function code is kept: a store of its own. */
  readonly blobs: BlobStore;
  /** The engine's own address as functions reach it; asked when an environment starts, since the port may be known late. */
  endpoint(): string;
  /** The bytes of an S3 object; undefined where there is none. */
  readObject(context: Context, bucket: string, key: string, versionId?: string): Uint8Array | undefined;
  /** Where the engine's clock stands, given to functions as ROCKPOOL_CLOCK. Left out where time is virtual. */
  readonly anchor?: ClockAnchor;
}

/** How an invocation ended. */
export interface Outcome {
  readonly payload: string;
  readonly functionError?: 'Unhandled';
  readonly version: string;
}

/** Someone who waits for the answer of an invocation. */
export interface Waiting {
  /** What the function has logged during it. */
  readonly log: string[];
  answer(outcome: Outcome): void;
}

/** The ports with what the service remembers between turns. */
export interface Desk extends LambdaPorts {
  /** By request id. In memory only: who waited for an engine that died does not wait any more. */
  readonly waiting: Map<string, Waiting>;
}
