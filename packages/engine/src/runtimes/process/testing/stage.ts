import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { memoryBlobs } from '../../../testing/memory.ts';
import type { ContainerSpec, ImageConfig, Runtime } from '../../runtime.ts';
import { type ProcessRuntimeOptions, processRuntime } from '../process-runtime.ts';
import { machineProcesses } from '../processes.ts';
import { imageOf, type LayerEntry } from './layers.ts';
import { Reports } from './reports.ts';

export interface Stage {
  readonly directory: string;
  /** The current runtime. */
  readonly runtime: Runtime;
  /** A container whose image holds `files` under /app and runs `node main.js`, unless told otherwise. */
  spec(files: Readonly<Record<string, string>>, more?: SpecChanges): Promise<ContainerSpec>;
  start(spec: ContainerSpec): Reports;
  /** `spec` and `start`. */
  run(files: Readonly<Record<string, string>>, more?: SpecChanges): Promise<{ spec: ContainerSpec; reports: Reports }>;
  /** The engine ends in good order and another begins on the same folder. */
  restart(options?: Partial<ProcessRuntimeOptions>): Promise<Runtime>;
  adopt(spec: ContainerSpec): Reports;
  /** Every file and folder there is, below the stage's. */
  files(): Promise<string[]>;
  /** Processes that run for containers of this stage. */
  processes(): Promise<number[]>;
  close(): Promise<void>;
}

type SpecChanges = Partial<Omit<ContainerSpec, 'image'>> & {
  readonly config?: ImageConfig;
  readonly entries?: readonly LayerEntry[];
};

export async function openStage(options: Partial<ProcessRuntimeOptions> = {}): Promise<Stage> {
  const directory = await mkdtemp(join(tmpdir(), 'rockpool-process-'));
  const blobs = memoryBlobs();
  const open = (changes = options) => processRuntime({ directory, blobs, speed: 1, ...changes });
  let runtime = open();
  let count = 0;
  const stage: Stage = {
    directory,
    get runtime() {
      return runtime;
    },
    async spec(files, { config, entries = [], ...more } = {}) {
      const appFiles = Object.entries(files).map(([name, text]) => ({ name: `app/${name}`, text }));
      const image = await imageOf(blobs, { WorkingDir: '/app', Cmd: ['node', 'main.js'], ...config }, [
        ...appFiles,
        ...entries,
      ]);
      const id = `task-${++count}`;
      return { ...plainSpec, id, taskId: id, ...more, image };
    },
    start(spec) {
      const reports = new Reports();
      runtime.start(spec, reports.report);
      return reports;
    },
    async run(files, more) {
      const spec = await stage.spec(files, more);
      return { spec, reports: stage.start(spec) };
    },
    async restart(changes) {
      await runtime.close();
      runtime = open({ ...options, ...changes });
      return runtime;
    },
    adopt(spec) {
      const reports = new Reports();
      runtime.adopt([{ spec, report: reports.report }]);
      return reports;
    },
    files: async () => (await readdir(directory, { recursive: true })).sort(),
    async processes() {
      const prefix = `ROCKPOOL_CONTAINER=${directory}/`;
      return (await machineProcesses(process.platform).marked(prefix)).map(({ pid }) => pid);
    },
    async close() {
      // Nobody asks for any container any more, so the next runtime ends them all.
      await stage.restart();
      runtime.adopt([]);
      await runtime.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
  return stage;
}

const plainSpec = {
  name: 'app',
  privateAddress: '10.0.1.5',
  environment: {},
  ports: [],
  taskPorts: {},
} as const satisfies Partial<ContainerSpec>;
