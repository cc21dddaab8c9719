import { Duration } from 'aws-cdk-lib';
import {
  type Alarm,
  AlarmStatusWidget,
  Dashboard,
  GraphWidget,
  type IMetric,
  MathExpression,
  Metric,
} from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import { describe } from '../describe.ts';
import type { Resolved } from '../service-settings.ts';
import type { MonitoringSurroundings } from './monitoring.ts';

const period = Duration.minutes(1);

/** One page for one service: its own figure per container, what it uses, how many there are, who is served, what is wrong. */
export function addDashboard(
  scope: Construct,
  {
    settings,
    surroundings: { names, loadBalancer },
    alarms,
  }: { settings: Resolved; surroundings: MonitoringSurroundings; alarms: Alarm[] },
): string {
  const dashboardName = `${names.cluster}-${names.service}`;
  const of = { ClusterName: names.cluster, ServiceName: names.service };
  const ecs = (namespace: string, metricName: string, statistic: string) =>
    new Metric({ namespace, metricName, dimensionsMap: of, statistic, period });
  const elb = (metricName: string, statistic: string) =>
    new Metric({
      namespace: 'AWS/ApplicationELB',
      metricName,
      dimensionsMap: { LoadBalancer: loadBalancer },
      statistic,
      period,
    });
  const dashboard = new Dashboard(scope, 'Dashboard', {
    dashboardName,
    defaultInterval: Duration.hours(3),
    widgets: [
      [
        ...ownFigure(settings, of),
        graph('Containers', [
          ecs('ECS/ContainerInsights', 'DesiredTaskCount', 'Maximum'),
          ecs('ECS/ContainerInsights', 'RunningTaskCount', 'Maximum'),
        ]),
      ],
      [
        graph('CPU and memory (%)', [
          ecs('AWS/ECS', 'CPUUtilization', 'Average'),
          ecs('AWS/ECS', 'MemoryUtilization', 'Average'),
        ]),
        graph('Requests', [
          elb('RequestCount', 'Sum'),
          elb('HTTPCode_Target_5XX_Count', 'Sum'),
          elb('HTTPCode_ELB_5XX_Count', 'Sum'),
        ]),
      ],
      [new AlarmStatusWidget({ title: 'Alarms', width: 24, alarms })],
    ],
  });
  describe(dashboard, `the page to look at ${names.service}`);
  return dashboardName;
}

const graph = (title: string, left: IMetric[], annotations: { value: number; label: string }[] = []) =>
  new GraphWidget({ title, left, leftAnnotations: annotations, width: 12, height: 6, leftYAxis: { min: 0 } });

/** The figure that the service scales by: one line per container, found when the page is drawn, and both thresholds. */
function ownFigure({ metrics, scaling }: Resolved, of: { ClusterName: string; ServiceName: string }): GraphWidget[] {
  if (!metrics || !scaling) return [];
  const search = [
    `{${metrics.namespace},ClusterName,ServiceName,TaskId}`,
    `MetricName="${scaling.metric}" ClusterName="${of.ClusterName}" ServiceName="${of.ServiceName}"`,
  ].join(' ');
  const perContainer = new MathExpression({
    expression: `SEARCH('${search}', 'Maximum', 60)`,
    label: '',
    usingMetrics: {},
    period,
  });
  return [
    graph(
      `${scaling.metric} per container`,
      [perContainer],
      [
        { value: scaling.out.above, label: 'one more above' },
        { value: scaling.in.below, label: 'one less below' },
      ],
    ),
  ];
}
