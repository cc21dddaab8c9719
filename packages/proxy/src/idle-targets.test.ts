import { expect, test } from 'vitest';
import { IdleTargets } from './idle-targets.ts';
import type { TargetState } from './routing-table.ts';
import { group, table, target } from './testing/world.ts';

const key = { targetGroup: 'group', target: 'a' };
const with_ = (version: number, state: TargetState) =>
  table(version, { targetGroups: [group([target({ host: '127.0.0.1', port: 1 }, { id: 'a', state })])] });

test('a target is idle when it is on every worker, and that is said once', () => {
  const idle = new IdleTargets(2);
  idle.expect(with_(1, 'draining'));
  expect(idle.note({ ...key, version: 1 }, 0)).toBe(false);
  expect(idle.note({ ...key, version: 1 }, 0)).toBe(false);
  expect(idle.note({ ...key, version: 1 }, 1)).toBe(true);
  expect(idle.note({ ...key, version: 1 }, 1)).toBe(false);
});

test('what is known of a draining lasts while it goes on', () => {
  const idle = new IdleTargets(2);
  idle.expect(with_(1, 'draining'));
  idle.note({ ...key, version: 1 }, 0);
  idle.expect(with_(2, 'draining'));
  expect(idle.note({ ...key, version: 1 }, 1)).toBe(true);
});

test('words about an earlier draining do not count for a later one', () => {
  const idle = new IdleTargets(1);
  idle.expect(with_(1, 'draining'));
  idle.expect(with_(2, 'healthy'));
  expect(idle.note({ ...key, version: 1 }, 0)).toBe(false);
  idle.expect(with_(3, 'draining'));
  expect(idle.note({ ...key, version: 1 }, 0)).toBe(false);
  expect(idle.note({ ...key, version: 3 }, 0)).toBe(true);
});
