import { AwsError } from '../../../kernel/aws-error.ts';
import type { Context } from '../../../kernel/context.ts';
import { asService } from '../../../kernel/create-context.ts';
import { recordHistory } from '../history.ts';
import type { Alarm } from '../model.ts';
import { alarmConfiguration, isComposite } from './alarm-message.ts';
import { longDate } from './alarm-reason.ts';

type Operation = 'create' | 'update' | 'delete';
const done = { create: 'created', update: 'updated', delete: 'deleted' };
const historyTypes = { create: 'Create', update: 'Update', delete: 'Delete' };

/** An alarm was created, updated or deleted: its history says so, and the event bus. */
export function announceConfiguration(alarm: Alarm, operation: Operation, context: Context): void {
  recordHistory(context, alarm, {
    type: 'ConfigurationUpdate',
    summary: `Alarm "${alarm.AlarmName}" ${done[operation]}`,
    data: { version: '1.0', type: historyTypes[operation], [`${done[operation]}Alarm`]: alarm },
  });
  try {
    asService(context, 'cloudWatch', alarm.AlarmArn).eventBridge.putEvents({
      Entries: [
        {
          Source: 'aws.cloudwatch',
          DetailType: 'CloudWatch Alarm Configuration Change',
          Resources: [alarm.AlarmArn],
          Detail: JSON.stringify(configurationDetail(alarm, operation, context)),
          Time: new Date(context.now),
        },
      ],
    });
  } catch (error) {
    // An engine without an event bus has nobody to tell.
    if (!(error instanceof AwsError)) throw error;
  }
}

function configurationDetail(alarm: Alarm, operation: Operation, { ids }: Context): object {
  return {
    alarmName: alarm.AlarmName,
    operation,
    state: { value: alarm.StateValue, timestamp: longDate(alarm.StateUpdatedTimestamp.getTime()) },
    configuration: {
      ...(isComposite(alarm)
        ? {}
        : {
            evaluationPeriods: alarm.EvaluationPeriods,
            ...(alarm.DatapointsToAlarm ? { datapointsToAlarm: alarm.DatapointsToAlarm } : {}),
            threshold: alarm.Threshold,
            comparisonOperator: alarm.ComparisonOperator,
            ...(alarm.TreatMissingData ? { treatMissingData: alarm.TreatMissingData } : {}),
          }),
      ...alarmConfiguration(alarm, ids.uuid('cloudWatch/metric-query')),
      alarmName: alarm.AlarmName,
      actionsEnabled: alarm.ActionsEnabled,
      timestamp: longDate(alarm.AlarmConfigurationUpdatedTimestamp.getTime()),
      okActions: alarm.OKActions,
      alarmActions: alarm.AlarmActions,
      insufficientDataActions: alarm.InsufficientDataActions,
    },
  };
}
