import { during, type Fault, oneOf, strikeBystander } from './fault.ts';
import { platform, scaleOutFunction } from './platform-functions.ts';
import type { World } from './world.ts';

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

export const killedInScaleIn: Fault = {
  name: 'the engine is killed during the scale-in',
  tolerance: { undrained: true, twice: true },
  arm: (world, strike) =>
    during(world, oneOf(world, ['pin', 'lower', 'drain', 'stop']), () => {
      strike();
      killFor(world, world.between(0, 20_000, 'faults'));
    }),
};

export const killedInScaleOut: Fault = {
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

export const upperAlarm: Fault = {
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

export const loadRises: Fault = {
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

export const deployment: Fault = {
  name: 'a deployment begins during the scale-in',
  tolerance: { undrained: true, otherEnd: true },
  arm: (world, strike) =>
    during(world, oneOf(world, ['pin', 'drain']), () => {
      strike();
      if (world.isUp) world.lab.ecs.updateService({ ...platform, forceNewDeployment: true });
    }),
};
