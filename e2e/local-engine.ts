import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { holderOf, isAlive } from '@rockpool/engine/state-lock';
import type { Session } from '../packages/cli/src/session.ts';
import { until } from '../scripts/demo/world.ts';
import { type Outcome, rockpool, type Surroundings } from './command.ts';

/** An engine on a folder of its own, started and asked through the command line. */
export class LocalEngine {
  readonly state = mkdtempSync(join(tmpdir(), 'rockpool-e2e-'));
  readonly #speed: number;
  #port = 0;

  constructor(speed = 20) {
    this.#speed = speed;
  }

  get endpoint(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** What AWS's own clients are told. */
  get environment(): Readonly<Record<string, string>> {
    return {
      AWS_ENDPOINT_URL: this.endpoint,
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      AWS_REGION: 'us-east-1',
      AWS_DEFAULT_REGION: 'us-east-1',
      AWS_PAGER: '',
    };
  }

  /** For the verbs as functions. They print nothing. */
  get session(): Session {
    const terminal = { out: () => {}, err: () => {}, interactive: false, columns: 100, ask: async () => undefined };
    return { terminal, endpoint: this.endpoint, region: 'us-east-1', json: false };
  }

  /** Starts it, the second time on the port of the first, as one does after a crash. */
  async start(): Promise<void> {
    const options = ['--port', String(this.#port), '--state', this.state, '--speed', String(this.#speed)];
    const { out, err, exitCode } = await rockpool(['engine', 'start', '--detach', '--json', ...options]);
    if (exitCode !== 0) throw new Error(`the engine did not start: ${err}`);
    this.#port = (JSON.parse(out) as { port: number }).port;
  }

  rockpool(words: readonly string[], surroundings: Surroundings = {}): Promise<Outcome> {
    return rockpool(words, { ...surroundings, env: { ...this.environment, ...surroundings.env } });
  }

  get pid(): number {
    const holder = holderOf(this.state);
    if (!holder) throw new Error(`no engine holds ${this.state}`);
    return holder.pid;
  }

  /** `kill -9`, and waits until it is gone. */
  async kill(): Promise<void> {
    const { pid } = this;
    process.kill(pid, 'SIGKILL');
    await until('the killed engine to be gone', 10_000, async () => !isAlive(pid));
  }

  /** Ends it with its tasks, and leaves no file. */
  async end(): Promise<void> {
    if (holderOf(this.state)) await this.rockpool(['engine', 'stop']);
    rmSync(this.state, { recursive: true, force: true });
  }
}
