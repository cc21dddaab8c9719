/** What a runtime needs to run one container. Complete: it never asks back. */
export interface ContainerSpec {
  /** Unique for ever, e.g. `<task id>-<container name>-<attempt>`; the runtime finds a running container again by it. */
  readonly id: string;
  readonly taskId: string;
  readonly name: string;
  /** The task's own address in its subnet. */
  readonly privateAddress: string;
  readonly image: ContainerImage;
  readonly entryPoint?: readonly string[];
  readonly command?: readonly string[];
  readonly workingDirectory?: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly ports: readonly { readonly containerPort: number; readonly protocol: 'tcp' | 'udp' }[];
  /** Real ports already bound by the other containers of the task, which share its network: containerPort -> real port. */
  readonly taskPorts: Readonly<Record<number, number>>;
  /** Hard limit in MiB; the container is killed above it (exit 137, OutOfMemoryError) where the system allows. */
  readonly memory_mib?: number;
  readonly cpu_units?: number;
  readonly user?: string;
  readonly readonlyRootFilesystem?: boolean;
}

/** An image that has been found in the registry: what to unpack, and how it wants to be run. */
export interface ContainerImage {
  readonly reference: string;
  readonly digest: string;
  /** Layer blobs, lowest first, with their media types. */
  readonly layers: readonly { readonly digest: string; readonly mediaType: string }[];
  readonly config: ImageConfig;
}

/** The part of the OCI image configuration that running needs. */
export interface ImageConfig {
  readonly Env?: readonly string[];
  readonly Entrypoint?: readonly string[];
  readonly Cmd?: readonly string[];
  readonly WorkingDir?: string;
  readonly User?: string;
  readonly ExposedPorts?: Readonly<Record<string, object>>;
  readonly StopSignal?: string;
  readonly Healthcheck?: {
    readonly Test?: readonly string[];
    readonly Interval?: number;
    readonly Timeout?: number;
    readonly Retries?: number;
    readonly StartPeriod?: number;
  };
}

/** What a runtime learns, in the order it learns it. `exited` is the last word about a container. */
export type ContainerReport =
  | { readonly kind: 'pulled' }
  /** `bindings`: where each of the container's ports really listens. */
  | { readonly kind: 'started'; readonly runtimeId: string; readonly bindings: readonly PortBinding[] }
  | {
      readonly kind: 'failed-to-start';
      readonly error: 'CannotPullContainerError' | 'CannotStartContainerError' | 'ResourceInitializationError';
      readonly reason: string;
    }
  | { readonly kind: 'output'; readonly stream: 'stdout' | 'stderr'; readonly lines: readonly string[] }
  | { readonly kind: 'exited'; readonly exitCode: number; readonly reason?: 'OutOfMemoryError' | string }
  | { readonly kind: 'usage'; readonly cpu_percentOfCore: number; readonly memory_bytes: number };

/** The `reason` of an `exited` report about a container to be adopted that the runtime has never started: the engine died before the start went out, so it is still to be done. */
export const neverStarted = 'the engine ended before the container was started';

export interface PortBinding {
  readonly containerPort: number;
  readonly protocol: 'tcp' | 'udp';
  readonly host: string;
  readonly hostPort: number;
}

/** The answer of a command run inside a container. */
export interface CommandResult {
  readonly exitCode: number;
  readonly output: string;
}

/** An interactive command inside a container. */
export interface Session {
  write(bytes: Uint8Array): void;
  resize(columns: number, rows: number): void;
  end(): void;
}

/**
 * Runs containers, one way or another. Never throws, never blocks: all it learns comes back through `report`, at any time, in order.
 * When things happen (stop timeouts, health check intervals, restarts) is decided by ECS under the engine's clock, not here.
 */
export interface Runtime {
  readonly name: 'process' | 'docker' | 'simulated';
  start(container: ContainerSpec, report: (report: ContainerReport) => void): void;
  /** Sends a signal to the container's main process. An unknown or ended container is no error. */
  signal(containerId: string, signal: string): void;
  /** Runs a command inside (health checks); always answers, with exit code 137 when `timeout_ms` (platform time) ran out. */
  run(containerId: string, command: readonly string[], timeout_ms: number, done: (result: CommandResult) => void): void;
  /** Opens a session with a command inside (ExecuteCommand). */
  open(
    containerId: string,
    command: readonly string[],
    to: { output(bytes: Uint8Array): void; ended(exitCode: number): void },
  ): Session;
  /** After an engine start: find these containers again. Reports `started` for each that runs and `exited` for each that does not; anything else this runtime still runs is ended. */
  adopt(
    containers: readonly { readonly spec: ContainerSpec; readonly report: (report: ContainerReport) => void }[],
  ): void;
  /** Forgets a container that has exited, and removes what it left on disk. */
  remove(containerId: string): void;
  /** The engine stops in good order. Containers keep running, to be adopted by the next start. */
  close(): Promise<void>;
}
