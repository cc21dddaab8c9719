import { adminRoutes, type EngineStatus } from '../../../../engine/src/admin/routes.ts';
import type { Cause } from '../../../../engine/src/kernel/caller.ts';
import { VirtualClock } from '../../../../engine/src/kernel/clock.ts';
import type { HttpRoute, Service } from '../../../../engine/src/kernel/service.ts';
import type { Behave } from '../../../../engine/src/runtimes/simulated/behaviour.ts';
import {
  type SimulatedRuntime,
  simulatedRuntime,
} from '../../../../engine/src/runtimes/simulated/simulated-runtime.ts';
import { applicationAutoScaling } from '../../../../engine/src/services/application-auto-scaling/index.ts';
import { cloudFormation } from '../../../../engine/src/services/cloudformation/index.ts';
import { cloudWatch } from '../../../../engine/src/services/cloudwatch/index.ts';
import { ecs } from '../../../../engine/src/services/ecs/index.ts';
import { neighbours } from '../../../../engine/src/services/ecs/testing/neighbours.ts';
import { logs } from '../../../../engine/src/services/logs/index.ts';
import type { ReceivedMail } from '../../../../engine/src/services/sns/mail-transport.ts';
import { keepMail } from '../../../../engine/src/services/sns/mailbox.ts';
import { mailRoutes } from '../../../../engine/src/services/sns/routes/mail.ts';
import { type Lab, labScope, startLab } from '../../../../engine/src/testing/lab.ts';
import { memoryBlobs, memoryJournal } from '../../../../engine/src/testing/memory.ts';
import { createServer } from '../../../../engine/src/wire/server.ts';
import { makeThrottling } from '../../../../engine/src/wire/throttling/throttling.ts';
import type { Listener } from '../plan-status.ts';

/** An engine whose time stands still unless the test moves it, on a real port: the command line cannot tell it from another. */
export interface LabPlatform {
  readonly lab: Lab;
  readonly runtime: SimulatedRuntime;
  readonly endpoint: string;
  /** What the admin surface tells of load balancers, which have their own tests. */
  readonly listeners: Listener[];
  /** An operation of ECS as a function makes it that an alarm has called. */
  asFunction(cause: Cause, operation: string, input: object): void;
  /** Lets a mail come into the mailbox. */
  mail(mail: ReceivedMail): void;
  close(): Promise<void>;
}

const json = (path: string, answer: () => object): HttpRoute => ({
  name: path,
  matches: (request) => request.path === path,
  handle: (_, response) => void response.end(JSON.stringify(answer())),
});

export async function startLabPlatform(behave: Behave = () => ({})): Promise<LabPlatform> {
  const clock = new VirtualClock();
  const runtime = simulatedRuntime({ clock, behave });
  const blobs = memoryBlobs();
  const journal = memoryJournal();
  const listeners: Listener[] = [];
  let port = 0;
  const endpoint = () => `http://127.0.0.1:${port}`;
  // A session's command has its answer at the same moment of the platform, but somebody has to let that moment come.
  const openAtOnce: typeof runtime.open = (...args) => {
    const session = runtime.open(...args);
    setImmediate(() => clock.advance(0));
    return session;
  };
  const real: Service[] = [
    ecs({ runtime: { ...runtime, open: openAtOnce }, blobs, clock, endpoint }),
    logs(),
    cloudWatch(),
    applicationAutoScaling(),
    cloudFormation({ resources: () => ({}), readObject: () => undefined }),
  ];
  const around = neighbours(blobs).services.filter(({ name }) => !real.some((service) => service.name === name));
  const lab = startLab({ clock, journal, services: () => [...real, ...around] });
  const { kernel } = lab;
  const status = (): EngineStatus => ({
    ...{ engine: 'rockpool', version: '0.1.0', pid: 1, port, state: '/state', account: labScope.account, speed: 1 },
    now: clock.now(),
    services: [],
  });
  const throttling = makeThrottling({ clock });
  const routes = [
    ...adminRoutes({
      ...{ journal, status, throttling, services: kernel.services },
      stop: () => {},
      onEvent: (listener) => kernel.onEvent(listener),
    }),
    json('/_rockpool/listeners', () => ({ listeners })),
    ...mailRoutes,
  ];
  const server = createServer({ kernel, routes, throttling, onBug: fail });
  port = (await server.listen(0)).port;
  return {
    lab,
    runtime,
    listeners,
    endpoint: endpoint(),
    asFunction(cause, operation, input) {
      const arn = `arn:aws:sts::${labScope.account}:assumed-role/scaling/${cause.function}`;
      const caller = { kind: 'role', account: labScope.account, arn, userId: 'AROA:scaling', cause } as const;
      kernel.request('ecs', operation, input, { scope: labScope, caller });
    },
    mail: (mail) => keepMail(kernel, mail),
    close: () => server.close(),
  };
}

function fail(error: unknown): void {
  throw error;
}
