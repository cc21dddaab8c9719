import { type LambdaContext, lambdaEdge, type WakeUp } from '../lambda-edge.ts';
import { scalingCalls } from '../sdk/autoscaling.ts';
import { cloudWatchCalls } from '../sdk/cloudwatch.ts';
import { ecsCalls } from '../sdk/ecs.ts';
import { loadBalancingCalls } from '../sdk/elbv2.ts';
import { mailingCalls } from '../sdk/sns.ts';
import { parameterCalls } from '../sdk/ssm.ts';
import { followSession } from '../session/session.ts';
import { createScaleIn } from './scale-in.ts';
import type { ScaleInSettings } from './settings.ts';

/** What a call leaves of its time for its last requests. */
const RESERVE_MS = 15_000;

const { settings, time, log } = lambdaEdge<ScaleInSettings>();

const scaleIn = createScaleIn({
  settings,
  log,
  now: () => time.now(),
  sleep: (duration_ms) => time.sleep(duration_ms),
  followSession: (stream, timeout_ms) =>
    followSession(stream, { timeout: time.sleep(timeout_ms), now: () => time.now(), log }),
  aws: {
    ...ecsCalls(),
    ...cloudWatchCalls(),
    ...loadBalancingCalls(),
    ...scalingCalls(),
    ...parameterCalls(),
    ...mailingCalls(),
  },
});

export const handler = async (event: WakeUp, context: LambdaContext): Promise<void> => {
  await scaleIn(event, time.fromReal_ms(context.getRemainingTimeInMillis()) - RESERVE_MS);
};
