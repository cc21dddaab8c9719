import type { MetricAlarm } from '@aws-sdk/client-cloudwatch';
import { beforeEach, expect, test } from 'vitest';
import { settings as shared } from '../../testing/scale-in-fixtures.ts';
import { createTaskAlarms } from './task-alarms.ts';

const arn = (id: string) => `arn:aws:ecs:eu-west-1:000000000000:task/sea/${id}`;
const alarms = new Map<string, MetricAlarm>();
let listed: () => string[];

const taskAlarms = createTaskAlarms({
  settings: { ...shared, upper: { period_s: 60, periods: 2 }, lower: { period_s: 60, periods: 5 } },
  log: () => {},
  aws: {
    // Pages of one, so that a listing that stops after the first is seen.
    listTasks: ({ nextToken = '0' }) => {
      const ids = listed();
      const at = Number(nextToken);
      return { taskArns: ids.slice(at, at + 1).map(arn), ...(at + 1 < ids.length && { nextToken: String(at + 1) }) };
    },
    describeAlarms: ({ AlarmNamePrefix = '' }) => ({
      MetricAlarms: [...alarms.values()].filter(({ AlarmName = '' }) => AlarmName.startsWith(AlarmNamePrefix)),
    }),
    putMetricAlarm: (alarm) => {
      alarms.set(alarm.AlarmName ?? '', alarm);
      return {};
    },
    deleteAlarms: ({ AlarmNames = [] }) => {
      if (AlarmNames.some((name) => !alarms.has(name))) {
        throw Object.assign(new Error('Alarm not found'), { name: 'ResourceNotFound' });
      }
      for (const name of AlarmNames) alarms.delete(name);
      return {};
    },
  },
});

const event = (id: string, lastStatus: string) => ({ detail: { taskArn: arn(id), lastStatus } });
const tasksWithAlarms = () =>
  [...new Set([...alarms.keys()].map((name) => name.slice(name.lastIndexOf('/') + 1)))].sort();

beforeEach(() => {
  alarms.clear();
  listed = () => ['a', 'b', 'c'];
});

test('every running container gets its alarms, whatever woke the function', async () => {
  await taskAlarms({});
  expect(tasksWithAlarms()).toEqual(['a', 'b', 'c']);
  expect(alarms.size).toBe(6);
});

test('a container that just started gets them before it is listed, and one that just stopped loses them', async () => {
  await taskAlarms(event('d', 'RUNNING'));
  expect(tasksWithAlarms()).toEqual(['a', 'b', 'c', 'd']);
  await taskAlarms(event('a', 'STOPPED'));
  expect(tasksWithAlarms()).toEqual(['b', 'c']);
});

test('all of them go with the service', async () => {
  await taskAlarms({});
  listed = () => {
    throw Object.assign(new Error('Service not found.'), { name: 'ServiceNotFoundException' });
  };
  await taskAlarms(event('c', 'STOPPED'));
  expect(alarms.size).toBe(0);
});

test('an error of AWS is not taken for a service without containers', async () => {
  await taskAlarms({});
  listed = () => {
    throw Object.assign(new Error('Rate exceeded'), { name: 'ThrottlingException' });
  };
  await expect(taskAlarms({})).rejects.toThrow('Rate exceeded');
  expect(alarms.size).toBe(6);
});
