import type { Alarm } from '@aws-sdk/client-application-auto-scaling';
import type { Context } from '../../../kernel/context.ts';
import type { Handler, Input } from '../../../kernel/operation.ts';
import { page } from '../../../kernel/page.ts';
import { asScaler } from '../ecs-service.ts';
import { invalidNextToken, policyNotFound, validation } from '../errors.ts';
import { policyWishes, type ScalingPolicy, scalingPolicies, type TargetKey, targetId } from '../model.ts';
import { type AlarmInput, trackingAlarms } from '../tracking-alarms.ts';
import { checkStepPolicy } from './step-input.ts';
import { pageSize, requireTarget, requireTargetKey } from './target-input.ts';

type Sdk = typeof import('@aws-sdk/client-application-auto-scaling');
type PolicyInput = Input<Sdk, 'PutScalingPolicy'>;

export const findPolicy = ({ store }: Context, key: TargetKey, name: string): ScalingPolicy | undefined =>
  store
    .table(scalingPolicies)
    .by('target', targetId(key))
    .find(({ PolicyName }) => PolicyName === name);

/** Creates a policy, or changes what is given of the one of that name. A target-tracking policy's alarms are made with it. */
export const putScalingPolicy: Handler<Sdk, 'PutScalingPolicy', Context> = (input, context) => {
  requireTarget(input, context);
  const known = findPolicy(context, input, input.PolicyName);
  const type = input.PolicyType ?? known?.PolicyType ?? 'StepScaling';
  if (known && known.PolicyType !== type)
    throw validation(`The policy type of ${input.PolicyName} cannot be changed from ${known.PolicyType} to ${type}.`);
  checkPolicy({ ...input, PolicyType: type }, known);

  const { scope, ids, now } = context;
  const arn =
    known?.PolicyARN ??
    `arn:aws:autoscaling:${scope.region}:${scope.account}:scalingPolicy:${ids.uuid('applicationAutoScaling/policy')}:resource/${input.ServiceNamespace}/${input.ResourceId}:policyName/${input.PolicyName}`;
  const tracking = input.TargetTrackingScalingPolicyConfiguration ?? known?.TargetTrackingScalingPolicyConfiguration;
  const policy: ScalingPolicy = {
    PolicyARN: arn,
    PolicyName: input.PolicyName,
    ServiceNamespace: input.ServiceNamespace,
    ResourceId: input.ResourceId,
    ScalableDimension: input.ScalableDimension,
    PolicyType: type,
    CreationTime: known?.CreationTime ?? new Date(now),
    StepScalingPolicyConfiguration: input.StepScalingPolicyConfiguration ?? known?.StepScalingPolicyConfiguration,
    TargetTrackingScalingPolicyConfiguration: tracking,
    Alarms: tracking && putAlarms(arn, input.ResourceId, { tracking, known }, context),
  };
  context.store.table(scalingPolicies).put(arn, policy);
  return { PolicyARN: arn, Alarms: policy.Alarms ?? [] };
};

function checkPolicy(input: PolicyInput, known: ScalingPolicy | undefined): void {
  if (!/^[^\p{Cc}|]{1,256}$/u.test(input.PolicyName))
    throw validation(`The policy name ${JSON.stringify(input.PolicyName)} is not valid.`);
  if (input.PolicyType === 'StepScaling') {
    const configuration = input.StepScalingPolicyConfiguration ?? known?.StepScalingPolicyConfiguration;
    if (!configuration || input.TargetTrackingScalingPolicyConfiguration)
      throw validation('A step scaling policy needs StepScalingPolicyConfiguration, and no other.');
    checkStepPolicy(configuration);
  } else if (input.PolicyType === 'TargetTrackingScaling') {
    const configuration =
      input.TargetTrackingScalingPolicyConfiguration ?? known?.TargetTrackingScalingPolicyConfiguration;
    if (!configuration || input.StepScalingPolicyConfiguration)
      throw validation('A target tracking policy needs TargetTrackingScalingPolicyConfiguration, and no other.');
    if (!((configuration.TargetValue ?? 0) > 0)) throw validation('TargetValue must be greater than 0.');
    for (const cooldown of [configuration.ScaleInCooldown, configuration.ScaleOutCooldown])
      if (cooldown !== undefined && cooldown < 0) throw validation('Cooldowns must not be negative.');
  } else throw validation(`Policies of type ${input.PolicyType} are not supported here.`);
}

