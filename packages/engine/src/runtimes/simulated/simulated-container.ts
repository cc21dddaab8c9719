import type { Cancel, Clock } from '../../kernel/clock.ts';
import type { ContainerReport, ContainerSpec } from '../runtime.ts';
import { type Answer, type Behaviour, type CommandAnswer, exitCodeOf } from './behaviour.ts';

type Report = (report: ContainerReport) => void;

/** One container as a model: it starts, answers and ends by its behaviour, under the clock. */
export class SimulatedContainer {
  readonly spec: ContainerSpec;
  readonly #behaviour: Behaviour;
  readonly #clock: Clock;
  readonly #hostPorts: ReadonlyMap<number, number>;
  readonly #timers = new Set<Cancel>();
  #report: Report;
  #startedAt: number | undefined;
  #exit: Extract<ContainerReport, { kind: 'exited' }> | undefined;

  constructor(
    spec: ContainerSpec,
    {
      behaviour,
      clock,
      hostPorts,
      report,
    }: { behaviour: Behaviour; clock: Clock; hostPorts: ReadonlyMap<number, number>; report: Report },
  ) {
    this.spec = spec;
    this.#behaviour = behaviour;
    this.#clock = clock;
    this.#hostPorts = hostPorts;
    this.#report = report;
  }

  get isRunning(): boolean {
    return this.#startedAt !== undefined && !this.#exit;
  }

  get hostPorts(): ReadonlyMap<number, number> {
    return this.#hostPorts;
  }

  begin(): void {
    const { pullAfter_ms = 200, startAfter_ms = 200, failToStart } = this.#behaviour;
    this.#after(pullAfter_ms, () => {
      if (failToStart?.error === 'CannotPullContainerError') return this.#failToStart(failToStart);
      this.#report({ kind: 'pulled' });
      this.#after(startAfter_ms, () => (failToStart ? this.#failToStart(failToStart) : this.#run()));
    });
  }

  signal(name: string): void {
    if (!this.isRunning) return;
    const { onSignal } = this.#behaviour;
    const answer = name === 'SIGKILL' ? undefined : onSignal?.(name, this.#age());
    if (!answer) this.#end({ exitCode: exitCodeOf(name) });
    else if (answer !== 'ignore') this.#after(answer.exitAfter_ms, () => this.#end({ exitCode: answer.exitCode }));
  }

  command(command: readonly string[]): CommandAnswer {
    if (!this.isRunning) return { exitCode: 137, output: '' };
    return this.#behaviour.onCommand?.(command, this.#age()) ?? { exitCode: 0, output: '' };
  }

  /** What a request to one of its ports gets; undefined: refused. */
  answer(hostPort: number, path: string): Answer | undefined {
    const [port] = [...this.#hostPorts].find(([, bound]) => bound === hostPort) ?? [];
    if (!this.isRunning || port === undefined) return undefined;
    return this.#behaviour.answer?.({ port, path, age_ms: this.#age() });
  }

  /** A new engine listens; it is told how things stand. */
  adopt(report: Report): void {
    this.#report = report;
    if (this.#startedAt !== undefined) this.#tellStarted();
    if (this.#exit) report(this.#exit);
  }

  /** Ends without a word, as when the machine goes down. */
  vanish(): void {
    this.#clearTimers();
  }

  /** Ends as if the process had crashed. */
  crash(exitCode: number, reason?: string): void {
    if (this.isRunning) this.#end({ exitCode, ...(reason ? { reason } : {}) });
  }

  #run(): void {
    this.#startedAt = this.#clock.now();
    this.#tellStarted();
    const { output = [], exitAfter_ms, exitCode = 0, exitReason, usage, usageEvery_ms = 10_000 } = this.#behaviour;
    for (const { after_ms, lines } of output)
      this.#after(after_ms, () => this.#report({ kind: 'output', stream: 'stdout', lines }));
    if (usage) this.#measure(usage, usageEvery_ms);
    if (exitAfter_ms !== undefined)
      this.#after(exitAfter_ms, () => this.#end({ exitCode, ...(exitReason ? { reason: exitReason } : {}) }));
  }

  #tellStarted(): void {
    this.#report({
      kind: 'started',
      runtimeId: `${this.spec.id}-simulated`,
      bindings: this.spec.ports.map(({ containerPort, protocol }) => ({
        containerPort,
        protocol,
        host: '127.0.0.1',
        hostPort: this.#hostPorts.get(containerPort) ?? 0,
      })),
    });
  }

  #measure(usage: NonNullable<Behaviour['usage']>, every_ms: number): void {
    this.#after(every_ms, () => {
      this.#report({ kind: 'usage', ...usage(this.#age()) });
      this.#measure(usage, every_ms);
    });
  }

  #failToStart({ error, reason }: NonNullable<Behaviour['failToStart']>): void {
    this.#clearTimers();
    this.#exit = { kind: 'exited', exitCode: 1, reason };
    this.#report({ kind: 'failed-to-start', error, reason });
  }

  #end(how: { exitCode: number; reason?: string }): void {
    if (this.#exit) return;
    this.#clearTimers();
    this.#exit = { kind: 'exited', ...how };
    this.#report(this.#exit);
  }

  #age(): number {
    return this.#clock.now() - (this.#startedAt ?? this.#clock.now());
  }

  #after(delay_ms: number, action: () => void): void {
    const cancel = this.#clock.at(this.#clock.now() + delay_ms, () => {
      this.#timers.delete(cancel);
      action();
    });
    this.#timers.add(cancel);
  }

  #clearTimers(): void {
    for (const cancel of this.#timers) cancel();
    this.#timers.clear();
  }
}
