import type { Failure } from './clients.ts';
import { functionDied } from './interference.ts';
import { platform, scaleInFunction, scaleOutFunction } from './platform-functions.ts';
import type { World } from './world.ts';

/** What a fault may change about the first scale-in. Whatever it does, the end is safe. */
export interface Tolerance {
  /** The container may go before anybody saw that it had drained. */
  readonly undrained?: true;
  /** A mail may come twice: whoever sent it died before it was noted. */
  readonly twice?: true;
  /** The scale-in may be given up or fail, and the service may have other containers than before. */
  readonly otherEnd?: true;
}

export interface Fault {
  readonly name: string;
  readonly tolerance: Tolerance;
  /** Puts it into the world, to strike by itself when its time comes; it says so when it does, and how long that lasts. */
  arm(world: World, strike: (lasts_ms?: number) => void): void;
}

/** How long each phase of a scale-in may last at least, so that what strikes within it strikes before it is over. */
const phases_ms = { pin: 1000, lower: 1000, drain: 10_000, stop: 3000 };
type Phase = keyof typeof phases_ms;

/** Strikes once, a while after the first scale-in has come into a phase, with the container that is to go. */
function during(world: World, phase: Phase, strike: (victim: string) => void): void {
  let armed = true;
  world.interference.lines.push((_, entry) => {
    const entered = entry['event'] === 'scale-in-requested' ? 'pin' : entry['to'];
    if (!armed || entered !== phase) return;
    armed = false;
    world.time.after(world.between(0, phases_ms[phase], 'faults'), () => strike(String(entry['task'])));
  });
}

const oneOf = <T>(world: World, items: readonly T[]): T => items[world.between(0, items.length - 1, 'faults')] as T;
/** Strikes another container than the one that is to go, unless that would leave none to take requests. */
function strikeBystander(world: World, victim: string, strike: (taskId: string) => void): void {
  const others = world.running().filter((task) => task !== victim);
  if (world.isUp && others.length > 1) strike(oneOf(world, others));
}

const failsAt =
  (taskId: string) =>
  ({ server }: Failure) =>
    server === taskId;

function error(name: string): Error {
  return Object.assign(new Error('by order of the story'), { name });
}

const taskDies: Fault = {
  name: 'the container dies while it drains',
  tolerance: { otherEnd: true },
  arm: (world, strike) =>
    during(world, 'drain', (victim) => {
      strike();
      world.excuses.push(failsAt(victim));
      world.containers.crash(victim, oneOf(world, [1, 137]));
    }),
};

const bystanderDies: Fault = {
  name: 'another container dies meanwhile',
  tolerance: { otherEnd: true },
  arm: (world, strike) =>
    during(world, oneOf(world, ['pin', 'drain', 'stop']), (victim) => {
      strikeBystander(world, victim, (other) => {
        strike();
        world.excuses.push(failsAt(other));
        world.containers.crash(other, 1);
      });
    }),
};

