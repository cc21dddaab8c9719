import { defineService, type Service } from '../../kernel/service.ts';
import { alarmController } from './controllers/alarm.ts';
import { compositeAlarmController } from './controllers/composite-alarm.ts';
import { retentionController } from './controllers/retention.ts';
import {
  deleteAlarms,
  describeAlarmHistory,
  describeAlarms,
  describeAlarmsForMetric,
  disableAlarmActions,
  enableAlarmActions,
  setAlarmState,
} from './operations/alarms.ts';
import { putCompositeAlarm } from './operations/composite-alarms.ts';
import { deleteDashboards, getDashboard, listDashboards, putDashboard } from './operations/dashboards.ts';
import { getMetricData } from './operations/get-metric-data.ts';
import { getMetricStatistics } from './operations/get-metric-statistics.ts';
import { listMetrics } from './operations/list-metrics.ts';
import { putMetricAlarm } from './operations/put-alarm.ts';
import { putMetricData } from './operations/put-metric-data.ts';
import { listTagsForResource, tagResource, untagResource } from './operations/tags.ts';
import { alarm, compositeAlarm } from './resources/alarms.ts';
import { dashboard } from './resources/dashboard.ts';

/** Amazon CloudWatch: metrics, alarms, dashboards. */
export const cloudWatch = (): Service =>
  defineService('cloudWatch', {
    operations: {
      PutMetricData: putMetricData,
      ListMetrics: listMetrics,
      GetMetricStatistics: getMetricStatistics,
      GetMetricData: getMetricData,
      PutMetricAlarm: putMetricAlarm,
      PutCompositeAlarm: putCompositeAlarm,
      DescribeAlarms: describeAlarms,
      DescribeAlarmsForMetric: describeAlarmsForMetric,
      DescribeAlarmHistory: describeAlarmHistory,
      DeleteAlarms: deleteAlarms,
      EnableAlarmActions: enableAlarmActions,
      DisableAlarmActions: disableAlarmActions,
      SetAlarmState: setAlarmState,
      PutDashboard: putDashboard,
      GetDashboard: getDashboard,
      ListDashboards: listDashboards,
      DeleteDashboards: deleteDashboards,
      TagResource: tagResource,
      UntagResource: untagResource,
      ListTagsForResource: listTagsForResource,
    },
    controllers: [alarmController, compositeAlarmController, retentionController],
    resources: {
      'AWS::CloudWatch::Alarm': alarm,
      'AWS::CloudWatch::CompositeAlarm': compositeAlarm,
      'AWS::CloudWatch::Dashboard': dashboard,
    },
  });
