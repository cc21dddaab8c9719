import type { Clock } from '../../kernel/clock.ts';
import { neverStarted, type Runtime, type Session } from '../runtime.ts';
import { type Answer, type Behave, type Behaviour, wellBehaved } from './behaviour.ts';
import { SimulatedContainer } from './simulated-container.ts';

/** A runtime without processes. It outlives the engines that use it, as real containers would. */
export interface SimulatedRuntime extends Runtime {
  readonly name: 'simulated';
  /** Ids of the containers that run now, in order of their start. */
  running(): string[];
  /** How often a container of this id prefix (a task's id) was started. */
  starts(prefix: string): number;
  /** What a request to an address that a container has bound gets; undefined: nobody listens there. */
  answer(hostPort: number, path: string): Answer | undefined;
  /** Ends a container as a crash would. */
  crash(containerId: string, exitCode?: number, reason?: string): void;
}

const firstPort = 20_000;

export function simulatedRuntime(options: { readonly clock: Clock; readonly behave?: Behave }): SimulatedRuntime {
  const { clock } = options;
  const containers = new Map<string, SimulatedContainer>();
  const started: string[] = [];
  let nextPort = firstPort;
  const behaviourOf: Behave = (spec) => ({ ...wellBehaved, ...options.behave?.(spec) });

  return {
    name: 'simulated',
    start(spec, report) {
      if (containers.has(spec.id)) return;
      started.push(spec.id);
      const hostPorts = new Map(spec.ports.map(({ containerPort }) => [containerPort, nextPort++]));
      const behaviour: Behaviour = behaviourOf(spec);
      const container = new SimulatedContainer(spec, { behaviour, clock, hostPorts, report });
      containers.set(spec.id, container);
      container.begin();
    },
    signal: (id, signal) => containers.get(id)?.signal(signal),
    run(id, command, timeout_ms, done) {
      const { after_ms = 0, exitCode, output } = containers.get(id)?.command(command) ?? { exitCode: 137, output: '' };
      const late = after_ms > timeout_ms;
      clock.at(clock.now() + Math.min(after_ms, timeout_ms), () =>
        done(late ? { exitCode: 137, output: '' } : { exitCode, output }),
      );
    },
    open: (id, command, to) => openSession(clock, containers.get(id), command, to),
    adopt: (wanted) => adopt(containers, wanted),
    remove(id) {
      containers.get(id)?.vanish();
      containers.delete(id);
    },
    close: async () => {},
    running: () => [...containers].filter(([, container]) => container.isRunning).map(([id]) => id),
    starts: (prefix) => started.filter((id) => id.startsWith(prefix)).length,
    answer(hostPort, path) {
      for (const container of containers.values())
        if ([...container.hostPorts.values()].includes(hostPort)) return container.answer(hostPort, path);
      return undefined;
    },
    crash: (id, exitCode = 1, reason) => containers.get(id)?.crash(exitCode, reason),
  };
}

/** Tells each that is wanted how it stands, and ends the others. */
function adopt(containers: Map<string, SimulatedContainer>, wanted: Parameters<Runtime['adopt']>[0]): void {
  const known = new Set(wanted.map(({ spec }) => spec.id));
  for (const [id, container] of containers) {
    if (known.has(id)) continue;
    container.vanish();
    containers.delete(id);
  }
  for (const { spec, report } of wanted) {
    const container = containers.get(spec.id);
    if (container) container.adopt(report);
    else report({ kind: 'exited', exitCode: 137, reason: neverStarted });
  }
}

/** A session whose command writes all its output and ends; what is typed is echoed, as a terminal would. */
function openSession(
  clock: Clock,
  container: SimulatedContainer | undefined,
  command: readonly string[],
  to: { output(bytes: Uint8Array): void; ended(exitCode: number): void },
): Session {
  const { after_ms = 0, exitCode, output } = container?.command(command) ?? { exitCode: 137, output: '' };
  let over = false;
  const end = (code: number) => {
    if (over) return;
    over = true;
    to.ended(code);
  };
  const cancel = clock.at(clock.now() + after_ms, () => {
    if (over) return;
    if (output) to.output(Buffer.from(output));
    end(exitCode);
  });
  return {
    write: (bytes) => void (over || to.output(bytes)),
    resize: () => {},
    end() {
      cancel();
      end(130);
    },
  };
}
