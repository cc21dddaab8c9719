import type { Ecs, Parameters, Scaling } from './aws.ts';
import { type WakeUp, wakeUpName } from './lambda-edge.ts';
import type { ScaledService } from './scaled-service.ts';

/** Why a number of containers was changed: what was measured, against what, by whom. */
export interface Because {
  readonly reason: string;
  readonly metric?: string;
  readonly value?: number | undefined;
  readonly threshold?: number;
  readonly alarm?: string;
  readonly task?: string;
}

/** Keeps the newest change of one direction, as the parameter of that direction holds it. */
export interface LastChange extends Because {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly from: number;
  readonly to: number;
  /** Whether all that belongs to it was done. */
  readonly done: boolean;
}

/** The line that is logged for every change of a desired count, by which one can ask later why it was made. */
export function changeLine(
  { cluster, service, rules }: ScaledService,
  change: Because & { readonly at: number; readonly from: number; readonly to: number },
  { actor, event }: { readonly actor: string; readonly event: WakeUp },
): object {
  const { at, ...rest } = change;
  const rule = rules[event['detail-type'] ?? ''] ?? 'none: called by hand';
  const wokenBy = wakeUpName(event);
  return { event: 'desired-count', at: new Date(at).toISOString(), cluster, service, ...rest, rule, wokenBy, actor };
}

export interface Bounds {
  readonly min: number;
  readonly max: number;
}

/** The least and the most containers, which Application Auto Scaling owns. */
export async function readBounds(scaling: Scaling, { cluster, service }: ScaledService): Promise<Bounds | undefined> {
  const { ScalableTargets } = await scaling.describeScalableTargets({
    ServiceNamespace: 'ecs',
    ScalableDimension: 'ecs:service:DesiredCount',
    ResourceIds: [`service/${cluster}/${service}`],
  });
  const [target] = ScalableTargets ?? [];
  if (target?.MinCapacity === undefined || target.MaxCapacity === undefined) return undefined;
  return { min: target.MinCapacity, max: target.MaxCapacity };
}

export interface ServiceState {
  readonly desired: number;
  readonly running: number;
  readonly pending: number;
  /** Whether a deployment is being rolled out. */
  readonly deploying: boolean;
}

/** The service as ECS sees it, while it is there and not being deleted. */
export async function readService(
  ecs: Pick<Ecs, 'describeServices'>,
  { cluster, service: name }: ScaledService,
): Promise<ServiceState | undefined> {
  const { services } = await ecs.describeServices({ cluster, services: [name] });
  const [service] = services ?? [];
  if (service?.status !== 'ACTIVE') return undefined;
  const deployments = service.deployments ?? [];
  return {
    desired: service.desiredCount ?? 0,
    running: service.runningCount ?? 0,
    pending: service.pendingCount ?? 0,
    deploying: deployments.length > 1 || deployments.some(({ rolloutState }) => rolloutState === 'IN_PROGRESS'),
  };
}

export async function readLastChange(parameters: Pick<Parameters, 'getParameter'>, name: string) {
  const { Parameter } = await parameters.getParameter({ Name: name });
  const change: LastChange | Record<string, never> = JSON.parse(Parameter?.Value ?? '{}');
  return 'at' in change ? (change as LastChange) : undefined;
}

export async function writeLastChange(
  parameters: Pick<Parameters, 'putParameter'>,
  name: string,
  change: LastChange,
): Promise<void> {
  await parameters.putParameter({ Name: name, Value: JSON.stringify(change), Type: 'String', Overwrite: true });
}
