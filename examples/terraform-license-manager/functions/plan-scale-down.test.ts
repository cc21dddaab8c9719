import { expect, test } from 'vitest';
import { planScaleDown, type Seen } from './plan-scale-down.ts';

const containers = (...figures: (number | undefined)[]) => figures.map((inUse, i) => ({ taskArn: `task/${i}`, inUse }));
const three: Seen = {
  alarmIsOn: true,
  desired: 3,
  min: 1,
  deploying: false,
  containers: containers(58, 4, 58),
};
const thresholds = { below: 20, above: 80 };

test.each<[string, Partial<Seen>, ReturnType<typeof planScaleDown>]>([
  ['the one with the fewest goes', {}, { go: 'task/1', inUse: 4, stay: ['task/0', 'task/2'] }],
  ['no alarm', { alarmIsOn: false }, { wait: 'no container has little to do' }],
  ['at the minimum', { min: 3 }, { wait: 'there are no more than the 3 that there are to be' }],
  ['a deployment', { deploying: true }, { wait: 'a deployment is under way' }],
  ['one is still starting', { desired: 4 }, { wait: '3 of 4 containers run' }],
  ['one is silent', { containers: containers(58, 4, undefined) }, { wait: 'a container does not tell its figures' }],
  ['at the threshold', { containers: containers(58, 20, 58) }, { wait: 'no container has little to do' }],
  ['no room', { containers: containers(80, 4, 80) }, { wait: 'the others cannot take its 4 licences' }],
])('%s', (_, seen, plan) => {
  expect(planScaleDown({ ...three, ...seen }, thresholds)).toEqual(plan);
});
