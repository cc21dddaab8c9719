import type { Command } from '@smithy/core/client';

/** Every operation of an AWS SDK client module, by name: 'CreateService', 'DescribeServices', ... */
export type OperationName<Sdk> = Exclude<
  { [K in keyof Sdk]: K extends `${infer Op}Command` ? Op : never }[keyof Sdk],
  '$'
>;

type CommandOf<Sdk, Op extends string> = Sdk[`${Op}Command` & keyof Sdk] extends abstract new (
  ...args: never[]
) => infer C
  ? C
  : never;

/**
 * The SDK types a required member as `serviceName: string | undefined`. The wire
 * layer has checked required members before a handler runs, so here they are sure.
 */
type Checked<T> = { [K in keyof T]: object extends Pick<T, K> ? T[K] : NonNullable<T[K]> };

// biome-ignore-start lint/suspicious/noExplicitAny: the SDK's own bound on the type parameters of Command
export type Input<Sdk, Op extends string> =
  CommandOf<Sdk, Op> extends Command<infer I, any, any, any, any> ? Checked<I> : never;
export type Output<Sdk, Op extends string> =
  CommandOf<Sdk, Op> extends Command<any, infer O, any, any, any> ? Omit<O, '$metadata'> : never;
// biome-ignore-end lint/suspicious/noExplicitAny: the SDK's own bound on the type parameters of Command

/** Reads and writes rows, and answers; never waits. Errors are thrown as `AwsError`, and undo what the handler wrote. */
export type Handler<Sdk, Op extends OperationName<Sdk>, Context> = (
  input: Input<Sdk, Op>,
  context: Context,
) => Output<Sdk, Op>;

/** One of the few handlers that must wait, or may have to (Invoke, streamed bodies): it runs outside of turns, and makes one with `context.turn` for each piece that writes. */
export interface WaitingHandler<Sdk, Op extends OperationName<Sdk>, Context> {
  readonly waits: (input: Input<Sdk, Op>, context: Context) => Promise<Output<Sdk, Op>> | Output<Sdk, Op>;
}

/** What a service implements: any subset of its SDK's operations, each typed by the SDK. */
export type Handlers<Sdk, Context> = {
  readonly [Op in OperationName<Sdk>]?: Handler<Sdk, Op, Context> | WaitingHandler<Sdk, Op, Context>;
};

/** The operations of a service as functions: `ecs.createService({...})`. */
export type ServiceCaller<Sdk> = {
  readonly [Op in OperationName<Sdk> as Uncapitalize<Op>]: (input: Input<Sdk, Op>) => Output<Sdk, Op>;
};
