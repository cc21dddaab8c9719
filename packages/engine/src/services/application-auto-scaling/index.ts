import { defineService, type Service } from '../../kernel/service.ts';
import { activityController } from './controllers/activity.ts';
import { scalingController } from './controllers/scaling.ts';
import { scheduledActionController } from './controllers/scheduled-action.ts';
import {
  deregisterScalableTarget,
  describeScalableTargets,
  registerScalableTarget,
} from './operations/scalable-targets.ts';
import { describeScalingActivities } from './operations/scaling-activities.ts';
import { deleteScalingPolicy, describeScalingPolicies, putScalingPolicy } from './operations/scaling-policies.ts';
import { deleteScheduledAction, describeScheduledActions, putScheduledAction } from './operations/scheduled-actions.ts';
import { listTagsForResource, tagResource, untagResource } from './operations/tags.ts';
import { scalableTarget } from './resources/scalable-target.ts';
import { scalingPolicy } from './resources/scaling-policy.ts';

/** Application Auto Scaling, for ECS services. */
export const applicationAutoScaling = (): Service =>
  defineService('applicationAutoScaling', {
    operations: {
      RegisterScalableTarget: registerScalableTarget,
      DescribeScalableTargets: describeScalableTargets,
      DeregisterScalableTarget: deregisterScalableTarget,
      PutScalingPolicy: putScalingPolicy,
      DescribeScalingPolicies: describeScalingPolicies,
      DeleteScalingPolicy: deleteScalingPolicy,
      DescribeScalingActivities: describeScalingActivities,
      PutScheduledAction: putScheduledAction,
      DescribeScheduledActions: describeScheduledActions,
      DeleteScheduledAction: deleteScheduledAction,
      TagResource: tagResource,
      UntagResource: untagResource,
      ListTagsForResource: listTagsForResource,
    },
    controllers: [scalingController, activityController, scheduledActionController],
    resources: {
      'AWS::ApplicationAutoScaling::ScalableTarget': scalableTarget,
      'AWS::ApplicationAutoScaling::ScalingPolicy': scalingPolicy,
    },
  });
