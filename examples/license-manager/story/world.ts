import type { MetricDatum } from '@aws-sdk/client-cloudwatch';
import type { SessionResult, SessionStream } from '@rockpool/constructs/functions';
import { authorizer } from '../../../packages/engine/src/authorization/authorizer.ts';
import { credentials } from '../../../packages/engine/src/kernel/caller.ts';
import { VirtualClock } from '../../../packages/engine/src/kernel/clock.ts';
import type { EngineEvent } from '../../../packages/engine/src/kernel/event-log.ts';
import { seededIds } from '../../../packages/engine/src/kernel/ids.ts';
import { sessions, type TaskRow, taskCredentials, tasks } from '../../../packages/engine/src/services/ecs/model.ts';
import { identityOf } from '../../../packages/engine/src/services/iam/identity-policies.ts';
import { allServices } from '../../../packages/engine/src/testing/all-services.ts';
import { type InlineFunctions, inlineFunctions } from '../../../packages/engine/src/testing/inline-functions.ts';
import { type Lab, labScope, startLab } from '../../../packages/engine/src/testing/lab.ts';
import { memoryBlobs, memoryJournal } from '../../../packages/engine/src/testing/memory.ts';
import {
  type SimulatedDataPlane,
  simulatedDataPlane,
} from '../../../packages/engine/src/testing/simulated-data-plane.ts';
import type { Synthesised } from './assembly.ts';
import { awsCalls } from './aws-calls.ts';
import { Balancer } from './balancer.ts';
import { Clients, type Failure } from './clients.ts';
import { Containers } from './containers.ts';
import { type DyingJournal, dyingJournal } from './dying-journal.ts';
import { Interference } from './interference.ts';
import { deploy } from './platform.ts';
import { platform, platformFunctions } from './platform-functions.ts';
import { StoryTime } from './story-time.ts';

export interface Mail {
  readonly at: number;
  readonly subject: string;
  readonly text: string;
}

/** One line of what the platform's functions logged. */
export interface Logged {
  readonly at: number;
  readonly functionName: string;
  readonly entry: Readonly<Record<string, unknown>>;
}

/** Everything of one seed: the engine with the example deployed to it, and the world outside, all under one virtual clock. */
export class World {
  readonly clock = new VirtualClock();
  readonly time = new StoryTime(this.clock);
  readonly interference = new Interference();
  readonly mails: Mail[] = [];
  readonly logged: Logged[] = [];
  readonly containers: Containers;
  readonly balancer: Balancer;
  readonly clients: Clients;
  /** Every event of the engine, of all its lives. */
  readonly events: EngineEvent[] = [];
  /** Which failures of requests are no fault of the platform's. */
  readonly excuses: ((failure: Failure) => boolean)[] = [];
  /** Names of the faults that have struck, and when the last of them is over. */
  readonly struck = new Set<string>();
  calmAt = 0;
  /** Told which container's load falls, when it does. */
  readonly onFall: ((taskId: string) => void)[] = [];
  /** Told of every request that reaches a server. */
  onRequest = (_taskId: string): void => {};
  onEvent = (_event: EngineEvent): void => {};
  onLine = (_entry: Logged['entry']): void => {};
  onMail = (_mail: Mail): void => {};
  readonly journal: DyingJournal = dyingJournal(memoryJournal());
  #lab: Lab;
  #isUp = true;
  #dataPlane: SimulatedDataPlane;
  #functions: InlineFunctions;
  readonly #random;

