import { AwsError } from '../../../kernel/aws-error.ts';
import { serviceCaller } from '../../../kernel/caller.ts';
import type { Context } from '../../../kernel/context.ts';
import { type PolicyCall, policyCallId, policyCalls } from '../../../kernel/policy-calls.ts';
import { serviceFacts } from '../../../kernel/service-names.ts';
import { recordHistory } from '../history.ts';
import { type Alarm, type AlarmState, compositeAlarms, metricAlarms } from '../model.ts';
import {
  alarmMessage,
  alarmSubject,
  isComposite,
  lambdaPayload,
  stateChangeDetail,
  stateOf,
  watchedMetric,
} from './alarm-message.ts';

export interface NewState {
  readonly state: Alarm['StateValue'];
  readonly reason: string;
  readonly reasonData?: string | undefined;
  /** The data points that led to it, oldest first. */
  readonly values?: readonly number[] | undefined;
}

/** Writes down an alarm's new state and tells everyone: history, event bus, the log for people. Its actions are the caller's to take. */
export function changeState<Row extends Alarm>(alarm: Row, to: NewState, context: Context): Row {
  const now = new Date(context.now);
  const changed: Row = {
    ...alarm,
    StateValue: to.state,
    StateReason: to.reason,
    StateReasonData: to.reasonData,
    StateUpdatedTimestamp: now,
    StateTransitionedTimestamp: alarm.StateValue === to.state ? alarm.StateTransitionedTimestamp : now,
  };
  putAlarm(changed, context);
  if (alarm.StateValue === to.state) return changed;
  const previous = stateOf(alarm);
  recordHistory(context, changed, {
    type: 'StateUpdate',
    summary: `Alarm updated from ${previous.value} to ${to.state}`,
    data: { version: '1.0', oldState: stateInHistory(previous), newState: stateInHistory(stateOf(changed)) },
  });
  context.emit({
    type: 'cloudwatch/alarm-state-changed',
    subject: alarm.AlarmArn,
    message: `alarm ${alarm.AlarmName} went from ${previous.value} to ${to.state}`,
    data: { alarm: alarm.AlarmName, from: previous.value, to: to.state, reason: to.reason, ...factsOf(changed, to) },
  });
  sendStateChange(changed, previous, to, context);
  return changed;
}

function putAlarm(alarm: Alarm, { store }: Context): void {
  if (isComposite(alarm)) store.table(compositeAlarms).put(alarm.AlarmName, alarm);
  else store.table(metricAlarms).put(alarm.AlarmName, alarm);
}

const stateInHistory = ({ value, reason, reasonData }: AlarmState) => ({
  stateValue: value,
  stateReason: reason,
  ...(reasonData ? { stateReasonData: parsed(reasonData) } : {}),
});

/** SetAlarmState takes any text as reason data. */
function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return json;
  }
}

/** For people: events and explanations say what was measured and what it crossed. */
const factsOf = (alarm: Alarm, { values = [] }: Pick<NewState, 'values'>) => ({
  metric: watchedMetric(alarm),
  ...(values.length > 0 ? { value: values.at(-1) } : {}),
  ...(isComposite(alarm) ? {} : { threshold: alarm.Threshold }),
});

/** CloudWatch acting for the alarm, with the alarm as the cause of whatever it sets off. */
function asAlarm(alarm: Alarm, to: Pick<NewState, 'values'>, context: Context): Context {
  const cause = { alarm: alarm.AlarmName, reason: alarm.StateReason, ...factsOf(alarm, to) };
  return context.as({
    ...serviceCaller(context.scope.account, serviceFacts.cloudWatch.principal, alarm.AlarmArn),
    cause,
  });
}

function sendStateChange(alarm: Alarm, previous: AlarmState, to: NewState, context: Context): void {
  const detail = stateChangeDetail(alarm, previous, context.ids.uuid('cloudWatch/metric-query'));
  attempt(context, () => {
    asAlarm(alarm, to, context).eventBridge.putEvents({
      Entries: [
        {
          Source: 'aws.cloudwatch',
          DetailType: 'CloudWatch Alarm State Change',
          Resources: [alarm.AlarmArn],
          Detail: JSON.stringify(detail),
          Time: new Date(context.now),
        },
      ],
    });
  });
}

