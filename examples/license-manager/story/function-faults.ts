import { error, type Fault, oneOf } from './fault.ts';
import { functionDied } from './interference.ts';
import { scaleInFunction } from './platform-functions.ts';
import type { World } from './world.ts';

export const functionDies: Fault = {
  name: 'the function dies twice',
  tolerance: { undrained: true, twice: true },
  arm(world, strike) {
    let deaths = 2;
    let begun = false;
    world.interference.calls.push((functionName, operation) => {
      if (functionName !== scaleInFunction) return undefined;
      begun ||= operation === 'putParameter';
      if (!begun || deaths === 0 || world.random('faults') > 0.06) return undefined;
      deaths -= 1;
      strike();
      return { lost: oneOf(world, ['before', 'after']), error: error(functionDied) };
    });
  },
};

export const callsFail: Fault = {
  name: 'calls of the function get lost for a while',
  tolerance: { undrained: true, twice: true, otherEnd: true },
  arm(world, strike) {
    let until: number | undefined;
    world.interference.calls.push((functionName, operation) => {
      if (functionName !== scaleInFunction) return undefined;
      if (operation === 'putParameter') until ??= world.time.now() + 60_000;
      if (until === undefined || world.time.now() > until || world.random('faults') > 0.1) return undefined;
      strike();
      return { lost: oneOf(world, ['before', 'after']), error: error('ThrottlingException') };
    });
  },
};

/** The event of the lower alarm comes four times more, each within a while after the first. */
function repeatEvent(world: World, within_ms: number, strike: () => void): void {
  let armed = true;
  world.interference.events.push((functionName, event) => {
    if (!armed || functionName !== scaleInFunction || event['detail-type'] !== 'CloudWatch Alarm State Change') return;
    armed = false;
    strike();
    const again = {
      ...{ FunctionName: functionName, InvocationType: 'Event' as const },
      Payload: Buffer.from(JSON.stringify(event)),
    };
    for (let copy = 0; copy < 4; copy += 1)
      world.time.after(world.between(0, within_ms, 'faults'), () => void world.lab.lambda.invoke(again as never));
  });
}

export const eventComesFiveTimes: Fault = {
  name: 'the event comes five times',
  tolerance: {},
  arm: (world, strike) => repeatEvent(world, 3000, strike),
};

export const fiveCallsAtOnce: Fault = {
  name: 'the event comes five times at once, where no concurrency is reserved',
  tolerance: { anyMails: true, otherEnd: true },
  arm(world, strike) {
    const FunctionName = scaleInFunction;
    world.lab.lambda.deleteFunctionConcurrency({ FunctionName });
    world.interference.onClear(() =>
      world.lab.lambda.putFunctionConcurrency({ FunctionName, ReservedConcurrentExecutions: 1 }),
    );
    repeatEvent(world, 20, strike);
  },
};

export const commandRefused: Fault = {
  name: 'ExecuteCommand is refused',
  tolerance: {},
  arm(world, strike) {
    let times = oneOf(world, [1, 2, 3, 100]);
    world.interference.calls.push((_, operation) => {
      if (operation !== 'executeCommand' || times === 0) return undefined;
      times -= 1;
      strike();
      return { lost: 'before', error: error('TargetNotConnectedException') };
    });
  },
};

export const protectionRefused: Fault = {
  name: 'the others cannot be protected at first',
  tolerance: { otherEnd: true },
  arm(world, strike) {
    let times = world.between(1, 6, 'faults');
    world.interference.calls.push((_, operation, input) => {
      if (operation !== 'updateTaskProtection' || times === 0) return undefined;
      if (!(input as { protectionEnabled?: boolean }).protectionEnabled) return undefined;
      times -= 1;
      strike();
      return { lost: 'before', error: error('ServerException') };
    });
  },
};
