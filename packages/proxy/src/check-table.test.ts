import { expect, test } from 'vitest';
import { checkTable } from './check-table.ts';
import type { Action, Condition, RoutingTable } from './routing-table.ts';
import { forwardTo, group, listener, table, target } from './testing/world.ts';

const app = target({ host: '127.0.0.1', port: 8080 });
const ruled = (action: Action, conditions: readonly Condition[] = []): Partial<RoutingTable> => ({
  listeners: [listener({ rules: [{ id: 'r', conditions, action }, forwardTo('group')] })],
});

test.each<[string, Partial<RoutingTable>]>([
  ['version 3 is not newer than the applied 3', {}],
  ['listener listener is in the table twice', { version: 4, listeners: [listener(), listener()] }],
  ['target group group is in the table twice', { version: 4, targetGroups: [group([]), group([])] }],
  ['group: target 127.0.0.1:8080 is in the table twice', { version: 4, targetGroups: [group([app, app])] }],
  [
    'group: target t has no port to connect to, but 0',
    { version: 4, targetGroups: [group([{ ...app, id: 't', address: { host: '::1', port: 0 } }])] },
  ],
  [
    "group: app_cookie stickiness needs the name of the application's cookie",
    { version: 4, targetGroups: [group([], { stickiness: { type: 'app_cookie', duration_s: 1 } })] },
  ],
  [
    'listener listener has no default rule: its last rule must have no conditions',
    { version: 4, listeners: [listener({ rules: [] })] },
  ],
  ['listener listener: 70000 is no port', { version: 4, listeners: [listener({ port: 70000 })] }],
  [
    'listener listener: idleTimeout_ms must be positive, not 0',
    { version: 4, listeners: [listener({ idleTimeout_ms: 0 })] },
  ],
  [
    'rule r of listener listener forwards to no target group',
    { version: 4, ...ruled({ type: 'forward', targetGroups: [] }) },
  ],
  [
    'rule r of listener listener forwards to gone, which is not in the table',
    { version: 4, ...ruled({ type: 'forward', targetGroups: [{ id: 'gone', weight: 1 }] }) },
  ],
  [
    'rule r of listener listener: "a\\r\\nb: c" holds characters that cannot stand in a header',
    { version: 4, ...ruled({ type: 'redirect', statusCode: 301, host: 'a\r\nb: c' }) },
  ],
  [
    'rule r of listener listener: 10.0.0.0/33 is no CIDR block',
    { version: 4, ...ruled(forwardTo('group').action, [{ field: 'source-ip', values: ['10.0.0.0/33'] }]) },
  ],
])('%s', (message, parts) => {
  expect(() => checkTable(table(3, { targetGroups: [group([app])], ...parts }), 3)).toThrow(message);
});

test('a table that says what it means is taken', () => {
  checkTable(table(4, { targetGroups: [group([app])] }), 3);
});
