import { AwsError } from '../../kernel/aws-error.ts';
import { type AnyHandler, defineService, type Service } from '../../kernel/service.ts';
import type { ServiceName } from '../../kernel/service-names.ts';
import { startLab } from '../../testing/lab.ts';
import type { AnswerOptions } from '../answer.ts';

/** Operations of real services, answered by whatever a test wants: the wire is the same for all. */
export interface Answers {
  readonly [service: string]: { readonly [operation: string]: (input: never) => object };
}

/** A kernel with services that answer as told, and the bugs it met. */
export function echoKernel(answers: Answers): AnswerOptions & { readonly bugs: unknown[] } {
  const bugs: unknown[] = [];
  const services = Object.entries(answers).map(
    ([name, operations]): Service =>
      defineService(name as ServiceName, { operations: operations as unknown as Record<string, AnyHandler> }),
  );
  const { kernel } = startLab({ services: () => services });
  return { kernel, bugs, onBug: (error) => void bugs.push(error) };
}

/** An operation that fails. */
export const failing = (code: string, message: string, members?: Record<string, unknown>) => () => {
  throw new AwsError(code, message, { members });
};
