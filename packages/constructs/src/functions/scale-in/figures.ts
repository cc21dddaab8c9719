import type { CloudWatch } from '../aws.ts';
import { chunks } from '../aws.ts';
import type { ScaleInSettings } from './settings.ts';
import type { Reading } from './world.ts';

/** How far back a figure is looked for. */
const LOOK_BACK_MS = 600_000;

/** The newest figure of each of these tasks. A task that told nothing lately is not among them. */
export async function readFigures(
  { getMetricData }: Pick<CloudWatch, 'getMetricData'>,
  taskIds: readonly string[],
  { metric, now, settings }: { readonly metric: string; readonly now: number; readonly settings: ScaleInSettings },
): Promise<Map<string, Reading>> {
  const newest = new Map<string, Reading>();
  for (const some of chunks(taskIds, 500)) {
    const { MetricDataResults = [] } = await getMetricData({
      StartTime: new Date(now - LOOK_BACK_MS),
      EndTime: new Date(now),
      ScanBy: 'TimestampDescending',
      MetricDataQueries: some.map((taskId, index) => ({
        Id: `task${index}`,
        MetricStat: {
          Metric: {
            Namespace: settings.namespace,
            MetricName: metric,
            Dimensions: [
              { Name: 'ClusterName', Value: settings.cluster },
              { Name: 'ServiceName', Value: settings.service },
              { Name: 'TaskId', Value: taskId },
            ],
          },
          Period: settings.resolution_s,
          Stat: 'Maximum',
        },
      })),
    });
    for (const { Id = '', Timestamps = [], Values = [] } of MetricDataResults) {
      const taskId = some[Number(Id.slice('task'.length))];
      const [at, value] = [Timestamps[0], Values[0]];
      if (taskId !== undefined && at && value !== undefined) newest.set(taskId, { at: at.getTime(), value });
    }
  }
  return newest;
}
