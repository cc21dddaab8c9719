import type { Caller } from './caller.ts';

/** Something that happened, for people and tests to read. Control never flows through it. */
export interface EngineEvent {
  /** Counts up from 1 over the life of the state. */
  readonly sequence: number;
  /** Epoch milliseconds of the platform. */
  readonly time: number;
  readonly account: string;
  readonly region: string;
  /** `service/what-happened`, for instance `ecs/desired-count-changed`. */
  readonly type: string;
  /** What it happened to: an ARN where there is one. */
  readonly subject: string;
  /** One sentence for a person. */
  readonly message: string;
  readonly data: Readonly<Record<string, unknown>>;
  /** Who did it, and why. */
  readonly actor: Pick<Caller, 'kind' | 'arn' | 'cause' | 'sourceArn'>;
}

/** What a service says when it emits; the kernel adds the rest. */
export type NewEvent = Pick<EngineEvent, 'type' | 'subject' | 'message'> & { readonly data?: EngineEvent['data'] };
