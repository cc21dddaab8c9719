import type { ScaledService } from '../scaled-service.ts';

/** What the graceful scale-in of one service goes by. Times are milliseconds of the platform's clock. */
export interface ScaleInSettings extends ScaledService {
  readonly cooldown_ms: number;
  /** The period of the lower alarm. A figure older than three of them counts as missing. */
  readonly period_ms: number;
  /** The shortest period that figures can be read by: 10 seconds for high-resolution ones, else a minute. */
  readonly resolution_s: number;
  /** The container that the shutdown command runs in. */
  readonly container: string;
  /** The shutdown command, word by word. Empty: ECS's SIGTERM is all there is. */
  readonly command: readonly string[];
  /** The figure that is 0 when a container has nothing left to do. */
  readonly busy?: string;
  /** How long that may take, from when traffic stops. */
  readonly drainTimeout_ms: number;
  readonly onTimeout: 'force' | 'abort';
  /** What ECS leaves between SIGTERM and SIGKILL. */
  readonly stopTimeout_ms: number;
  /** Without one there is no traffic to stop. */
  readonly targetGroupArn?: string;
  readonly port: number;
}

/** How long ECS may take to choose the task that goes, once the count is lowered. */
export const CHOICE_TIMEOUT_MS = 180_000;

/** How long the shutdown command may take before it counts as hanging. */
export const COMMAND_TIMEOUT_MS = 90_000;

/** What may pass between the end of draining and STOPPED beyond ECS's own stop timeout. */
export const STOP_MARGIN_MS = 180_000;

/** Failures of one step in a row after which it is given up. */
export const MAX_FAILURES = 5;

/** Tries of a shutdown command that ECS refuses to run, and the time between them. */
export const COMMAND_TRIES = 3;
export const COMMAND_RETRY_MS = 5_000;
