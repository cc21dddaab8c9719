import { expect, test } from 'vitest';
import { newestValue } from './task-alarm.ts';

test.each([
  { says: '{"recentDatapoints":[81,85,90],"threshold":80}', value: 90 },
  {
    says: '{"recentDatapoints":[81],"evaluatedDatapoints":[{"timestamp":"2026-11-21T12:01:00.000+0000","value":92},{"timestamp":"2026-11-21T12:00:00.000+0000","value":81}]}',
    value: 92,
  },
  { says: '{"recentDatapoints":[]}', value: undefined },
  { says: 'set by hand', value: undefined },
  { says: undefined, value: undefined },
])('the newest figure of $says is $value', ({ says, value }) => {
  expect(newestValue(says)).toBe(value);
});
