import { describe, expect, test } from 'vitest';
import { settings as shared } from '../../testing/scale-in-fixtures.ts';
import { planTaskAlarms, type TaskAlarmsSettings } from './plan-task-alarms.ts';

const settings: TaskAlarmsSettings = {
  ...shared,
  upper: { period_s: 60, periods: 2 },
  lower: { period_s: 60, periods: 5 },
};

const alarmsOf = (...running: string[]) => planTaskAlarms({ running, alarms: [] }, settings).put;
const names = (running: string[], existing: string[]) => {
  const { put, drop } = planTaskAlarms({ running, alarms: alarmsOf(...existing) }, settings);
  return { put: put.map(({ AlarmName }) => AlarmName), drop };
};

describe('the alarms of containers', () => {
  test.each([
    { case: 'are made for one that starts', running: ['a'], existing: [], put: ['upper/a', 'lower/a'], drop: [] },
    { case: 'are left as they are', running: ['a'], existing: ['a'], put: [], drop: [] },
    { case: 'are dropped with it', running: ['b'], existing: ['a', 'b'], put: [], drop: ['upper/a', 'lower/a'] },
    { case: 'go with the last', running: [], existing: ['a'], put: [], drop: ['upper/a', 'lower/a'] },
  ])('$case', ({ running, existing, put, drop }) => {
    const full = (kinds: string[]) => kinds.map((kind) => `sea/api/${kind}`);
    expect(names(running, existing)).toEqual({ put: full(put), drop: full(drop) });
  });

  test('are put again when a threshold was changed', () => {
    const alarms = alarmsOf('a');
    const { put, drop } = planTaskAlarms({ running: ['a'], alarms }, { ...settings, above: 90 });
    expect(put.map(({ AlarmName, Threshold }) => [AlarmName, Threshold])).toEqual([['sea/api/upper/a', 90]]);
    expect(drop).toEqual([]);
  });

  test('go by the figure of that one container, and never take silence for little load', () => {
    const [upper, lower] = alarmsOf('a');
    const dimensions = [
      { Name: 'ClusterName', Value: 'sea' },
      { Name: 'ServiceName', Value: 'api' },
      { Name: 'TaskId', Value: 'a' },
    ];
    expect(upper).toMatchObject({
      Dimensions: dimensions,
      ComparisonOperator: 'GreaterThanThreshold',
      Threshold: 80,
      EvaluationPeriods: 2,
      TreatMissingData: 'missing',
      InsufficientDataActions: [shared.topicArn],
    });
    expect(lower).toMatchObject({
      Dimensions: dimensions,
      ComparisonOperator: 'LessThanThreshold',
      Threshold: 20,
      EvaluationPeriods: 5,
      TreatMissingData: 'missing',
    });
  });
});
