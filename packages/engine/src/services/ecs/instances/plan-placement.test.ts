import fc from 'fast-check';
import { expect, test } from 'vitest';
import { assignPorts } from './place-task.ts';
import { type InstanceView, nearestRefusal, type PlacementRequest, planPlacement } from './plan-placement.ts';

const instance = (arn: string, change: Partial<InstanceView> = {}, zone = 'a'): InstanceView => ({
  arn,
  ec2InstanceId: `i-${arn}`,
  isActive: true,
  agentConnected: true,
  registeredAt: new Date(0),
  attributes: [{ name: 'ecs.availability-zone', value: zone }],
  cpu: 1024,
  memory: 1024,
  ports: new Set(),
  groups: [],
  ...change,
});

const request = (change: Partial<PlacementRequest> = {}): PlacementRequest => ({
  group: 'service:web',
  needs: { cpu: 100, memory: 100, ports: [], attributes: [] },
  constraints: [],
  strategies: [],
  ...change,
});

/** Places so many tasks one after the other, and counts them on each instance. */
function placeMany(count: number, asked: PlacementRequest, all: readonly InstanceView[], random = () => 0) {
  let left = [...all];
  const placed: string[] = [];
  for (let done = 0; done < count; done += 1) {
    const found = planPlacement(asked, left, random);
    if ('refusals' in found) break;
    const { arn } = found.instance;
    placed.push(arn);
    left = left.map((one) =>
      one.arn === arn
        ? { ...one, cpu: one.cpu - 100, memory: one.memory - 100, groups: [...one.groups, asked.group] }
        : one,
    );
  }
  return placed;
}

const countOn = (placed: readonly string[], arn: string) => placed.filter((one) => one === arn).length;

test('spread keeps zones level, and instances in a zone when they are named second', () => {
  const all = [instance('a1'), instance('a2'), instance('b1', {}, 'b')];
  const strategies = [
    { type: 'spread' as const, field: 'attribute:ecs.availability-zone' },
    { type: 'spread' as const, field: 'instanceId' },
  ];
  const placed = placeMany(8, request({ strategies }), all);
  expect(['a1', 'a2', 'b1'].map((arn) => countOn(placed, arn))).toEqual([2, 2, 4]);
});

test('binpack fills one instance before it begins the next', () => {
  const all = [instance('x'), instance('y')];
  const placed = placeMany(12, request({ strategies: [{ type: 'binpack', field: 'memory' }] }), all);
  expect(placed.slice(0, 10)).toEqual(Array(10).fill('x'));
  expect(placed.slice(10)).toEqual(['y', 'y']);
});

test('random uses every instance', () => {
  const all = ['w', 'x', 'y', 'z'].map((arn) => instance(arn));
  let state = 1;
  const random = () => {
    state = (state * 16_807) % 2_147_483_647;
    return state / 2_147_483_647;
  };
  const placed = placeMany(40, request({ strategies: [{ type: 'random' }] }), all, random);
  expect(placed).toHaveLength(40);
  for (const { arn } of all) expect(countOn(placed, arn)).toBeGreaterThan(0);
});

test('distinctInstance has one task of a group on each', () => {
  const all = [instance('x'), instance('y')];
  expect(placeMany(5, request({ constraints: [{ type: 'distinctInstance' }] }), all).toSorted()).toEqual(['x', 'y']);
});

test('the refusal told is that of the instance that came nearest', () => {
  const all = [
    instance('off', { agentConnected: false }),
    instance('small', { memory: 10 }),
    instance('draining', { isActive: false }),
  ];
  const found = planPlacement(request(), all, () => 0);
  expect('refusals' in found && nearestRefusal(found.refusals)).toMatchObject({
    instance: { arn: 'small' },
    reason: 'RESOURCE:MEMORY',
  });
});

test('whatever is asked, no instance holds more than it has', () => {
  fc.assert(
    fc.property(
      fc.array(fc.record({ cpu: fc.nat(1000), memory: fc.nat(1000), zone: fc.constantFrom('a', 'b', 'c') }), {
        minLength: 1,
        maxLength: 8,
      }),
      fc.nat(100),
      fc.constantFrom('spread', 'binpack', 'random'),
      (sizes, count, type) => {
        const all = sizes.map(({ zone, ...size }, index) => instance(`${index}`, size, zone));
        const field = type === 'binpack' ? 'cpu' : 'instanceId';
        const placed = placeMany(count, request({ strategies: [{ type, field }] }), all);
        for (const { arn, cpu, memory } of all) {
          expect(countOn(placed, arn) * 100).toBeLessThanOrEqual(Math.min(cpu, memory));
        }
        const room = all.reduce((sum, { cpu, memory }) => sum + Math.floor(Math.min(cpu, memory) / 100), 0);
        expect(placed).toHaveLength(Math.min(count, room));
      },
    ),
  );
});

test('ports that may be any are the lowest that are free, each once', () => {
  const wanted = [0, 0, 32_769, 0].map((hostPort, index) => ({
    container: 'app',
    containerPort: index,
    hostPort,
    protocol: 'tcp' as const,
  }));
  expect(assignPorts(wanted, new Set(['32768/tcp', '32770/udp'])).map(({ hostPort }) => hostPort)).toEqual([
    32_770, 32_771, 32_769, 32_772,
  ]);
});
