import { expect, test } from 'vitest';
import { traceHeader } from './trace-id.ts';

const now = { now_ms: 0x67891233 * 1000, id: 'abcdef012345678912345678' };
const own = '1-67891233-abcdef012345678912345678';

test.each([
  [undefined, `Root=${own}`],
  ['Root=1-1-1', `Self=${own};Root=1-1-1`],
  ['Root=1-1-1;CalledFrom=app', `Self=${own};Root=1-1-1;CalledFrom=app`],
  ['Self=1-2-2;Root=1-1-1', `Self=${own};Root=1-1-1`],
  ['CalledFrom=app', `Root=${own};CalledFrom=app`],
  [`Root=${'1'.repeat(8000)}`, `Root=${own}`],
])('%s becomes %s', (received, expected) => {
  expect(traceHeader(received, now)).toBe(expected);
});
