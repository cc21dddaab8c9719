import type { BlobStore } from '../../kernel/blob-store.ts';
import type { Clock, ClockAnchor } from '../../kernel/clock.ts';
import type { Runtime } from '../../runtimes/runtime.ts';

/** What ECS needs of the world outside the control plane. */
export interface EcsPorts {
  readonly runtime: Runtime;
  /** Where the registry keeps image manifests' configs and layers. */
  readonly blobs: BlobStore;
  /** The engine's own address as tasks reach it, `http://127.0.0.1:4566`; asked when a container starts, since the port may be known late. */
  endpoint(): string;
  /** The engine's clock. Its anchor, where it has one, goes to containers as ROCKPOOL_CLOCK, so that they can keep the platform's time. */
  readonly clock: Clock & { readonly anchor?: ClockAnchor };
}

export interface Usage {
  readonly cpu_percentOfCore: number;
  readonly memory_bytes: number;
}

/** What a running container was last measured to use, and what it used since the last minute's metrics. In memory only: a minute is no loss in a crash. */
export interface Measured {
  readonly latest: Usage;
  readonly total: Usage;
  readonly samples: number;
}

export function addUsage(known: Measured | undefined, latest: Usage): Measured {
  const { total = { cpu_percentOfCore: 0, memory_bytes: 0 }, samples = 0 } = known ?? {};
  return {
    latest,
    total: {
      cpu_percentOfCore: total.cpu_percentOfCore + latest.cpu_percentOfCore,
      memory_bytes: total.memory_bytes + latest.memory_bytes,
    },
    samples: samples + 1,
  };
}

/** The ports with what the service remembers between turns. */
export interface Agent extends EcsPorts {
  /** By container id. */
  readonly usage: Map<string, Measured>;
  /** The minute up to which a service's metrics have been published, by service ARN. */
  readonly published: Map<string, number>;
}

export const containerId = (taskId: string, { name, attempt }: { name: string; attempt: number }): string =>
  `${taskId}-${name}-${attempt}`;
