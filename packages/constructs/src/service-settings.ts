import type { Duration } from 'aws-cdk-lib';
import { DefinitionError } from './definition-error.ts';
import type { Architecture, ServiceImage } from './service-image.ts';
import type { ServiceSecret } from './service-secret.ts';

/** What one service of a platform is. */
export interface ServiceSettings {
  readonly image: ServiceImage;
  /** The port that the container listens on. It is also told so, in `PORT`. */
  readonly port: number;
  readonly health?: HealthSettings;
  /** Which requests come here. Default all of them. */
  readonly route?: RouteSettings;
  readonly environment?: Readonly<Record<string, string>>;
  /** More of its environment, kept out of the task definition. */
  readonly secrets?: Readonly<Record<string, ServiceSecret>>;
  /** CPU units of a task, 1024 to a core. Default 256. */
  readonly cpu?: number;
  /** Memory of a task. Default 512. */
  readonly memory_mib?: number;
  readonly architecture?: Architecture;
  /** How many tasks while there is no `scaling`. With it, the number belongs to scaling. Default 1. */
  readonly count?: number;
  readonly metrics?: MetricsSettings;
  readonly scaling?: ScalingSettings;
  readonly drain?: DrainSettings;
}

export interface HealthSettings {
  /** What the load balancer asks for. Default `/health`. */
  readonly path?: string;
  /** A command that ECS runs inside the container and that exits 0 while it is well: `['CMD', 'curl', '-f', ...]`. */
  readonly command?: readonly string[];
  /** How long a new container may take before failed checks count. Default 60 seconds. */
  readonly grace?: Duration;
}

export interface RouteSettings {
  /** Default `/*`. */
  readonly path?: string;
  readonly host?: string;
  /** Among the rules of the listener, lowest first. Default ten times the number of the service. */
  readonly priority?: number;
  /** For how long a client comes back to the same container. Default one hour; `false` for not at all. */
  readonly sticky?: Duration | false;
}

export interface MetricsSettings {
  /** Where the container tells its figures as JSON. Default `/metrics`. */
  readonly path?: string;
  /** How often the sidecar asks. Default 10 seconds. */
  readonly every?: Duration;
  /** The CloudWatch namespace. Default the name of the platform. */
  readonly namespace?: string;
  /** The figures to publish. Default every number. */
  readonly names?: readonly string[];
}

/** One side of scaling. The periods are CloudWatch's: 10, 20 or 30 seconds or whole minutes. */
interface ThresholdSettings {
  readonly period?: Duration;
  /** How many periods in a row. */
  readonly periods?: number;
  /** The least time between two changes. */
  readonly cooldown?: Duration;
}

export interface ScalingSettings {
  readonly min: number;
  readonly max: number;
  /** The figure of one container that decides. */
  readonly metric: string;
  /** One more container when any is above. Default 2 periods of a minute, cooldown 2 minutes. */
  readonly out: ThresholdSettings & { readonly above: number };
  /** A container that stays below goes. Default 5 periods of a minute, cooldown 5 minutes. */
  readonly in: ThresholdSettings & { readonly below: number };
}

export interface DrainSettings {
  /** What shuts the application down gracefully, run inside the container: `['lm', 'down']`. */
  readonly command?: readonly string[];
  /** The figure that is 0 when the container has nothing left to do. */
  readonly busy?: string;
  /**
   * How long it may take until it has nothing left to do, counted from when traffic stops. It is the deregistration
   * delay of the target group too, after which ECS stops the container anyway. At most one hour, default 5 minutes.
   */
  readonly timeout?: Duration;
  /**
   * When that time is over. `force`: shut it down nevertheless. `abort`: give the service back the container it was
   * to lose; ECS stops this one all the same. Default `force`.
   */
  readonly onTimeout?: 'force' | 'abort';
}

/** The settings of a service with every default filled in; times are whole seconds. */
export type Resolved = ReturnType<typeof resolveSettings>;

export function resolveSettings(settings: ServiceSettings, namespace: string) {
  const { health = {}, route = {}, metrics, scaling, drain = {} } = settings;
  if (scaling) checkScaling(scaling, metrics);
  const drain_s = seconds(drain.timeout, 300);
  if (drain_s > 3600) {
    throw new DefinitionError(
      'InvalidDrain',
      `a drain timeout of ${drain_s} seconds is longer than a target can drain`,
      ['set drain.timeout to an hour or less'],
    );
  }
  return {
    ...settings,
    cpu: settings.cpu ?? 256,
    memory_mib: settings.memory_mib ?? 512,
    architecture: settings.architecture ?? ('X86_64' as const),
    health: { path: health.path ?? '/health', command: health.command, grace_s: seconds(health.grace, 60) },
    route: {
      path: route.path ?? '/*',
      host: route.host,
      priority: route.priority,
      sticky_s: route.sticky === false ? undefined : seconds(route.sticky, 3600),
    },
    metrics: metrics && {
      path: metrics.path ?? '/metrics',
      every_s: seconds(metrics.every, 10),
      namespace: metrics.namespace ?? namespace,
      names: metrics.names ?? [],
    },
    scaling: scaling && {
      ...scaling,
      out: { above: scaling.out.above, ...threshold(scaling.out, { periods: 2, cooldown_s: 120 }) },
      in: { below: scaling.in.below, ...threshold(scaling.in, { periods: 5, cooldown_s: 300 }) },
    },
    drain: {
      command: drain.command ?? [],
      busy: drain.busy,
      timeout_s: drain_s,
      onTimeout: drain.onTimeout ?? ('force' as const),
    },
  };
}

const seconds = (duration: Duration | undefined, otherwise: number): number => duration?.toSeconds() ?? otherwise;

function threshold(given: ThresholdSettings, otherwise: { periods: number; cooldown_s: number }) {
  const period_s = seconds(given.period, 60);
  if (![10, 20, 30].includes(period_s) && (period_s <= 0 || period_s % 60 !== 0)) {
    throw new DefinitionError('InvalidPeriod', `an alarm cannot have a period of ${period_s} seconds`, [
      'use 10, 20 or 30 seconds or whole minutes',
    ]);
  }
  return {
    period_s,
    periods: given.periods ?? otherwise.periods,
    cooldown_s: seconds(given.cooldown, otherwise.cooldown_s),
  };
}

function checkScaling({ min, max, metric, out, in: inwards }: ScalingSettings, metrics: MetricsSettings | undefined) {
  const refuse = (message: string, next: string) => new DefinitionError('InvalidScaling', message, [next]);
  if (!metrics) {
    throw refuse(`scaling goes by "${metric}", but nothing publishes it`, 'add metrics: {} to the service');
  }
  if (metrics.names && !metrics.names.includes(metric)) {
    throw refuse(`scaling goes by "${metric}", which is not in metrics.names`, `add "${metric}" to metrics.names`);
  }
  if (!Number.isInteger(min) || !Number.isInteger(max) || min < 1 || max < min) {
    throw refuse(`scaling from ${min} to ${max} containers is no range`, 'use whole numbers with 1 <= min <= max');
  }
  if (inwards.below >= out.above) {
    throw refuse(
      `a container below ${inwards.below} goes and one above ${out.above} calls for another, so one figure would do both`,
      'set scaling.in.below lower than scaling.out.above',
    );
  }
}
