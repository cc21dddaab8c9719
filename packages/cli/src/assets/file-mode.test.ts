import { expect, test } from 'vitest';
import { changeMode } from './file-mode.ts';

test.each([
  { mode: 0o644, change: '755', result: 0o755 },
  { mode: 0o644, change: '0600', result: 0o600 },
  { mode: 0o644, change: '+x', result: 0o755 },
  { mode: 0o755, change: 'a-x', result: 0o644 },
  { mode: 0o644, change: 'u+x', result: 0o744 },
  { mode: 0o777, change: 'u=rwx,go=r', result: 0o744 },
  { mode: 0o777, change: 'go=', result: 0o700 },
  { mode: 0o644, change: 'a+X', result: 0o644 },
  { mode: 0o744, change: 'a+X', result: 0o755 },
  { mode: 0o644, change: 'executable', result: undefined },
  { mode: 0o644, change: '99', result: undefined },
])('$change of $mode', ({ mode, change, result }) => {
  expect(changeMode(mode, change, false)).toBe(result);
});

test('X lets folders be entered', () => {
  expect(changeMode(0o600, 'u+X', true)).toBe(0o700);
});
