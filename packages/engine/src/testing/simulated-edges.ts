import type { VirtualClock } from '../kernel/clock.ts';
import { simulatedRuntime } from '../runtimes/simulated/simulated-runtime.ts';
import type { MailTransport } from '../services/sns/mail-transport.ts';
import type { Edges } from './all-services.ts';
import { inlineFunctions } from './inline-functions.ts';
import { memoryBlobs } from './memory.ts';
import { simulatedDataPlane } from './simulated-data-plane.ts';

/** A world outside in which everything goes well: containers run, targets answer, mails are taken, and functions are not there. */
export function simulatedEdges(clock: VirtualClock): Edges {
  const mail: MailTransport = {
    isMailbox: true,
    start: () => {},
    send: (_mail, done) => done(),
    close: async () => {},
  };
  return {
    ...{ clock, runtime: simulatedRuntime({ clock }), dataPlane: simulatedDataPlane({ clock }), mail },
    ...{ functions: inlineFunctions({ clock, handlers: {} }), published: new Map() },
    ...{ images: memoryBlobs(), code: memoryBlobs() },
  };
}
