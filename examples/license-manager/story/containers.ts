import type { MetricDatum } from '@aws-sdk/client-cloudwatch';
import type { VirtualClock } from '../../../packages/engine/src/kernel/clock.ts';
import type { ContainerReport, ContainerSpec, Runtime } from '../../../packages/engine/src/runtimes/runtime.ts';
import type { Behaviour } from '../../../packages/engine/src/runtimes/simulated/behaviour.ts';
import { simulatedRuntime } from '../../../packages/engine/src/runtimes/simulated/simulated-runtime.ts';
import { describeDown } from '../app/lm-text.ts';
import { Killed } from './dying-journal.ts';
import { LicenceServer } from './licence-server.ts';
import { Sidecar } from './sidecar.ts';
import type { StoryTime } from './story-time.ts';

export interface ContainersParts {
  readonly clock: VirtualClock;
  readonly time: StoryTime;
  /** In [0, 1). */
  random(): number;
  publish(taskId: string, namespace: string, data: readonly MetricDatum[]): void;
  /** Told when an application has ended. */
  ended(taskId: string): void;
}

/** A line that an application printed. */
export interface Printed {
  readonly at: number;
  readonly taskId: string;
  readonly line: string;
}

/** The containers of the story: a simulated runtime in which the example's two programs live. It outlives the engines, as containers would. */
export class Containers {
  readonly runtime: Runtime;
  readonly printed: Printed[] = [];
  readonly #parts: ContainersParts;
  readonly #simulated;
  readonly #servers = new Map<string, LicenceServer>();
  readonly #byPort = new Map<number, LicenceServer>();
  readonly #sidecars = new Map<string, Sidecar>();
  readonly #specs = new Map<string, ContainerSpec>();
  readonly #reports = new Map<string, (report: ContainerReport) => void>();

  constructor(parts: ContainersParts) {
    this.#parts = parts;
    this.#simulated = simulatedRuntime({ clock: parts.clock, behave: (spec) => this.#behave(spec) });
    this.runtime = {
      ...this.#simulated,
      start: (spec, report) => {
        this.#reports.set(spec.id, report);
        this.#specs.set(spec.id, spec);
        this.#simulated.start(spec, (heard) => this.#hear(spec, heard));
      },
      adopt: (wanted) => {
        for (const { spec, report } of wanted) this.#reports.set(spec.id, report);
        this.#simulated.adopt(
          wanted.map(({ spec }) => ({
            spec,
            // An engine that finds a container again does not know its environment any more.
            report: (heard: ContainerReport) => this.#hear(this.#specs.get(spec.id) ?? spec, heard),
          })),
        );
      },
      open: (id, command, to) => {
        this.#runInside(id, command, to);
        return { write: () => {}, resize: () => {}, end: () => {} };
      },
    };
  }

  /** The application that runs in a task. */
  serverOf(taskId: string): LicenceServer | undefined {
    return this.#servers.get(taskId);
  }

  /** The application that listens at a real port. */
  serverAt(port: number): LicenceServer | undefined {
    const server = this.#byPort.get(port);
    return server?.isListening ? server : undefined;
  }

  /** Ends the application of a task as a crash would. */
  crash(taskId: string, exitCode: number): void {
    for (const id of this.#simulated.running())
      if (id.startsWith(`${taskId}-app-`)) this.#simulated.crash(id, exitCode);
  }

  answersProbe(port: number, path: string): number | undefined {
    return this.#simulated.answer(port, path)?.status;
  }

  #behave({ name, taskId }: ContainerSpec): Behaviour {
    const { random } = this.#parts;
    const times = { pullAfter_ms: Math.floor(500 + random() * 8000), startAfter_ms: Math.floor(200 + random() * 2000) };
    if (name === 'metrics') return { ...times, onSignal: () => this.#pass(() => this.#sidecars.get(taskId)?.signal()) };
    return {
      ...times,
      onSignal: (signal) => this.#pass(() => this.#servers.get(taskId)?.signal(signal)),
      onCommand: () => ({ exitCode: this.#servers.get(taskId)?.isListening ? 0 : 1, output: '' }),
      answer: () => (this.#servers.get(taskId)?.isListening ? { status: 200 } : undefined),
    };
  }

  /** A signal is for the program, which ends itself when it is ready. */
  #pass(tell: () => void): 'ignore' {
    tell();
    return 'ignore';
  }

  #hear(spec: ContainerSpec, report: ContainerReport): void {
    const exited = report.kind === 'exited' || report.kind === 'failed-to-start';
    if (exited) (spec.name === 'app' ? this.#servers : this.#sidecars).get(spec.taskId)?.gone();
    if (exited && spec.name === 'app') this.#parts.ended(spec.taskId);
    this.#tell(spec.id, report);
    if (report.kind === 'started') this.#begin(spec, report.bindings[0]?.hostPort);
  }

  /** An engine that dies while it is told something is no concern of a container. */
  #tell(id: string, report: ContainerReport): void {
    try {
      this.#reports.get(id)?.(report);
    } catch (error) {
      if (!(error instanceof Killed)) throw error;
    }
  }

  #begin({ id, name, taskId, environment }: ContainerSpec, port: number | undefined): void {
    const { time, publish } = this.#parts;
    const own = { taskId, environment, time, exit: (exitCode: number) => this.#simulated.crash(id, exitCode) };
    const app = () => (this.#servers.get(taskId)?.isRunning ? this.#servers.get(taskId) : undefined);
    if (name === 'metrics' && !this.#sidecars.has(taskId)) {
      const sidecar = new Sidecar({ ...own, app, publish: (namespace, data) => publish(taskId, namespace, data) });
      this.#sidecars.set(taskId, sidecar);
    }
    if (name !== 'app' || this.#servers.has(taskId)) return;
    const print = (lines: readonly string[]) => this.#print(id, taskId, lines);
    const server = new LicenceServer({ ...own, print });
    this.#servers.set(taskId, server);
    if (port !== undefined) this.#byPort.set(port, server);
  }

  #print(id: string, taskId: string, lines: readonly string[]): void {
    this.printed.push(...lines.map((line) => ({ at: this.#parts.time.now(), taskId, line })));
    this.#reports.get(id)?.({ kind: 'output', stream: 'stdout', lines });
  }

  #runInside(id: string, command: readonly string[], to: Parameters<Runtime['open']>[2]): void {
    const server = [...this.#servers.values()].find(({ taskId }) => id.startsWith(`${taskId}-app-`));
    if (!server?.isRunning || command.join(' ') !== 'lm down') {
      to.ended(127);
      return;
    }
    void server.down('lm (uid 0)').then((outcome) => {
      to.output(Buffer.from(describeDown(outcome, 60)));
      to.ended(outcome.down ? 0 : 1);
    });
  }
}
