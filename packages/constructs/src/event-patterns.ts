import type { ServiceNames } from './names.ts';

/** The kinds of events that the functions are called by. */
export const ALARM_CHANGES = 'CloudWatch Alarm State Change';
export const TASK_CHANGES = 'ECS Task State Change';
export const TICKS = 'Scheduled Event';

/** Alarms of one kind of this service that go off. */
export const alarmGoesOff = (prefix: string) => ({
  source: ['aws.cloudwatch'],
  'detail-type': [ALARM_CHANGES],
  detail: { alarmName: [{ prefix }], state: { value: ['ALARM'] } },
});

/** Tasks of this service that come into one of these states. */
export const taskBecomes = ({ service }: ServiceNames, clusterArn: string, lastStatus: readonly string[]) => ({
  source: ['aws.ecs'],
  'detail-type': [TASK_CHANGES],
  detail: { clusterArn: [clusterArn], group: [`service:${service}`], lastStatus },
});
