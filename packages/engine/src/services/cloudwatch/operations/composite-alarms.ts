import type { Context } from '../../../kernel/context.ts';
import type { Handler } from '../../../kernel/operation.ts';
import { announceConfiguration } from '../controllers/alarm-configuration.ts';
import { type AlarmRule, alarmsIn, parseAlarmRule } from '../controllers/alarm-rule.ts';
import { alarmNameOf, findAlarm } from '../controllers/composite-family.ts';
import { missingParameter, validationError } from '../errors.ts';
import { type CompositeAlarm, compositeAlarms, metricAlarms, tags } from '../model.ts';
import { checkActions, requireAlarmName } from './alarm-input.ts';
import { commonMembers, requireTags } from './put-alarm.ts';

type Sdk = typeof import('@aws-sdk/client-cloudwatch');

export const putCompositeAlarm: Handler<Sdk, 'PutCompositeAlarm', Context> = (input, context) => {
  const { store } = context;
  requireAlarmName(input.AlarmName);
  checkActions(input);
  for (const action of [...(input.AlarmActions ?? []), ...(input.OKActions ?? [])])
    if (action.startsWith('arn:aws:autoscaling:') || action.startsWith('arn:aws:automate:'))
      throw validationError(`Composite alarms cannot perform this action: ${action}`);
  if (store.table(metricAlarms).get(input.AlarmName))
    throw validationError(`A metric alarm with the name ${input.AlarmName} exists.`);

  const missing = alarmsIn(requireRule(input.AlarmRule)).filter((name) => !findAlarm(store, alarmNameOf(name)));
  if (missing.length > 0)
    throw validationError(
      `Could not save the composite alarm as alarms [${missing.join(', ')}] in the alarm rule do not exist`,
    );
  requireSuppressor(input, context);

  const known = store.table(compositeAlarms).get(input.AlarmName);
  const { Tags, ...configuration } = input;
  const alarm: CompositeAlarm = { ...configuration, ...commonMembers(input, known, context) };
  store.table(compositeAlarms).put(alarm.AlarmName, alarm);
  if (!known && Tags) store.table(tags).put(alarm.AlarmArn, requireTags(Tags));
  announceConfiguration(alarm, known ? 'update' : 'create', context);
  return {};
};

function requireRule(text: string): AlarmRule {
  if (text.length > 10_240) throw validationError('AlarmRule must not be longer than 10240 characters');
  try {
    return parseAlarmRule(text);
  } catch (error) {
    throw validationError(`AlarmRule is not valid: ${error instanceof Error ? error.message : error}`);
  }
}

function requireSuppressor(
  input: {
    readonly ActionsSuppressor?: string | undefined;
    readonly ActionsSuppressorWaitPeriod?: number | undefined;
    readonly ActionsSuppressorExtensionPeriod?: number | undefined;
  },
  { store }: Context,
): void {
  if (!input.ActionsSuppressor) return;
  if (input.ActionsSuppressorWaitPeriod === undefined) throw missingParameter('ActionsSuppressorWaitPeriod');
  if (input.ActionsSuppressorExtensionPeriod === undefined) throw missingParameter('ActionsSuppressorExtensionPeriod');
  if (!findAlarm(store, alarmNameOf(input.ActionsSuppressor)))
    throw validationError(`The actions suppressor ${input.ActionsSuppressor} does not exist`);
}
