import type { MetricDatum } from '@aws-sdk/client-cloudwatch';
import { planMetricData } from '../../../packages/sidecar/src/plan-metric-data.ts';
import { readSettings, type SidecarSettings } from '../../../packages/sidecar/src/settings.ts';
import type { LicenceServer } from './licence-server.ts';
import type { StoryTime } from './story-time.ts';

export interface SidecarParts {
  readonly taskId: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly time: StoryTime;
  /** The application beside it; undefined when nothing answers there. */
  app(): LicenceServer | undefined;
  publish(namespace: string, data: readonly MetricDatum[]): void;
  exit(exitCode: number): void;
}

/** The metrics sidecar of one task: its own settings and choice of what to publish, at its own rate, until it is told to stop and the application is gone. */
export class Sidecar {
  readonly #parts: SidecarParts;
  readonly #settings: SidecarSettings;
  #isAsked = false;
  #isRunning = true;

  constructor(parts: SidecarParts) {
    this.#parts = parts;
    this.#settings = readSettings(parts.environment);
    this.#round();
  }

  signal(): void {
    if (this.#isAsked) return;
    this.#isAsked = true;
    this.#end();
  }

  gone(): void {
    this.#isRunning = false;
  }

  #round(): void {
    if (!this.#isRunning) return;
    const { app, publish, taskId, time } = this.#parts;
    const server = app();
    if (!server && this.#isAsked) {
      this.#end();
      return;
    }
    const { batches } = planMetricData(this.#settings, server?.metrics() ?? {}, taskId);
    for (const batch of batches) publish(this.#settings.namespace, batch);
    time.after(this.#settings.interval_seconds * 1000, () => this.#round());
  }

  #end(): void {
    if (this.#isRunning) this.#parts.exit(0);
  }
}
