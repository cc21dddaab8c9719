import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type ContainerReport, type ContainerSpec, neverStarted, type Runtime } from './runtime.ts';

/** Programs that every runtime's world can run, each in its own way. */
export type Program =
  /** Runs until SIGTERM, then ends with code 0. */
  | 'server'
  /** Runs, whatever SIGTERM says. */
  | 'stubborn'
  /** Ends by itself with code 3. */
  | 'ends-with-3'
  /** Writes the lines `one` and `two`, then ends with code 0. */
  | 'talker'
  /** Its command does not exist. */
  | 'no-such-command';

/** Commands run inside a `server`. */
export type InnerCommand =
  /** Prints `hello`, ends with code 0. */
  | 'hello'
  /** Ends with code 4. */
  | 'fails-with-4'
  /** Takes a minute. */
  | 'slow';

/** What the contract needs to try a runtime, under real or virtual time. */
export interface ContractWorld {
  readonly runtime: Runtime;
  /** Waits, or moves time on, until the condition holds; fails when it never does. */
  until(condition: () => boolean): Promise<void> | void;
  /** The part of a container's specification that makes it run a program. */
  program(program: Program): Pick<ContainerSpec, 'image' | 'entryPoint' | 'command'>;
  command(command: InnerCommand): readonly string[];
  /** The engine dies without a word and another starts: the runtime as the new one has it, over the same outside world. */
  restart(): Promise<Runtime> | Runtime;
  end(): Promise<void> | void;
}

export interface ContractOptions {
  /** Tests that this runtime cannot pass, each with the reason. */
  readonly skip?: Readonly<Record<string, string>>;
}

type Kind = ContainerReport['kind'];

/** One container with all that was reported about it. */
class Tried {
  readonly reports: ContainerReport[] = [];
  readonly spec: ContainerSpec;

  constructor(spec: ContainerSpec) {
    this.spec = spec;
  }

  readonly report = (report: ContainerReport): void => void this.reports.push(report);
  has = (kind: Kind): boolean => this.reports.some((report) => report.kind === kind);
  get = <K extends Kind>(kind: K) =>
    this.reports.find((report): report is Extract<ContainerReport, { kind: K }> => report.kind === kind);
  get kinds(): Kind[] {
    return this.reports.map(({ kind }) => kind).filter((kind) => kind !== 'usage');
  }
  get lines(): string[] {
    return this.reports.flatMap((report) => (report.kind === 'output' ? report.lines : []));
  }
}

