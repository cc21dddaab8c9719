import type { ScaleInSettings } from '../functions/scale-in/settings.ts';
import type { ScaleIn } from '../functions/scale-in/state.ts';
import type { Task, World } from '../functions/scale-in/world.ts';
import type { TaskAlarm } from '../functions/task-alarm.ts';

/** Noon of some day: the time at which most tests look. */
export const NOON = Date.UTC(2026, 10, 21, 12);

export const minutes = (count: number): number => count * 60_000;

export const settings: ScaleInSettings = {
  cluster: 'sea',
  service: 'api',
  upperAlarms: 'sea/api/upper/',
  lowerAlarms: 'sea/api/lower/',
  parameters: '/rockpool/sea/api',
  topicArn: 'arn:aws:sns:eu-west-1:000000000000:alerts',
  namespace: 'Sea',
  metric: 'LicensesInUse',
  above: 80,
  below: 20,
  rules: { 'Scheduled Event': 'sea-api-every-minute' },
  cooldown_ms: minutes(5),
  period_ms: minutes(1),
  resolution_s: 10,
  actor: 'sea-api-scale-in',
  container: 'app',
  command: ['lm', 'down'],
  busy: 'LicensesInUse',
  drainTimeout_ms: minutes(5),
  onTimeout: 'force',
  stopTimeout_ms: minutes(2),
  targetGroupArn: 'arn:aws:elasticloadbalancing:eu-west-1:000000000000:targetgroup/api/1',
  port: 8080,
};

export const task = (id: string, more: Partial<Task> = {}): Task => ({
  arn: `arn:aws:ecs:eu-west-1:000000000000:task/sea/${id}`,
  id,
  address: `10.0.0.${id.charCodeAt(0) - 96}`,
  lastStatus: 'RUNNING',
  leaving: false,
  ...more,
});

export const lowerAlarm = (taskId: string): TaskAlarm => ({
  name: `${settings.lowerAlarms}${taskId}`,
  taskId,
  metric: 'LicensesInUse',
  threshold: 20,
  value: 3,
});

export const upperAlarm = (taskId: string, value = 90): TaskAlarm => ({
  name: `${settings.upperAlarms}${taskId}`,
  taskId,
  metric: 'LicensesInUse',
  threshold: 80,
  value,
});

/** Three containers run, and `c` has little to do. */
export const world = (more: Partial<World> = {}): World => ({
  now: NOON,
  service: { desired: 3, running: 3, pending: 0, deploying: false },
  bounds: { min: 1, max: 6 },
  tasks: [task('a'), task('b'), task('c')],
  lowerAlarms: [lowerAlarm('c')],
  upperAlarms: [],
  figures: new Map([
    ['a', { value: 50, at: NOON - 10_000 }],
    ['b', { value: 60, at: NOON - 10_000 }],
    ['c', { value: 3, at: NOON - 10_000 }],
  ]),
  busy: undefined,
  target: 'healthy',
  lastScaleOut: undefined,
  lastScaleIn: undefined,
  ...more,
});

/** The scale-in of `c`, already told. */
export const scaleIn = (more: Partial<ScaleIn> = {}): ScaleIn => ({
  phase: 'pin',
  requestedAt: NOON - minutes(1),
  victim: { arn: task('c').arn, id: 'c', address: '10.0.0.3' },
  because: { alarm: 'sea/api/lower/c', metric: 'LicensesInUse', value: 3, threshold: 20 },
  count: { from: 3, to: 2 },
  pinned: [],
  mailed: ['requested'],
  ...more,
});
