import { type ContractWorld, type InnerCommand, type Program, runtimeContract } from '../runtime.contract.ts';
import type { ContainerReport, ContainerSpec, Runtime } from '../runtime.ts';
import { openStage } from './testing/stage.ts';

const programs: Readonly<Record<Program, string>> = {
  server: `process.on('SIGTERM', () => process.exit(0)); setInterval(() => {}, 1000); console.log('ready')`,
  stubborn: `process.on('SIGTERM', () => {}); setInterval(() => {}, 1000); console.log('ready')`,
  'ends-with-3': 'process.exitCode = 3',
  talker: `console.log('one'); console.log('two')`,
  'no-such-command': '',
};

const inner: Readonly<Record<InnerCommand, readonly string[]>> = {
  hello: ['echo', 'hello'],
  'fails-with-4': ['sh', '-c', 'exit 4'],
  slow: ['sleep', '60'],
};

/** A process has a moment in which it runs and does not listen to signals yet. Here they wait until it says that it does. */
function patient(runtime: Runtime, ready: Map<string, PromiseWithResolvers<void>>): Runtime {
  const hearing = ({ id }: ContainerSpec, report: (report: ContainerReport) => void) => {
    const said = ready.get(id) ?? Promise.withResolvers<void>();
    ready.set(id, said);
    return (one: ContainerReport) => {
      if (one.kind === 'exited' || (one.kind === 'output' && one.lines.includes('ready'))) said.resolve();
      report(one);
    };
  };
  return {
    name: runtime.name,
    start: (spec, report) => runtime.start(spec, hearing(spec, report)),
    signal: (id, signal) => void (ready.get(id)?.promise ?? Promise.resolve()).then(() => runtime.signal(id, signal)),
    run: (...args) => runtime.run(...args),
    open: (...args) => runtime.open(...args),
    adopt: (all) => runtime.adopt(all.map(({ spec, report }) => ({ spec, report: hearing(spec, report) }))),
    remove: (id) => runtime.remove(id),
    close: () => runtime.close(),
  };
}

async function world(): Promise<ContractWorld> {
  const stage = await openStage();
  const ready = new Map<string, PromiseWithResolvers<void>>();
  const files = Object.fromEntries(Object.entries(programs).map(([name, text]) => [`${name}.js`, text]));
  const { image } = await stage.spec(files);
  return {
    runtime: patient(stage.runtime, ready),
    until: (condition) =>
      new Promise((resolve) => {
        const look = () => (condition() ? resolve() : setTimeout(look, 5));
        look();
      }),
    program: (program) => ({ image, command: program === 'no-such-command' ? [program] : ['node', `${program}.js`] }),
    command: (command) => inner[command],
    restart: async () => patient(await stage.restart(), ready),
    end: () => stage.close(),
  };
}

runtimeContract('process', world);