  constructor(seed: number, synthesised: Synthesised) {
    const { clock, time } = this;
    const ids = seededIds(seed * 7919);
    this.#random = (purpose: string) => ids.random(purpose);
    this.containers = new Containers({
      clock,
      time,
      random: () => this.random('containers'),
      publish: (taskId, namespace, data) => this.#publish(taskId, namespace, data),
      ended: (taskId) => this.balancer.broken(taskId),
    });
    this.balancer = new Balancer({
      time,
      dataPlane: () => (this.#isUp ? this.#dataPlane : undefined),
      serverAt: (port) => this.containers.serverAt(port),
      sent: (taskId) => this.onRequest(taskId),
    });
    this.clients = new Clients({ time, balancer: this.balancer, random: () => this.random('clients') });
    const kept = { images: memoryBlobs(), code: memoryBlobs(), published: synthesised.objects };
    this.#dataPlane = this.#newDataPlane();
    this.#functions = this.#newFunctions();
    this.#lab = startLab({
      seed,
      clock,
      journal: this.journal,
      authorize: authorizer({ identityOf }),
      services: () =>
        allServices({
          ...kept,
          clock,
          runtime: this.containers.runtime,
          functions: this.#functions,
          dataPlane: this.#dataPlane,
          mail: this.#mailbox(),
        }),
    });
    this.#listen();
  }

  /** The engine as it is now. */
  get lab(): Lab {
    return this.#lab;
  }

  get isUp(): boolean {
    return this.#isUp;
  }

  /** In [0, 1), a stream of its own for each purpose. */
  random(purpose: string): number {
    return this.#random(purpose);
  }

  /** A fault strikes now, and goes on for a while. */
  strike(name: string, lasts_ms = 0): void {
    this.struck.add(name);
    this.calmAt = Math.max(this.calmAt, this.time.now() + lasts_ms);
  }

  /** Something between two numbers. */
  between(least: number, most: number, purpose: string): number {
    return Math.floor(least + this.random(purpose) * (most - least + 1));
  }

  /** `kill -9` of the engine: its functions and its balancer go with it, its containers stay. */
  kill(): void {
    this.#lab.kernel.abandon();
    this.#isUp = false;
    this.balancer.cut();
  }

  startAgain(): void {
    this.#dataPlane = this.#newDataPlane();
    this.#functions = this.#newFunctions();
    this.#lab = this.#lab.restart();
    this.#isUp = true;
    this.#listen();
    this.time.stir();
  }

  task(taskId: string): TaskRow | undefined {
    return this.#lab.context.store.table(tasks).get(taskArn(taskId));
  }

  tasks(): TaskRow[] {
    return this.#lab.context.store.table(tasks).list();
  }

  /** Tasks that are to run and do. */
  running(): string[] {
    return this.tasks()
      .filter(({ task }) => task.lastStatus === 'RUNNING' && task.desiredStatus === 'RUNNING')
      .map(({ taskId }) => taskId);
  }

  service() {
    const { cluster, service } = platform;
    return this.#lab.ecs.describeServices({ cluster, services: [service] }).services?.[0];
  }

  /** What was emitted before anybody could listen is in the journal. */
  #listen(): void {
    const last = this.events.at(-1)?.sequence ?? 0;
    const hear = (event: EngineEvent) => {
      this.events.push(event);
      this.onEvent(event);
    };
    for (const event of this.#lab.events()) if (event.sequence > last) hear(event);
    this.#lab.kernel.onEvent(hear);
  }

  #newDataPlane(): SimulatedDataPlane {
    const dataPlane = simulatedDataPlane({ clock: this.clock });
    dataPlane.answerProbes(({ port }, path) => {
      const status = this.containers.answersProbe(port, path);
      return status === undefined ? { error: 'refused', latency_ms: 1 } : { status, latency_ms: 5 };
    });
    return dataPlane;
  }

  #newFunctions(): InlineFunctions {
    const { clock, time, interference } = this;
    const handlers = platformFunctions({
      time,
      aws: (functionName, accessKeyId) => {
        const faults = interference.ofCalls(functionName);
        return awsCalls({
          accessKeyId,
          time,
          lab: () => (this.#isUp ? this.#lab : undefined),
          latency_ms: () => (this.random('latency') < 0.85 ? 0 : this.between(5, 400, 'latency')),
          fault: (operation, input) => faults(operation, input),
        });
      },
      followSession: (stream, timeout_ms) => this.#followSession(stream, timeout_ms),
      logged: (functionName, entry) => {
        this.logged.push({ at: time.now(), functionName, entry: entry as Logged['entry'] });
        this.onLine(entry as Logged['entry']);
        interference.logged(functionName, entry as Logged['entry']);
      },
      called: (functionName, event) => interference.called(functionName, event),
    });
    return inlineFunctions({ clock, handlers });
  }

  #mailbox() {
    return {
      isMailbox: true,
      start: () => {},
      send: ({ subject, text }: { subject: string; text: string }, done: () => void) => {
        const mail = { at: this.time.now(), subject, text };
        this.mails.push(mail);
        this.onMail(mail);
        done();
      },
      close: async () => {},
    };
  }

  /** Joins a session of ExecuteCommand as the agent's channel does: once, by whoever has its token. */
  #followSession({ streamUrl, tokenValue }: SessionStream, timeout_ms: number): Promise<SessionResult> {
    const id = /data-channel\/([^?]+)/.exec(streamUrl)?.[1] ?? '';
    const session = this.#lab.kernel.turn(() => {
      const table = this.#lab.context.store.table(sessions);
      const row = table.get(id);
      table.delete(id);
      return row;
    });
    if (session?.token !== tokenValue) throw new Error('there is no such session');
    return new Promise((resolve) => {
      let output = '';
      this.containers.runtime.open(session.containerId, session.command, {
        output: (bytes) => {
          output += Buffer.from(bytes).toString();
        },
        ended: () => resolve({ output, ended: true }),
      });
      void this.time.sleep(timeout_ms).then(() => resolve({ output, ended: false }));
    });
  }

  /** As the sidecar's SDK does, with the task role's keys. What cannot be sent is lost. */
  #publish(taskId: string, Namespace: string, data: readonly MetricDatum[]): void {
    if (!this.#isUp || this.interference.isSilent(taskId)) return;
    const { store } = this.#lab.context;
    const { accessKeyId = '' } = store.table(taskCredentials).get(taskArn(taskId)) ?? {};
    const issued = store.table(credentials).get(accessKeyId);
    if (!issued) return;
    this.#lab.kernel.request(
      'cloudWatch',
      'PutMetricData',
      { Namespace, MetricData: [...data] },
      { scope: labScope, caller: issued.caller },
    );
  }
}

const taskArn = (taskId: string): string =>
  `arn:aws:ecs:${labScope.region}:${labScope.account}:task/${platform.cluster}/${taskId}`;

/** A world with an engine that has nothing yet. */
export const emptyWorld = (seed: number, synthesised: Synthesised): World => new World(seed, synthesised);

/** A world with the example deployed and its first container taking requests. */
export async function startWorld(seed: number, synthesised: Synthesised): Promise<World> {
  const world = emptyWorld(seed, synthesised);
  await deploy(world.lab, synthesised, world.time);
  return world;
}
