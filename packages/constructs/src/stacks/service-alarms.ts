import { Duration } from 'aws-cdk-lib';
import { Alarm, type AlarmProps, ComparisonOperator, Metric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import { describe } from '../describe.ts';
import { pascalCase } from '../names.ts';
import type { Resolved } from '../service-settings.ts';
import type { MonitoringSurroundings } from './monitoring.ts';
import type { Scaling } from './scaled-service-of.ts';

interface ServiceAlarm extends AlarmProps {
  readonly name: string;
  readonly alarmDescription: string;
  readonly mailWhenSilent?: boolean;
}

const period = Duration.minutes(1);

/** The alarms of a service as a whole. They mail when something is wrong; none scales. */
export function addServiceAlarms(
  scope: Construct,
  { metrics, scaling }: Resolved,
  surroundings: MonitoringSurroundings,
): Alarm[] {
  const { cluster, service } = surroundings.names;
  const wanted = [
    serverErrors(surroundings.loadBalancer),
    ...(metrics && scaling ? figureAlarms(metrics.namespace, scaling, surroundings) : []),
  ];
  return wanted.map(({ name, mailWhenSilent, ...props }) => {
    const alarm = new Alarm(scope, pascalCase(name), { alarmName: `${cluster}-${service}-${name}`, ...props });
    // No mail when it is right again: an alarm is also made right once, when it is new.
    const mail = { bind: () => ({ alarmActionArn: surroundings.topicArn }) };
    alarm.addAlarmAction(mail);
    if (mailWhenSilent) alarm.addInsufficientDataAction(mail);
    return describe(alarm, props.alarmDescription);
  });
}

function serverErrors(loadBalancer: string): ServiceAlarm {
  return {
    name: 'server-errors',
    alarmDescription: 'mails when the load balancer itself answers with 5xx',
    metric: new Metric({
      namespace: 'AWS/ApplicationELB',
      metricName: 'HTTPCode_ELB_5XX_Count',
      dimensionsMap: { LoadBalancer: loadBalancer },
      statistic: 'Sum',
      period,
    }),
    threshold: 10,
    evaluationPeriods: 5,
    comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
    treatMissingData: TreatMissingData.NOT_BREACHING,
  };
}

function figureAlarms(
  namespace: string,
  { metric, out }: Scaling,
  { names: { cluster, service } }: MonitoringSurroundings,
): ServiceAlarm[] {
  const figure = (statistic: string) =>
    new Metric({
      namespace,
      metricName: metric,
      dimensionsMap: { ClusterName: cluster, ServiceName: service },
      statistic,
      period,
    });
  return [
    {
      name: 'stays-high',
      alarmDescription: `mails when ${metric} stays above ${out.above} on average: scaling out was not enough`,
      metric: figure('Average'),
      threshold: out.above,
      evaluationPeriods: 10,
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      treatMissingData: TreatMissingData.MISSING,
    },
    {
      name: 'metrics-missing',
      alarmDescription: `mails when no container tells its ${metric} any more: nothing scales until one does`,
      metric: figure('SampleCount'),
      threshold: 1,
      evaluationPeriods: 5,
      comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD,
      // Silence is not breaching but INSUFFICIENT_DATA, which a new alarm is in anyway: it mails once there were figures.
      treatMissingData: TreatMissingData.MISSING,
      mailWhenSilent: true,
    },
  ];
}