/** What every runtime must do, run for each. */
export function runtimeContract(
  name: string,
  make: () => Promise<ContractWorld> | ContractWorld,
  { skip = {} }: ContractOptions = {},
): void {
  describe(`the runtime contract: ${name}`, () => {
    let world: ContractWorld;
    let count = 0;
    beforeEach(async () => {
      world = await make();
    });
    afterEach(() => world.end());

    const specOf = (program: Program, change: Partial<ContainerSpec> = {}): ContainerSpec => ({
      id: `task${++count}-app-1`,
      taskId: `task${count}`,
      name: 'app',
      privateAddress: '10.0.0.5',
      environment: {},
      ports: [],
      taskPorts: {},
      ...world.program(program),
      ...change,
    });
    const start = (program: Program, change?: Partial<ContainerSpec>): Tried => {
      const tried = new Tried(specOf(program, change));
      world.runtime.start(tried.spec, tried.report);
      return tried;
    };
    const running = async (program: Program, change?: Partial<ContainerSpec>): Promise<Tried> => {
      const tried = start(program, change);
      await world.until(() => tried.has('started'));
      return tried;
    };
    const check = (title: string, run: () => Promise<void>) => (skip[title] ? test.skip : test)(title, run);

    check('tells of the pull, then of the start with a real port for every port', async () => {
      const ports = [{ containerPort: 8080, protocol: 'tcp' as const }];
      const one = await running('server', { ports });
      const two = await running('server', { ports });
      expect(one.kinds.slice(0, 2)).toEqual(['pulled', 'started']);
      const [first, second] = [one, two].map((tried) => tried.get('started')?.bindings[0]);
      expect(first).toMatchObject({ containerPort: 8080, protocol: 'tcp' });
      expect(first?.hostPort).not.toBe(second?.hostPort);
      expect(one.get('started')?.runtimeId).toBeTruthy();
    });

    check('tells the exit code, as the last word', async () => {
      const tried = start('ends-with-3');
      await world.until(() => tried.has('exited'));
      expect(tried.reports.at(-1)).toMatchObject({ kind: 'exited', exitCode: 3 });
    });

    check('gives every line of output before the end', async () => {
      const tried = start('talker');
      await world.until(() => tried.has('exited'));
      expect(tried.lines).toEqual(['one', 'two']);
      expect(tried.kinds.at(-1)).toBe('exited');
    });

    check('a command that does not exist fails the start', async () => {
      const tried = start('no-such-command');
      await world.until(() => tried.has('failed-to-start'));
      expect(tried.get('failed-to-start')).toMatchObject({ error: 'CannotStartContainerError' });
      expect(tried.has('started')).toBe(false);
    });

    check('a signal lets a program end in its own way', async () => {
      const tried = await running('server');
      world.runtime.signal(tried.spec.id, 'SIGTERM');
      await world.until(() => tried.has('exited'));
      expect(tried.get('exited')).toMatchObject({ exitCode: 0 });
    });

    check('SIGKILL ends what ignores SIGTERM, with code 137', async () => {
      const tried = await running('stubborn');
      world.runtime.signal(tried.spec.id, 'SIGTERM');
      const other = start('ends-with-3');
      await world.until(() => other.has('exited'));
      expect(tried.has('exited')).toBe(false);
      world.runtime.signal(tried.spec.id, 'SIGKILL');
      await world.until(() => tried.has('exited'));
      expect(tried.get('exited')).toMatchObject({ exitCode: 137 });
    });

    check('signals to unknown and ended containers are no error', async () => {
      const tried = start('ends-with-3');
      await world.until(() => tried.has('exited'));
      world.runtime.signal(tried.spec.id, 'SIGTERM');
      world.runtime.signal('no-such-container', 'SIGKILL');
      expect(tried.kinds.filter((kind) => kind === 'exited')).toHaveLength(1);
    });

    check('runs commands inside, and always answers', async () => {
      const tried = await running('server');
      const answers: Record<string, { exitCode: number; output: string }> = {};
      const ask = (id: string, command: InnerCommand, timeout_ms: number, as: string = command) =>
        world.runtime.run(id, world.command(command), timeout_ms, (result) => {
          answers[as] = result;
        });
      ask(tried.spec.id, 'hello', 5_000);
      ask(tried.spec.id, 'fails-with-4', 5_000);
      ask(tried.spec.id, 'slow', 500);
      ask('no-such-container', 'hello', 5_000, 'unknown');
      await world.until(() => Object.keys(answers).length === 4);
      expect(answers['hello']?.exitCode).toBe(0);
      expect(answers['hello']?.output.trim()).toBe('hello');
      expect(answers['fails-with-4']?.exitCode).toBe(4);
      expect(answers['slow']?.exitCode).toBe(137);
      expect(answers['unknown']?.exitCode).not.toBe(0);
      expect(tried.has('exited')).toBe(false);
    });

    check('opens a session: output, then the end', async () => {
      const tried = await running('server');
      let output = '';
      let ended: number | undefined;
      world.runtime.open(tried.spec.id, world.command('hello'), {
        output: (bytes) => {
          output += Buffer.from(bytes).toString();
        },
        ended: (exitCode) => {
          ended = exitCode;
        },
      });
      await world.until(() => ended !== undefined);
      expect(output).toContain('hello');
      expect(ended).toBe(0);
    });

    check('the same container is never started twice', async () => {
      const tried = await running('server');
      const again = new Tried(tried.spec);
      world.runtime.start(tried.spec, again.report);
      const other = await running('server');
      expect(again.has('started')).toBe(false);
      expect(other.has('started')).toBe(true);
    });

    check(
      'after a crash of the engine, running containers are found again, and only those that are wanted',
      async () => {
        const wanted = await running('server');
        const unwanted = await running('server');
        const runtime = await world.restart();
        const found = new Tried(wanted.spec);
        const never = new Tried(specOf('server'));
        runtime.adopt([found, never]);
        await world.until(() => found.has('started') && never.has('exited'));
        expect(found.get('started')?.runtimeId).toBe(wanted.get('started')?.runtimeId);
        expect(found.get('started')?.bindings).toEqual(wanted.get('started')?.bindings);
        expect(never.get('exited')).toMatchObject({ reason: neverStarted });
        runtime.signal(wanted.spec.id, 'SIGTERM');
        await world.until(() => found.has('exited'));
        expect(found.get('exited')).toMatchObject({ exitCode: 0 });
        expect(unwanted.has('exited')).toBe(false);
      },
    );

    check('what ended while the engine was away is told on adoption', async () => {
      const tried = await running('server');
      world.runtime.signal(tried.spec.id, 'SIGTERM');
      await world.until(() => tried.has('exited'));
      const runtime = await world.restart();
      const found = new Tried(tried.spec);
      runtime.adopt([found]);
      await world.until(() => found.has('exited'));
      expect(found.get('exited')).toMatchObject({ exitCode: 0 });
    });
  });
}
