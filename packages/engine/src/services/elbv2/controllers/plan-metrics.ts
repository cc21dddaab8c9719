import type { MetricDatum } from '@aws-sdk/client-cloudwatch';
import type { Counts, Distribution } from '@rockpool/proxy';
import { metricName, type Target } from '../model.ts';

/** A target group with what its metrics need. */
export interface MeasuredGroup {
  readonly arn: string;
  readonly balancers: readonly string[];
  readonly targets: readonly Target[];
}

const dimensions = (balancer: string, group?: string) => [
  ...(group ? [{ Name: 'TargetGroup', Value: metricName(group) }] : []),
  { Name: 'LoadBalancer', Value: metricName(balancer) },
];

/** Metrics that AWS reports only when they are not zero; the others are there every minute. */
const sum = (MetricName: string, Value: number, Dimensions: MetricDatum['Dimensions']): MetricDatum[] =>
  Value > 0 ? [{ MetricName, Value, Unit: 'Count', Dimensions }] : [];

/**
 * One minute of a load balancer as CloudWatch shows it, in AWS/ApplicationELB
 * (https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-cloudwatch-metrics.html).
 */
export function planMetrics(
  balancer: string,
  listenerArns: ReadonlySet<string>,
  groups: readonly MeasuredGroup[],
  counts: Counts,
): MetricDatum[] {
  const listeners = counts.listeners.filter(({ listener }) => listenerArns.has(listener));
  const targets = counts.targets.filter(({ listener }) => listenerArns.has(listener));
  const own = dimensions(balancer);
  const total = (pick: (one: (typeof listeners)[number]) => number) =>
    listeners.reduce((all, one) => all + pick(one), 0);
  const statuses = (low: number) =>
    total(({ ownStatuses }) =>
      Object.entries(ownStatuses).reduce(
        (all, [status, count]) => all + (Math.floor(Number(status) / 100) === low ? count : 0),
        0,
      ),
    );
  return [
    ...sum(
      'RequestCount',
      total((one) => one.requests),
      own,
    ),
    ...sum(
      'NewConnectionCount',
      total((one) => one.newConnections),
      own,
    ),
    ...sum(
      'ActiveConnectionCount',
      total((one) => one.activeConnections),
      own,
    ),
    ...sum(
      'RejectedConnectionCount',
      total((one) => one.rejectedConnections),
      own,
    ),
    ...sum(
      'HTTP_Redirect_Count',
      total((one) => one.redirects),
      own,
    ),
    ...sum(
      'HTTP_Fixed_Response_Count',
      total((one) => one.fixedResponses),
      own,
    ),
    ...sum(
      'ProcessedBytes',
      total((one) => one.receivedBytes + one.sentBytes),
      own,
    ).map((datum) => ({ ...datum, Unit: 'Bytes' as const })),
    ...sum('HTTPCode_ELB_4XX_Count', statuses(4), own),
    ...sum('HTTPCode_ELB_5XX_Count', statuses(5), own),
    ...[502, 503, 504].flatMap((status) =>
      sum(
        `HTTPCode_ELB_${status}_Count`,
        total((one) => one.ownStatuses[status] ?? 0),
        own,
      ),
    ),
    ...perTarget(targets, own),
    ...groups
      .filter((group) => group.balancers.includes(balancer))
      .flatMap((group) => groupMetrics(group, balancer, targets)),
  ];
}

function groupMetrics(group: MeasuredGroup, balancer: string, targets: Counts['targets']): MetricDatum[] {
  const Dimensions = dimensions(balancer, group.arn);
  const own = targets.filter(({ targetGroup }) => targetGroup === group.arn);
  const registered = group.targets.filter((target) => target.state !== 'draining');
  const healthy = registered.filter((target) => target.state === 'healthy').length;
  const requests = own.reduce((all, one) => all + one.requests, 0);
  return [
    ...perTarget(own, Dimensions),
    ...sum('RequestCount', requests, Dimensions),
    ...sum('RequestCountPerTarget', healthy > 0 ? requests / healthy : 0, [
      { Name: 'TargetGroup', Value: metricName(group.arn) },
    ]),
    { MetricName: 'HealthyHostCount', Value: healthy, Unit: 'Count', Dimensions },
    {
      MetricName: 'UnHealthyHostCount',
      Value: registered.filter((target) => target.state === 'unhealthy').length,
      Unit: 'Count',
      Dimensions,
    },
  ];
}

function perTarget(targets: Counts['targets'], Dimensions: MetricDatum['Dimensions']): MetricDatum[] {
  const total = (pick: (one: Counts['targets'][number]) => number) => targets.reduce((all, one) => all + pick(one), 0);
  const times = targets.map((one) => one.responseTime).filter((one) => one.count > 0);
  return [
    ...(['2xx', '3xx', '4xx', '5xx'] as const).flatMap((status) =>
      sum(
        `HTTPCode_Target_${status.toUpperCase()}_Count`,
        total((one) => one.statuses[status]),
        Dimensions,
      ),
    ),
    ...sum(
      'TargetConnectionErrorCount',
      total((one) => one.connectionErrors),
      Dimensions,
    ),
    ...times.map((time) => responseTime(time, Dimensions)),
  ];
}

/** In seconds, with how often each value occurred, so that percentiles come out right. At most 150 values a datum. */
function responseTime({ values_ms, counts }: Distribution, Dimensions: MetricDatum['Dimensions']): MetricDatum {
  return {
    MetricName: 'TargetResponseTime',
    Unit: 'Seconds',
    Dimensions,
    Values: values_ms.slice(0, 150).map((value) => value / 1000),
    Counts: [...counts.slice(0, 150)],
  };
}
