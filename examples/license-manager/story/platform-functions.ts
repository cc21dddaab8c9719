import {
  createScaleIn,
  createScaleOut,
  createTaskAlarms,
  type SessionResult,
  type SessionStream,
  type WakeUp,
} from '@rockpool/constructs/functions';
import type { InlineContext, InlineHandler } from '../../../packages/engine/src/testing/inline-functions.ts';
import type { AwsCalls } from './aws-calls.ts';
import type { StoryTime } from './story-time.ts';

export const platform = { cluster: 'license-manager', service: 'license-manager' };
const nameOf = (what: string) => `${platform.cluster}-${platform.service}-${what}`;
export const scaleInFunction = nameOf('scale-in');
export const scaleOutFunction = nameOf('scale-out');
const taskAlarmsFunction = nameOf('task-alarms');

export interface FunctionSurroundings {
  readonly time: StoryTime;
  aws(functionName: string, accessKeyId: string): AwsCalls;
  followSession(stream: SessionStream, timeout_ms: number): Promise<SessionResult>;
  /** Told of every line that a function logs. */
  logged(functionName: string, entry: object): void;
  /** Told of every call before it begins. */
  called(functionName: string, event: WakeUp): void;
}

/** What the handlers of the platform's functions leave of a call's time for its last requests. */
const reserve_ms = 15_000;

/** The platform's own functions, as their templates set them up, in this process instead of one of their own. */
export function platformFunctions(around: FunctionSurroundings): Readonly<Record<string, InlineHandler>> {
  const { time } = around;
  const parts = ({ functionName, variables, log }: InlineContext) => ({
    settings: JSON.parse(variables['SETTINGS'] ?? '{}'),
    aws: around.aws(functionName, variables['AWS_ACCESS_KEY_ID'] ?? ''),
    now: () => time.now(),
    sleep: (duration_ms: number) => time.sleep(duration_ms),
    followSession: around.followSession,
    log: (entry: object) => {
      log(JSON.stringify(entry));
      around.logged(functionName, entry);
    },
  });
  const handler =
    (run: (event: WakeUp, context: InlineContext) => Promise<unknown>): InlineHandler =>
    async (event, context) => {
      time.stir();
      around.called(context.functionName, event);
      await run(event, context);
      return null;
    };
  return {
    [scaleInFunction]: handler((event, context) =>
      createScaleIn(parts(context))(event, context.getRemainingTimeInMillis() - reserve_ms),
    ),
    [scaleOutFunction]: handler((event, context) => createScaleOut(parts(context))(event)),
    [taskAlarmsFunction]: handler((event, context) => createTaskAlarms(parts(context))(event)),
  };
}
