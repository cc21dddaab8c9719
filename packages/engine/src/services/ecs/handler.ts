import type { Context } from '../../kernel/context.ts';
import type {
  Handler as AnyHandler,
  Input as AnyInput,
  Output as AnyOutput,
  OperationName,
} from '../../kernel/operation.ts';

type Sdk = typeof import('@aws-sdk/client-ecs');

export type Handler<Op extends OperationName<Sdk>> = AnyHandler<Sdk, Op, Context>;
export type Input<Op extends OperationName<Sdk>> = AnyInput<Sdk, Op>;
export type Output<Op extends OperationName<Sdk>> = AnyOutput<Sdk, Op>;
