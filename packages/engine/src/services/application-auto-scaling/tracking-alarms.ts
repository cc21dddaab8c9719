import type {
  CustomizedMetricSpecification,
  PredefinedMetricSpecification,
  TargetTrackingScalingPolicyConfiguration,
} from '@aws-sdk/client-application-auto-scaling';
import type { MetricDataQuery, PutMetricAlarmInput, StandardUnit, Statistic } from '@aws-sdk/client-cloudwatch';
import { parseServiceId } from './ecs-service.ts';
import { validation } from './errors.ts';

type Watched = Pick<
  PutMetricAlarmInput,
  'Namespace' | 'MetricName' | 'Dimensions' | 'Statistic' | 'ExtendedStatistic' | 'Unit' | 'Metrics' | 'Period'
>;
export type AlarmInput = PutMetricAlarmInput & { readonly AlarmName: string };

/** Seconds of data below the target before scaling in, and of data above it before scaling out. */
const in_s = 15 * 60;
const out_s = 3 * 60;

/**
 * The alarms of a target-tracking policy as Application Auto Scaling makes them: three minutes above the target, and fifteen below nine tenths
 * of it. A policy that does not scale in has only the first. (Seen in real accounts; not documented.)
 */
export function trackingAlarms(
  policy: { readonly arn: string; readonly resourceId: string },
  configuration: TargetTrackingScalingPolicyConfiguration,
  uuid: () => string,
): AlarmInput[] {
  const watched = watchedMetric(policy.resourceId, configuration);
  const target = configuration.TargetValue ?? 0;
  const period_s = watched.Period ?? watched.Metrics?.find(({ MetricStat }) => MetricStat)?.MetricStat?.Period ?? 60;
  // At high resolution three periods of 20 seconds are enough; AWS says how fast that is, not how it is made.
  const out = period_s < 60 ? 3 : out_s / period_s;
  const common = {
    ...watched,
    AlarmDescription: `DO NOT EDIT OR DELETE. For TargetTrackingScaling policy ${policy.arn}.`,
    ActionsEnabled: true,
    AlarmActions: [policy.arn],
  };
  const name = (kind: string) => `TargetTracking-${policy.resourceId}-${kind}-${uuid()}`;
  const high: AlarmInput = {
    ...common,
    AlarmName: name('AlarmHigh'),
    ComparisonOperator: 'GreaterThanThreshold',
    Threshold: target,
    EvaluationPeriods: out,
  };
  if (configuration.DisableScaleIn) return [high];
  const low: AlarmInput = {
    ...common,
    AlarmName: name('AlarmLow'),
    ComparisonOperator: 'LessThanThreshold',
    Threshold: Number((target * 0.9).toPrecision(15)),
    EvaluationPeriods: in_s / period_s,
  };
  return [high, low];
}

function watchedMetric(
  resourceId: string,
  { PredefinedMetricSpecification, CustomizedMetricSpecification }: TargetTrackingScalingPolicyConfiguration,
): Watched {
  if (!PredefinedMetricSpecification === !CustomizedMetricSpecification)
    throw validation('Exactly one of PredefinedMetricSpecification and CustomizedMetricSpecification must be given.');
  return PredefinedMetricSpecification
    ? predefinedMetric(resourceId, PredefinedMetricSpecification)
    : customizedMetric(CustomizedMetricSpecification ?? {});
}

function predefinedMetric(
  resourceId: string,
  { PredefinedMetricType: type = '' as never, ResourceLabel }: PredefinedMetricSpecification,
): Watched {
  const [, name, highResolution] =
    /^ECSServiceAverage(CPU|Memory)Utilization(HighResolution)?$/.exec(String(type)) ?? [];
  const { cluster = '', service = '' } = parseServiceId(resourceId) ?? {};
  if (name)
    return {
      Namespace: 'AWS/ECS',
      MetricName: `${name}Utilization`,
      Dimensions: [
        { Name: 'ClusterName', Value: cluster },
        { Name: 'ServiceName', Value: service },
      ],
      Statistic: 'Average',
      Period: highResolution ? 20 : 60,
    };
  if (type !== 'ALBRequestCountPerTarget')
    throw validation(`The predefined metric ${type} is not supported for ecs:service:DesiredCount.`);
  const [, loadBalancer, targetGroup] =
    /^(app\/[^/]+\/[^/]+)\/(targetgroup\/[^/]+\/[^/]+)$/.exec(ResourceLabel ?? '') ?? [];
  if (!loadBalancer || !targetGroup)
    throw validation(
      'ResourceLabel must be app/<load-balancer-name>/<load-balancer-id>/targetgroup/<target-group-name>/<target-group-id>.',
    );
  return {
    Namespace: 'AWS/ApplicationELB',
    MetricName: 'RequestCountPerTarget',
    Dimensions: [
      { Name: 'LoadBalancer', Value: loadBalancer },
      { Name: 'TargetGroup', Value: targetGroup },
    ],
    Statistic: 'Sum',
    Period: 60,
  };
}

function customizedMetric(metric: CustomizedMetricSpecification): Watched {
  if (metric.Metrics)
    return {
      Metrics: metric.Metrics.map(
        ({ Id, Expression, Label, MetricStat, ReturnData }): MetricDataQuery => ({
          Id,
          Expression,
          Label,
          ReturnData,
          MetricStat: MetricStat && {
            Metric: MetricStat.Metric,
            Period: 60,
            Stat: MetricStat.Stat,
            Unit: MetricStat.Unit as StandardUnit | undefined,
          },
        }),
      ),
    };
  if (!metric.Namespace || !metric.MetricName || !metric.Statistic)
    throw validation('A customized metric needs Namespace, MetricName and Statistic, or Metrics.');
  return {
    Namespace: metric.Namespace,
    MetricName: metric.MetricName,
    Dimensions: metric.Dimensions,
    Statistic: metric.Statistic as Statistic,
    Unit: metric.Unit as StandardUnit | undefined,
    Period: 60,
  };
}
