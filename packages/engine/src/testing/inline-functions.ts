import type { Clock } from '../kernel/clock.ts';
import type { Environment, FunctionError, FunctionEvent, FunctionRunner } from '../services/lambda/function-runner.ts';

/** What an inline handler is told beside the event. */
export interface InlineContext {
  readonly awsRequestId: string;
  readonly functionName: string;
  readonly functionVersion: string;
  readonly invokedFunctionArn: string;
  readonly variables: Environment['variables'];
  /** Of the lab's clock. */
  getRemainingTimeInMillis(): number;
  log(line: string): void;
}

/** Declares the event that it expects. */
export type InlineHandler = (event: never, context: InlineContext) => unknown;

export interface InlineFunctions extends FunctionRunner {
  /** Waits until no handler is at work any more. One that waits for the lab's clock is only done when time has moved on. */
  settle(): Promise<void>;
  /** Ids of the environments there are. */
  readonly environments: ReadonlySet<string>;
}

/** Functions that are plain handlers of the test, found by the function's name, and run in this process. Put beside the lab, like everything outside the engine. */
export function inlineFunctions({
  clock,
  handlers,
  environments_max = 1000,
}: {
  readonly clock: Clock;
  readonly handlers: Readonly<Record<string, InlineHandler>>;
  readonly environments_max?: number;
}): InlineFunctions {
  const environments = new Set<string>();
  const running = new Set<Promise<void>>();
  return {
    environments_max,
    environments,
    refuses: () => undefined,
    invoke(environment, event, report) {
      environments.add(environment.id);
      const tell: typeof report = (heard) => {
        if (environments.has(environment.id)) report(heard);
      };
      tell({ kind: 'started' });
      const handler = handlers[environment.functionName];
      const work = run(handler, environment, event, {
        clock,
        log: (line) => tell({ kind: 'output', lines: [line] }),
      }).then(
        (payload) => tell({ kind: 'answered', payload, memory_bytes: 0 }),
        (error: unknown) => tell({ kind: 'failed', error: told(error), memory_bytes: 0, ended: false }),
      );
      running.add(work);
      void work.finally(() => running.delete(work));
    },
    end: (id) => void environments.delete(id),
    close: async () => environments.clear(),
    async settle() {
      while (running.size > 0) await Promise.all(running);
    },
  };
}

async function run(
  handler: InlineHandler | undefined,
  { functionName, variables }: Environment,
  { requestId, payload, invokedArn, timeout_ms }: FunctionEvent,
  { clock, log }: { readonly clock: Clock; readonly log: (line: string) => void },
): Promise<string> {
  if (!handler) throw new Error(`the test has no handler for the function ${functionName}`);
  const deadline = clock.now() + timeout_ms;
  const answer = await handler(JSON.parse(payload) as never, {
    awsRequestId: requestId,
    functionName,
    functionVersion: variables['AWS_LAMBDA_FUNCTION_VERSION'] ?? '',
    invokedFunctionArn: invokedArn,
    variables,
    getRemainingTimeInMillis: () => deadline - clock.now(),
    log,
  });
  return JSON.stringify(answer ?? null);
}

const told = (error: unknown): FunctionError =>
  error instanceof Error
    ? { errorType: error.name, errorMessage: error.message, trace: (error.stack ?? '').split('\n') }
    : { errorType: typeof error, errorMessage: String(error), trace: [] };
