import { expect, test } from 'vitest';
import { planTable, type Standing, type TableStep } from './plan-table.ts';
import type { RoutingTable } from './routing-table.ts';
import { group, listener, table, target } from './testing/world.ts';

const a = target({ host: '127.0.0.1', port: 1 }, { id: 'a' });
const b = target({ host: '127.0.0.1', port: 2 }, { id: 'b' });
const nothing: Standing = { listeners: [], targetGroups: [] };

/** Steps in short: what is done to what. */
const short = (step: TableStep): string => {
  switch (step.do) {
    case 'add-target':
    case 'change-target':
      return `${step.do} ${step.group}/${step.target.id}`;
    case 'remove-target':
      return `${step.do} ${step.group}/${step.target}`;
    case 'remove-group':
    case 'add-group':
    case 'settle-group':
      return `${step.do} ${typeof step.group === 'string' ? step.group : step.group.id}`;
    default:
      return `${step.do} ${typeof step.listener === 'string' ? step.listener : step.listener.id}`;
  }
};

test.each<[string, Standing, Partial<RoutingTable>, string[]]>([
  [
    'the first table opens everything, targets first',
    nothing,
    { targetGroups: [group([a])] },
    ['add-group group', 'add-target group/a', 'settle-group group', 'open-listener listener'],
  ],
  [
    'what stays is changed in place',
    { listeners: [listener()], targetGroups: [group([a])] },
    { targetGroups: [group([{ ...a, state: 'draining' }])] },
    ['change-target group/a', 'settle-group group', 'change-listener listener'],
  ],
  [
    'a target comes and another goes before the group settles',
    { listeners: [listener()], targetGroups: [group([a])] },
    { targetGroups: [group([b])] },
    ['add-target group/b', 'remove-target group/a', 'settle-group group', 'change-listener listener'],
  ],
  [
    'rules let go of a group before it goes',
    { listeners: [listener()], targetGroups: [group([a])] },
    { targetGroups: [] },
    ['change-listener listener', 'remove-target group/a', 'remove-group group'],
  ],
  [
    'a port is free before another listener takes it',
    { listeners: [listener({ port: 80 })], targetGroups: [] },
    { listeners: [listener({ id: 'other', port: 80 })] },
    ['close-listener listener', 'open-listener other'],
  ],
  [
    'a listener that moves is closed and opened',
    { listeners: [listener({ port: 80 })], targetGroups: [] },
    { listeners: [listener({ port: 81 })] },
    ['close-listener listener', 'open-listener listener'],
  ],
  ['a listener that is not open is tried again', nothing, {}, ['open-listener listener']],
  ['nothing to nothing takes no steps', nothing, { listeners: [] }, []],
])('%s', (_, before, after, steps) => {
  expect(planTable(before, table(2, after)).map(short)).toEqual(steps);
});
