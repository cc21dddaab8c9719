import type { Context } from '../../../kernel/context.ts';
import type { Handler } from '../../../kernel/operation.ts';
import { announceConfiguration } from '../controllers/alarm-configuration.ts';
import { alarmPeriod } from '../controllers/alarm-reason.ts';
import { latestWindowEnd } from '../controllers/plan-alarm.ts';
import { validationError } from '../errors.ts';
import { type Alarm, alarmWork, compositeAlarms, metricAlarms, tags } from '../model.ts';
import { checkMetricAlarm } from './alarm-input.ts';

type Sdk = typeof import('@aws-sdk/client-cloudwatch');

export const alarmArn = ({ region, account }: Context['scope'], name: string): string =>
  `arn:aws:cloudwatch:${region}:${account}:alarm:${name}`;

/** An alarm that exists keeps its state; all else is replaced. It is evaluated at once. */
export const putMetricAlarm: Handler<Sdk, 'PutMetricAlarm', Context> = (input, context) => {
  checkMetricAlarm(input);
  const { Tags, ...configuration } = input;
  const { AlarmName } = input;
  if (context.store.table(compositeAlarms).get(AlarmName))
    throw validationError(`A composite alarm with the name ${AlarmName} exists.`);
  const known = context.store.table(metricAlarms).get(AlarmName);
  const alarm = {
    ...configuration,
    ...commonMembers(input, known, context),
    // checkMetricAlarm has seen that these are there.
    EvaluationPeriods: input.EvaluationPeriods ?? 1,
    Threshold: input.Threshold ?? 0,
    ComparisonOperator: input.ComparisonOperator ?? 'GreaterThanThreshold',
    Metrics: input.Metrics?.map((query) => ({ ...query, ReturnData: query.ReturnData ?? true })),
    Dimensions: input.Metrics ? undefined : (input.Dimensions ?? []),
  };
  context.store.table(metricAlarms).put(AlarmName, alarm);
  context.store.table(alarmWork).put(AlarmName, {
    evaluateFrom: latestWindowEnd(context.now, alarmPeriod(alarm)),
  });
  if (!known && Tags) context.store.table(tags).put(alarm.AlarmArn, requireTags(Tags));
  announceConfiguration(alarm, known ? 'update' : 'create', context);
  return {};
};

/** What metric and composite alarms have in common. */
export function commonMembers(
  input: {
    readonly AlarmName: string;
    readonly ActionsEnabled?: boolean | undefined;
    readonly OKActions?: string[] | undefined;
    readonly AlarmActions?: string[] | undefined;
    readonly InsufficientDataActions?: string[] | undefined;
  },
  known: Alarm | undefined,
  { scope, now }: Context,
) {
  const time = new Date(now);
  return {
    AlarmName: input.AlarmName,
    AlarmArn: alarmArn(scope, input.AlarmName),
    ActionsEnabled: input.ActionsEnabled ?? true,
    OKActions: input.OKActions ?? [],
    AlarmActions: input.AlarmActions ?? [],
    InsufficientDataActions: input.InsufficientDataActions ?? [],
    AlarmConfigurationUpdatedTimestamp: time,
    StateValue: known?.StateValue ?? ('INSUFFICIENT_DATA' as const),
    StateReason: known?.StateReason ?? 'Unchecked: Initial alarm creation',
    StateReasonData: known?.StateReasonData,
    StateUpdatedTimestamp: known?.StateUpdatedTimestamp ?? time,
    StateTransitionedTimestamp: known?.StateTransitionedTimestamp ?? time,
  };
}

/** Keys that begin with aws: are AWS's own; CloudFormation's come through here. */
export function requireTags(
  given: readonly { readonly Key: string | undefined; readonly Value: string | undefined }[],
): { Key: string; Value: string }[] {
  const checked = given.map(({ Key = '', Value = '' }) => ({ Key, Value }));
  for (const { Key } of checked)
    if (Key === '' || Key.length > 128 || /^aws:(?!cloudformation:)/i.test(Key))
      throw validationError(
        `Tag keys must be 1 to 128 characters long and must not begin with aws: (${JSON.stringify(Key)})`,
      );
  if (checked.length > 50) throw validationError('The maximum number of tags is 50.');
  return checked;
}
