import type { ScaleInSettings } from '../functions/scale-in/settings.ts';
import { scaleInState } from '../functions/scaled-service.ts';
import type { SessionResult } from '../functions/session/session.ts';

/** A container of the toy: what ECS knows of it, and what its application does. */
export interface ToyTask {
  readonly id: string;
  licenses: number;
  lastStatus: 'PENDING' | 'RUNNING' | 'DEACTIVATING' | 'STOPPING' | 'STOPPED';
  leaving: boolean;
  protectedUntil: number;
  /** Whether the application itself asked for the protection. */
  readonly ownProtection: boolean;
  /** Neither gives its licences back nor obeys SIGTERM. */
  readonly stubborn: boolean;
  /** Its sidecar tells nothing. */
  readonly silent: boolean;
  /** When the present state ends, if time ends it. */
  until: number;
  exitCode?: number;
  commands: number;
}

export interface ToyFaults {
  /** How likely a call of AWS fails, before or after it has taken effect. */
  readonly callFails: number;
  /** How likely the function dies at a call. */
  readonly functionDies: number;
  /** How likely a container dies in a second. */
  readonly taskDies: number;
  /** How likely ExecuteCommand is refused. */
  readonly commandRefused: number;
  /** For how many turns of the event loop a call takes at most, so that functions overtake each other. */
  readonly callTakes: number;
}

export const noFaults: ToyFaults = { callFails: 0, functionDies: 0, taskDies: 0, commandRefused: 0, callTakes: 0 };

const second = 1_000;
const START_S = 20;
const LEASE_S = 30;

/**
 * As much of ECS, its load balancer, CloudWatch and SSM as a scale-in touches, under a clock that only sleeping and
 * `pass` move. It is a model for tests of the function; the engine is the one that behaves as AWS in detail.
 */
export class ToyPlatform {
  now: number;
  desired: number;
  min = 1;
  max = 6;
  deploying = false;
  faults: ToyFaults = noFaults;
  readonly tasks: ToyTask[] = [];
  readonly alarms = new Set<string>();
  readonly parameters = new Map<string, string>();
  readonly mails: { subject: string; body: string }[] = [];
  readonly logged: object[] = [];
  /** The tasks that ECS took because there were more than wanted. */
  readonly chosen: string[] = [];
  /** How long the function was ready to wait for each command. */
  readonly patience: number[] = [];
  /** The tasks that a scale-in was begun for. */
  readonly asked = new Set<string>();
  private started = 0;
  readonly random: () => number;
  readonly settings: ScaleInSettings;

  constructor(
    settings: ScaleInSettings,
    { now, licenses, random }: { now: number; licenses: number[]; random: () => number },
  ) {
    this.settings = settings;
    this.now = now;
    this.random = random;
    this.desired = licenses.length;
    for (const held of licenses) this.start({ licenses: held, lastStatus: 'RUNNING' });
    for (const name of ['last-scale-out', 'last-scale-in']) this.parameters.set(`${settings.parameters}/${name}`, '{}');
  }

  start(more: Partial<ToyTask> = {}): ToyTask {
    this.started += 1;
    const task: ToyTask = {
      id: `t${this.started}`,
      licenses: 0,
      lastStatus: 'PENDING',
      leaving: false,
      protectedUntil: 0,
      ownProtection: false,
      stubborn: false,
      silent: false,
      until: this.now + START_S * second,
      commands: 0,
      ...more,
    };
    this.tasks.push(task);
    for (const prefix of [this.settings.upperAlarms, this.settings.lowerAlarms]) this.alarms.add(prefix + task.id);
    return task;
  }

  task(id: string): ToyTask {
    const task = this.tasks.find((candidate) => candidate.id === id);
    if (!task) throw new Error(`there is no task ${id}`);
    return task;
  }

  live = (): ToyTask[] => this.tasks.filter((task) => !task.leaving && task.lastStatus !== 'STOPPED');
  /** Chosen by ECS and not yet gone. */
  going = (): ToyTask[] => this.tasks.filter((task) => task.leaving && task.lastStatus !== 'STOPPED');
  locked = (): boolean => this.parameters.has(scaleInState(this.settings));

  pass(duration_ms: number): void {
    const end = this.now + duration_ms;
    while (this.now < end) {
      this.now = Math.min(end, this.now + second);
      for (const task of this.tasks) this.age(task);
      this.reconcile();
    }
  }

  private age(task: ToyTask): void {
    const timeUp = this.now >= task.until;
    if (task.lastStatus === 'STOPPED') return;
    if (this.random() < this.faults.taskDies) this.stop(task, 1);
    else if (task.lastStatus === 'PENDING' && timeUp) task.lastStatus = 'RUNNING';
    else if (task.lastStatus === 'DEACTIVATING') {
      if (!task.stubborn && this.random() < 2 / LEASE_S) task.licenses = Math.max(0, task.licenses - 5);
      if (timeUp) {
        task.lastStatus = 'STOPPING';
        task.until = this.now + this.settings.stopTimeout_ms;
      }
    } else if (task.lastStatus === 'STOPPING') {
      if (!task.stubborn && (task.licenses === 0 || this.random() < 2 / LEASE_S)) this.stop(task, 0);
      else if (timeUp) this.stop(task, 137);
    }
  }

  stop(task: ToyTask, exitCode: number): void {
    task.lastStatus = 'STOPPED';
    task.leaving = true;
    task.exitCode = exitCode;
    task.until = this.now;
    task.licenses = 0;
    for (const prefix of [this.settings.upperAlarms, this.settings.lowerAlarms]) this.alarms.delete(prefix + task.id);
  }

  /** ECS makes the number of tasks what it should be; it takes any task that is not protected. */
  private reconcile(): void {
    const live = this.live();
    if (live.length < this.desired) this.start();
    const free = live.filter((task) => task.protectedUntil <= this.now);
    if (live.length > this.desired && free.length > 0 && this.random() < 0.2) {
      const chosen = free[Math.floor(this.random() * free.length)] ?? free[0];
      if (!chosen) return;
      this.chosen.push(chosen.id);
      chosen.leaving = true;
      chosen.lastStatus = 'DEACTIVATING';
      chosen.until = this.now + this.settings.drainTimeout_ms;
    }
  }

  /** The application obeys its shutdown command as soon as it has nothing left to do. */
  async followSession(id: string, timeout_ms: number): Promise<SessionResult> {
    const task = this.task(id);
    this.patience.push(timeout_ms);
    if (task.stubborn) return { output: '', ended: false };
    if (task.lastStatus !== 'STOPPED') this.stop(task, 0);
    return { output: 'lm down: done\n', ended: true };
  }
}
