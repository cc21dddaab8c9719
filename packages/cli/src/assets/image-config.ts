/** The `config` of an OCI image: how it wants to be run. Field names are the specification's. */
export interface ImageConfig {
  User?: string;
  ExposedPorts?: Record<string, object>;
  Env?: string[];
  Entrypoint?: string[];
  Cmd?: string[];
  Volumes?: Record<string, object>;
  WorkingDir?: string;
  Labels?: Record<string, string>;
  StopSignal?: string;
  Healthcheck?: Healthcheck;
}

/** Docker's addition to the OCI configuration. Durations in nanoseconds. */
export interface Healthcheck {
  Test: string[];
  Interval?: number;
  Timeout?: number;
  StartPeriod?: number;
  StartInterval?: number;
  Retries?: number;
}

/** A change to the image's files, in the Dockerfile's order. */
export type FileStep =
  | {
      readonly do: 'copy';
      /** Of the build's folder, with wildcards. */
      readonly sources: readonly string[];
      /** Absolute; ends with `/` when it must be a folder. */
      readonly destination: string;
      /** As for `chmod`. */
      readonly mode?: string;
      /** ADD unpacks archives, COPY never does. */
      readonly unpacks: boolean;
      readonly line: number;
    }
  | { readonly do: 'make-folder'; readonly path: string; readonly line: number }
  | {
      readonly do: 'change-mode';
      readonly paths: readonly string[];
      readonly mode: string;
      readonly recursive: boolean;
      readonly line: number;
    };

/** What a Dockerfile asks for, as far as it goes without running anything. */
export interface ImagePlan {
  /** The image named by FROM, which is not unpacked here. */
  readonly base: string;
  readonly config: ImageConfig;
  readonly steps: readonly FileStep[];
  readonly warnings: readonly string[];
}