const functionDies: Fault = {
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

const callsFail: Fault = {
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

const eventComesFiveTimes: Fault = {
  name: 'the event comes five times',
  tolerance: {},
  arm(world, strike) {
    let armed = true;
    world.interference.events.push((functionName, event) => {
      if (!armed || functionName !== scaleInFunction || event['detail-type'] !== 'CloudWatch Alarm State Change')
        return;
      armed = false;
      strike();
      const again = {
        ...{ FunctionName: functionName, InvocationType: 'Event' as const },
        Payload: Buffer.from(JSON.stringify(event)),
      };
      for (let copy = 0; copy < 4; copy += 1)
        world.time.after(world.between(0, 3000, 'faults'), () => void world.lab.lambda.invoke(again as never));
    });
  },
};

/** Until an engine that starts has its load balancer back. */
const starting_ms = 50;

/** What clients see of an engine that is down is no fault of the platform's. */
function killFor(world: World, down_ms: number): void {
  if (!world.isUp) return;
  world.kill();
  const from = world.time.now();
  const until = from + down_ms + starting_ms;
  world.excuses.push(({ at, reason }) => at >= from && at <= until && /^(nobody|the load)/.test(reason));
  world.time.after(down_ms, () => world.startAgain());
}

const killedInScaleIn: Fault = {
  name: 'the engine is killed during the scale-in',
  tolerance: { undrained: true, twice: true },
  arm: (world, strike) =>
    during(world, oneOf(world, ['pin', 'lower', 'drain', 'stop']), () => {
      strike();
      killFor(world, world.between(0, 20_000, 'faults'));
    }),
};

const killedInScaleOut: Fault = {
  name: 'the engine is killed during the scale-out',
  tolerance: {},
  arm(world, strike) {
    let armed = true;
    world.interference.lines.push((functionName) => {
      if (!armed || functionName !== scaleOutFunction) return;
      armed = false;
      strike();
      const kill = () => killFor(world, world.between(0, 20_000, 'faults'));
      world.time.after(world.between(0, 15_000, 'faults'), kill);
    });
  },
};

const figuresMissing: Fault = {
  name: 'the figures of a container are missing for a while',
  tolerance: { undrained: true },
  arm(world, strike) {
    const silence = (taskId: string) => {
      const lasts_ms = world.between(60_000, 240_000, 'faults');
      strike(lasts_ms);
      world.interference.silent.add(taskId);
      world.time.after(lasts_ms, () => world.interference.silent.delete(taskId));
    };
    const who = world.random('faults');
    if (who < 0.5) during(world, oneOf(world, ['pin', 'drain']), silence);
    else if (who < 0.75) world.onFall.push(silence);
    else world.onFall.push((victim) => strikeBystander(world, victim, silence));
  },
};

const stopTask = (world: World, task: string) =>
  world.isUp && world.lab.ecs.stopTask({ cluster: platform.cluster, task, reason: 'by hand' });

const victimStopped: Fault = {
  name: 'StopTask by hand on the container that drains',
  tolerance: { undrained: true, otherEnd: true },
  arm: (world, strike) =>
    during(world, oneOf(world, ['pin', 'drain']), (victim) => {
      strike();
      stopTask(world, victim);
    }),
};

const bystanderStopped: Fault = {
  name: 'StopTask by hand on another container',
  tolerance: { otherEnd: true },
  arm: (world, strike) =>
    during(world, oneOf(world, ['pin', 'drain']), (victim) => {
      strikeBystander(world, victim, (other) => {
        strike();
        stopTask(world, other);
      });
    }),
};

const commandRefused: Fault = {
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

const protectionRefused: Fault = {
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

const upperAlarm: Fault = {
  name: 'an upper alarm goes off during the scale-in',
  tolerance: { otherEnd: true },
  arm: (world, strike) =>
    during(world, oneOf(world, ['pin', 'drain']), (victim) => {
      strikeBystander(world, victim, (other) => {
        strike();
        const AlarmName = `${platform.cluster}/${platform.service}/upper/${other}`;
        world.lab.cloudWatch.setAlarmState({ AlarmName, StateValue: 'ALARM', StateReason: 'by order of the story' });
      });
    }),
};

const loadRises: Fault = {
  name: 'load rises during the scale-in',
  tolerance: { otherEnd: true },
  arm: (world, strike) =>
    during(world, oneOf(world, ['pin', 'drain']), () => {
      const lasts_ms = 240_000;
      strike(lasts_ms);
      const more = world.between(50, 70, 'faults');
      world.clients.add(more, 10_000);
      world.time.after(lasts_ms, () => world.clients.restLast(more));
    }),
};

const deployment: Fault = {
  name: 'a deployment begins during the scale-in',
  tolerance: { undrained: true, otherEnd: true },
  arm: (world, strike) =>
    during(world, oneOf(world, ['pin', 'drain']), () => {
      strike();
      if (world.isUp) world.lab.ecs.updateService({ ...platform, forceNewDeployment: true });
    }),
};

export const allFaults: readonly Fault[] = [
  taskDies,
  bystanderDies,
  functionDies,
  callsFail,
  eventComesFiveTimes,
  killedInScaleIn,
  killedInScaleOut,
  figuresMissing,
  victimStopped,
  bystanderStopped,
  commandRefused,
  protectionRefused,
  upperAlarm,
  loadRises,
  deployment,
];
