import { during, type Fault, failsAt, oneOf, strikeBystander } from './fault.ts';
import { platform } from './platform-functions.ts';
import type { World } from './world.ts';

export const taskDies: Fault = {
  name: 'the container dies while it drains',
  tolerance: { undrained: true, badEnd: true },
  arm: (world, strike) =>
    during(world, 'drain', (victim) => {
      strike();
      world.excuses.push(failsAt(victim));
      world.containers.crash(victim, oneOf(world, [1, 137]));
    }),
};

export const bystanderDies: Fault = {
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

export const figuresMissing: Fault = {
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

export const victimStopped: Fault = {
  name: 'StopTask by hand on the container that drains',
  tolerance: { undrained: true, otherEnd: true },
  arm: (world, strike) =>
    during(world, oneOf(world, ['pin', 'drain']), (victim) => {
      strike();
      stopTask(world, victim);
    }),
};

export const bystanderStopped: Fault = {
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
