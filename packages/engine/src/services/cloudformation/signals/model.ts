import { table } from '../../../kernel/store.ts';

/** A signal sent to the address of a wait condition handle (https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-waitcondition.html). */
export interface WaitSignal {
  readonly success: boolean;
  readonly uniqueId: string;
  readonly data: string;
  readonly reason: string;
}

/** An address to signal to, with what has come. By `<stack id>/<logical id>`. */
export interface WaitHandle {
  readonly secret: string;
  readonly signals: readonly WaitSignal[];
}

export const waitHandles = table<WaitHandle>('cloudformation/wait-handles');

/** Who waits for the signals of a handle, and how long. By `<stack id>|<logical id>`. */
export interface Waiting {
  readonly stackId: string;
  readonly logicalId: string;
  readonly handle: string;
  readonly deadline: number;
}

export const waitings = table<Waiting, 'handle'>('cloudformation/waitings', {
  indexes: { handle: (row) => row.handle },
});

/** A signal by SignalResource, for the creation policy of a resource. */
export interface ResourceSignal {
  readonly resource: string;
  readonly uniqueId: string;
  readonly success: boolean;
}

/** By `<stack id>|<logical id>|<unique id>`. */
export const resourceSignals = table<ResourceSignal, 'resource'>('cloudformation/resource-signals', {
  indexes: { resource: (signal) => signal.resource },
});
