import { lambdaEdge } from '../lambda-edge.ts';
import { scalingCalls } from '../sdk/autoscaling.ts';
import { cloudWatchCalls } from '../sdk/cloudwatch.ts';
import { ecsCalls } from '../sdk/ecs.ts';
import { mailingCalls } from '../sdk/sns.ts';
import { parameterCalls } from '../sdk/ssm.ts';
import type { ScaleOutSettings } from './plan-scale-out.ts';
import { createScaleOut } from './scale-out.ts';

const { settings, time, log } = lambdaEdge<ScaleOutSettings>();

export const handler = createScaleOut({
  settings,
  log,
  now: () => time.now(),
  aws: { ...ecsCalls(), ...cloudWatchCalls(), ...scalingCalls(), ...parameterCalls(), ...mailingCalls() },
});
