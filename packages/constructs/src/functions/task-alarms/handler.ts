import { lambdaEdge } from '../lambda-edge.ts';
import { cloudWatchCalls } from '../sdk/cloudwatch.ts';
import { ecsCalls } from '../sdk/ecs.ts';
import type { TaskAlarmsSettings } from './plan-task-alarms.ts';
import { createTaskAlarms } from './task-alarms.ts';

const { settings, log } = lambdaEdge<TaskAlarmsSettings>();

export const handler = createTaskAlarms({ settings, log, aws: { ...ecsCalls(), ...cloudWatchCalls() } });
