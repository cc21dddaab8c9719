import type { Context } from '../../../kernel/context.ts';
import type { Handler } from '../../../kernel/operation.ts';
import { page } from '../../../kernel/page.ts';
import { isTimeZone, parseSchedule } from '../../../kernel/schedule.ts';
import { invalidNextToken, scheduledActionNotFound, validation } from '../errors.ts';
import { type ScheduledAction, scheduledActionId, scheduledActions } from '../model.ts';
import { pageSize, requireTarget, requireTargetKey } from './target-input.ts';

type Sdk = typeof import('@aws-sdk/client-application-auto-scaling');

/** Creates an action, or changes what is given of the one of that name. */
export const putScheduledAction: Handler<Sdk, 'PutScheduledAction', Context> = (input, context) => {
  const { store, scope, ids, now } = context;
  requireTarget(input, context);
  const id = scheduledActionId(input);
  const known = store.table(scheduledActions).get(id)?.action;
  const Schedule = input.Schedule ?? known?.Schedule;
  if (!Schedule) throw validation('Schedule is required when creating a scheduled action.');
  requireSchedule(Schedule);
  if (input.Timezone && !isTimeZone(input.Timezone)) throw validation(`Invalid time zone: ${input.Timezone}`);
  const bounds = input.ScalableTargetAction ?? known?.ScalableTargetAction;
  const { MinCapacity, MaxCapacity } = bounds ?? {};
  if (MinCapacity === undefined && MaxCapacity === undefined)
    throw validation('ScalableTargetAction must give MinCapacity, MaxCapacity or both.');
  if (MinCapacity !== undefined && MaxCapacity !== undefined && MinCapacity > MaxCapacity)
    throw validation('Maximum capacity cannot be less than minimum capacity');
  const path = `scheduledAction:${ids.uuid('applicationAutoScaling/scheduled-action')}:resource/${input.ServiceNamespace}/${input.ResourceId}:scheduledActionName/${input.ScheduledActionName}`;
  const action: ScheduledAction = {
    ScheduledActionName: input.ScheduledActionName,
    ScheduledActionARN: known?.ScheduledActionARN ?? `arn:aws:autoscaling:${scope.region}:${scope.account}:${path}`,
    ServiceNamespace: input.ServiceNamespace,
    ResourceId: input.ResourceId,
    ScalableDimension: input.ScalableDimension,
    Schedule,
    Timezone: input.Timezone ?? known?.Timezone,
    StartTime: input.StartTime ?? known?.StartTime,
    EndTime: input.EndTime ?? known?.EndTime,
    ScalableTargetAction: bounds,
    CreationTime: known?.CreationTime ?? new Date(now),
  };
  store.table(scheduledActions).put(id, { action, since: action.StartTime?.getTime() ?? now, until: now });
  return {};
};

function requireSchedule(schedule: string): void {
  try {
    parseSchedule(schedule);
  } catch (error) {
    throw validation(`Invalid schedule: ${error instanceof Error ? error.message : schedule}`);
  }
}

export const describeScheduledActions: Handler<Sdk, 'DescribeScheduledActions', Context> = (input, { store }) => {
  const found = store
    .table(scheduledActions)
    .list()
    .map(({ action }) => action)
    .filter(
      (action) =>
        action.ServiceNamespace === input.ServiceNamespace &&
        (!input.ResourceId || action.ResourceId === input.ResourceId) &&
        (!input.ScalableDimension || action.ScalableDimension === input.ScalableDimension) &&
        (!input.ScheduledActionNames?.length || input.ScheduledActionNames.includes(action.ScheduledActionName)),
    );
  const size = pageSize(input.MaxResults);
  const { items, nextToken } = page(found, { token: input.NextToken, size, invalid: invalidNextToken });
  return { ScheduledActions: items, NextToken: nextToken };
};

export const deleteScheduledAction: Handler<Sdk, 'DeleteScheduledAction', Context> = (input, { store }) => {
  const id = scheduledActionId(input);
  requireTargetKey(input);
  if (!store.table(scheduledActions).get(id)) throw scheduledActionNotFound(input, input.ScheduledActionName);
  store.table(scheduledActions).delete(id);
  return {};
};
