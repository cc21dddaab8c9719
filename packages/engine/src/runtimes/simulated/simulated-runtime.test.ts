import { expect, test } from 'vitest';
import { VirtualClock } from '../../kernel/clock.ts';
import { type ContractWorld, type InnerCommand, type Program, runtimeContract } from '../runtime.contract.ts';
import type { ContainerReport, ContainerSpec } from '../runtime.ts';
import { type Behave, type Behaviour, wellBehaved } from './behaviour.ts';
import { simulatedRuntime } from './simulated-runtime.ts';

const programs: Readonly<Record<Program, Behaviour>> = {
  server: { onSignal: () => ({ exitAfter_ms: 50, exitCode: 0 }) },
  stubborn: { onSignal: () => 'ignore' },
  'ends-with-3': { exitAfter_ms: 100, exitCode: 3 },
  talker: { output: [{ after_ms: 10, lines: ['one', 'two'] }], exitAfter_ms: 20, exitCode: 0 },
  'no-such-command': { failToStart: { error: 'CannotStartContainerError', reason: 'no such file' } },
};

const inner: Readonly<Record<InnerCommand, { exitCode: number; output: string; after_ms?: number }>> = {
  hello: { exitCode: 0, output: 'hello\n' },
  'fails-with-4': { exitCode: 4, output: '' },
  slow: { exitCode: 0, output: '', after_ms: 60_000 },
};

const behave: Behave = ({ command = [] }) => ({
  ...programs[command[0] as Program],
  onCommand: ([first = '']) => inner[first as InnerCommand],
});

function world(): ContractWorld {
  const clock = new VirtualClock();
  const runtime = simulatedRuntime({ clock, behave });
  return {
    runtime,
    until(condition) {
      for (let step = 0; !condition(); step += 1) {
        if (step > 60_000) throw new Error('it never came about within ten minutes of virtual time');
        clock.advance(10);
      }
    },
    program: (program) => ({ image: { reference: 'test', digest: '', layers: [], config: {} }, command: [program] }),
    command: (command) => [command],
    restart: () => runtime,
    end: () => {},
  };
}

runtimeContract('simulated', world);

const spec = (change: Partial<ContainerSpec> = {}): ContainerSpec => ({
  id: 'a',
  taskId: 't',
  name: 'app',
  privateAddress: '10.0.0.4',
  image: { reference: 'x', digest: '', layers: [], config: {} },
  environment: {},
  ports: [{ containerPort: 80, protocol: 'tcp' }],
  taskPorts: {},
  ...change,
});

test('answers requests while it runs, and refuses them after', () => {
  const clock = new VirtualClock();
  const runtime = simulatedRuntime({
    clock,
    behave: () => ({ ...wellBehaved, answer: ({ path }) => ({ status: path === '/' ? 200 : 404 }) }),
  });
  const reports: ContainerReport[] = [];
  runtime.start(spec(), (report) => reports.push(report));
  clock.advance(1000);
  const [, started] = reports;
  const port = started?.kind === 'started' ? (started.bindings[0]?.hostPort ?? 0) : 0;
  expect(runtime.answer(port, '/')).toEqual({ status: 200 });
  expect(runtime.answer(port, '/other')).toEqual({ status: 404 });
  runtime.crash('a', 1);
  expect(runtime.answer(port, '/')).toBeUndefined();
  expect(reports.at(-1)).toEqual({ kind: 'exited', exitCode: 1 });
});

test('measures what a behaviour says it uses', () => {
  const clock = new VirtualClock();
  const runtime = simulatedRuntime({
    clock,
    behave: () => ({ usage: (age_ms) => ({ cpu_percentOfCore: age_ms / 1000, memory_bytes: 1 }), usageEvery_ms: 5000 }),
  });
  const usage: number[] = [];
  runtime.start(spec(), (report) => void (report.kind === 'usage' && usage.push(report.cpu_percentOfCore)));
  clock.advance(20_500);
  expect(usage).toEqual([5, 10, 15, 20]);
});