export const actionsFor = (alarm: Alarm): readonly string[] =>
  ({ OK: alarm.OKActions, ALARM: alarm.AlarmActions, INSUFFICIENT_DATA: alarm.InsufficientDataActions })[
    alarm.StateValue
  ];

const lambdaPrincipal = 'lambda.alarms.cloudwatch.amazonaws.com';
const isPolicy = (action: string) => action.startsWith('arn:aws:autoscaling:') && action.includes(':resource/');

/** Takes the actions of a state that the alarm has just come into. Each is tried and told in the history, whether it works or not. */
export function takeActions(alarm: Alarm, previous: AlarmState, to: NewState, context: Context): void {
  if (!alarm.ActionsEnabled) return;
  for (const action of actionsFor(alarm)) {
    const message = JSON.stringify(alarmMessage(alarm, previous, context.scope));
    const error = attempt(context, () => takeAction(action, { alarm, previous, to, message }, context));
    recordHistory(context, alarm, {
      type: 'Action',
      summary: error
        ? `Failed to execute action ${action}. Received error: "${error.message}"`
        : `Successfully executed action ${action}`,
      data: {
        actionState: error ? 'Failed' : 'Succeeded',
        stateUpdateTimestamp: alarm.StateUpdatedTimestamp.getTime(),
        notificationResource: action,
        publishedMessage: action.includes(':sns:') ? JSON.stringify({ default: message }) : null,
        error: error?.message ?? null,
      },
    });
    if (error)
      context.emit({
        type: 'cloudwatch/alarm-action-failed',
        subject: alarm.AlarmArn,
        message: `alarm ${alarm.AlarmName} could not take its action ${action}: ${error.message}`,
        data: { alarm: alarm.AlarmName, action, code: error.code },
      });
  }
}

interface Taking {
  readonly alarm: Alarm;
  readonly previous: AlarmState;
  readonly to: NewState;
  readonly message: string;
}

function takeAction(action: string, { alarm, previous, to, message }: Taking, context: Context): void {
  const caller = asAlarm(alarm, to, context);
  const [, , service = ''] = action.split(':');
  if (service === 'sns')
    caller.sns.publish({
      TopicArn: action,
      Subject: alarmSubject(alarm, context.scope.region),
      Message: message,
    });
  else if (service === 'lambda') {
    const payload = lambdaPayload(alarm, previous, context.scope, context.ids.uuid('cloudWatch/metric-query'));
    // Functions are called by a principal of its own, which is what their permissions name.
    const toLambda = caller.as({ ...caller.caller, arn: lambdaPrincipal, userId: lambdaPrincipal });
    toLambda.lambda.invokeAsync({
      FunctionName: action,
      InvokeArgs: new TextEncoder().encode(JSON.stringify(payload)),
    });
  } else if (isPolicy(action)) callPolicy(action, alarm, to, context);
  else throw new AwsError('NotImplemented', `alarm actions of this kind are not implemented here: ${action}`);
}

/** While the alarm stays in the state its scaling policies are called at every evaluation; everything else only once. */
export function callPolicies(alarm: Alarm, values: readonly number[], context: Context): void {
  if (!alarm.ActionsEnabled) return;
  for (const action of actionsFor(alarm))
    if (isPolicy(action))
      callPolicy(action, alarm, { state: alarm.StateValue, reason: alarm.StateReason, values }, context);
}

export const hasPolicies = (alarm: Alarm): boolean => actionsFor(alarm).some(isPolicy);

function callPolicy(policyArn: string, alarm: Alarm, to: NewState, { store, now }: Context): void {
  if (isComposite(alarm)) throw new AwsError('ValidationError', 'A composite alarm cannot call a scaling policy.');
  const call: PolicyCall = {
    policyArn,
    alarmName: alarm.AlarmName,
    alarmArn: alarm.AlarmArn,
    state: alarm.StateValue,
    reason: alarm.StateReason,
    metric: watchedMetric(alarm),
    values: to.values ?? [],
    threshold: alarm.Threshold,
    at: now,
  };
  store.table(policyCalls).put(policyCallId(call), call);
}

/** What another service refuses is told, not thrown: the alarm has changed state all the same. */
function attempt(context: Context, action: () => void): AwsError | undefined {
  try {
    context.attempt(action);
    return undefined;
  } catch (error) {
    if (error instanceof AwsError) return error;
    throw error;
  }
}