/** The alarms keep their names when the policy changes; one that is not needed any more is deleted. */
function putAlarms(
  arn: string,
  resourceId: string,
  {
    tracking,
    known,
  }: {
    tracking: NonNullable<PolicyInput['TargetTrackingScalingPolicyConfiguration']>;
    known: ScalingPolicy | undefined;
  },
  context: Context,
): Alarm[] {
  const { cloudWatch } = asScaler(context, {});
  const wanted = trackingAlarms({ arn, resourceId }, tracking, () => context.ids.uuid('applicationAutoScaling/alarm'));
  const kindOf = (name: string | undefined) => (name?.includes('-AlarmHigh-') ? 'high' : 'low');
  const alarms = wanted.map((alarm): Alarm => {
    const kept = known?.Alarms?.find(({ AlarmName }) => kindOf(AlarmName) === kindOf(alarm.AlarmName));
    const named: AlarmInput = { ...alarm, AlarmName: kept?.AlarmName ?? alarm.AlarmName };
    cloudWatch.putMetricAlarm(named);
    const { region, account } = context.scope;
    return { AlarmName: named.AlarmName, AlarmARN: `arn:aws:cloudwatch:${region}:${account}:alarm:${named.AlarmName}` };
  });
  const left = (known?.Alarms ?? []).filter(({ AlarmName }) => !alarms.some((alarm) => alarm.AlarmName === AlarmName));
  deleteAlarms(left, context);
  return alarms;
}

/** Someone may have deleted one by hand. */
function deleteAlarms(alarms: readonly Alarm[], context: Context): void {
  const names = alarms.flatMap(({ AlarmName }) => AlarmName ?? []);
  if (names.length === 0) return;
  const { cloudWatch } = asScaler(context, {});
  const { MetricAlarms = [] } = cloudWatch.describeAlarms({ AlarmNames: names });
  const there = MetricAlarms.flatMap(({ AlarmName }) => AlarmName ?? []);
  if (there.length > 0) cloudWatch.deleteAlarms({ AlarmNames: there });
}

export function removePolicy(policy: ScalingPolicy, context: Context): void {
  deleteAlarms(policy.Alarms ?? [], context);
  context.store.table(scalingPolicies).delete(policy.PolicyARN);
  context.store.table(policyWishes).delete(policy.PolicyARN);
}

export const deleteScalingPolicy: Handler<Sdk, 'DeleteScalingPolicy', Context> = (input, context) => {
  const policy = findPolicy(context, requireTargetKey(input), input.PolicyName);
  if (!policy) throw policyNotFound(input, input.PolicyName);
  removePolicy(policy, context);
  return {};
};

export const describeScalingPolicies: Handler<Sdk, 'DescribeScalingPolicies', Context> = (input, context) => {
  if (input.ScalableDimension && !input.ResourceId)
    throw validation('A scalable dimension can only be given together with a resource ID.');
  const found = context.store
    .table(scalingPolicies)
    .list(
      (policy) =>
        policy.ServiceNamespace === input.ServiceNamespace &&
        (!input.ResourceId || policy.ResourceId === input.ResourceId) &&
        (!input.ScalableDimension || policy.ScalableDimension === input.ScalableDimension) &&
        (!input.PolicyNames?.length || input.PolicyNames.includes(policy.PolicyName)),
    );
  const size = pageSize(input.MaxResults);
  const { items, nextToken } = page(found, { token: input.NextToken, size, invalid: invalidNextToken });
  return { ScalingPolicies: items.map((policy) => withAlarms(policy, context)), NextToken: nextToken };
};

/** A step policy's alarms are those whose actions name it. */
function withAlarms(policy: ScalingPolicy, context: Context): ScalingPolicy {
  if (policy.Alarms) return policy;
  const { MetricAlarms = [] } = asScaler(context, {}).cloudWatch.describeAlarms({ ActionPrefix: policy.PolicyARN });
  return { ...policy, Alarms: MetricAlarms.map(({ AlarmName, AlarmArn }) => ({ AlarmName, AlarmARN: AlarmArn })) };
}
