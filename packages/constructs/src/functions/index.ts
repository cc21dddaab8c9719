export type { CloudWatch, Ecs, LoadBalancing, Mailing, Parameters, Scaling } from './aws.ts';
export { type Edge, type LambdaContext, lambdaEdge, type WakeUp } from './lambda-edge.ts';
export { createScaleIn, type ScaleInAws, type ScaleInParts, type ScaleInReport } from './scale-in/scale-in.ts';
export type { ScaleInSettings } from './scale-in/settings.ts';
export type { ScaleOutSettings } from './scale-out/plan-scale-out.ts';
export { createScaleOut, type ScaleOutAws, type ScaleOutParts } from './scale-out/scale-out.ts';
export { followSession, type SessionResult, type SessionStream } from './session/session.ts';
export type { TaskAlarmsSettings } from './task-alarms/plan-task-alarms.ts';
export { createTaskAlarms, type TaskAlarmsParts } from './task-alarms/task-alarms.ts';
