import { defineService } from '../../kernel/service.ts';
import { retentionController } from './controllers/retention.ts';
import * as events from './operations/events.ts';
import * as filters from './operations/filters.ts';
import * as groups from './operations/groups.ts';
import * as policies from './operations/resource-policies.ts';
import { logGroup, logStream, metricFilter, subscriptionFilter } from './resources/logs.ts';

/** Amazon CloudWatch Logs. */
export const logs = () =>
  defineService('logs', {
    operations: {
      CreateLogGroup: groups.createLogGroup,
      DeleteLogGroup: groups.deleteLogGroup,
      DescribeLogGroups: groups.describeLogGroups,
      PutRetentionPolicy: groups.putRetentionPolicy,
      DeleteRetentionPolicy: groups.deleteRetentionPolicy,
      CreateLogStream: groups.createLogStream,
      DeleteLogStream: groups.deleteLogStream,
      DescribeLogStreams: groups.describeLogStreams,
      TagResource: groups.tagResource,
      UntagResource: groups.untagResource,
      ListTagsForResource: groups.listTagsForResource,
      PutLogEvents: events.putLogEvents,
      GetLogEvents: events.getLogEvents,
      FilterLogEvents: events.filterLogEvents,
      PutMetricFilter: filters.putMetricFilter,
      DeleteMetricFilter: filters.deleteMetricFilter,
      DescribeMetricFilters: filters.describeMetricFilters,
      PutResourcePolicy: policies.putResourcePolicy,
      DescribeResourcePolicies: policies.describeResourcePolicies,
      DeleteResourcePolicy: policies.deleteResourcePolicy,
      PutSubscriptionFilter: filters.putSubscriptionFilter,
      DeleteSubscriptionFilter: filters.deleteSubscriptionFilter,
      DescribeSubscriptionFilters: filters.describeSubscriptionFilters,
    },
    controllers: [retentionController],
    resources: {
      'AWS::Logs::LogGroup': logGroup,
      'AWS::Logs::LogStream': logStream,
      'AWS::Logs::MetricFilter': metricFilter,
      'AWS::Logs::SubscriptionFilter': subscriptionFilter,
    },
  });
