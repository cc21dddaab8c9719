import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Observation, planHealth } from './plan-health.ts';

const pass: Observation = { ok: true };
const fail: Observation = {
  ok: false,
  reason: 'Target.ResponseCodeMismatch',
  description: 'Health checks failed with these codes: [500]',
};
const thresholds = { healthy: 3, unhealthy: 2 };
const fresh = { state: 'initial' as const, passes: 0, failures: 0, since: 0 };

/** `+` a passed check, `-` a failed one; one letter a state: i, h, u. */
const run = (checks: string) => {
  let target: Parameters<typeof planHealth>[0] = fresh;
  return [...checks]
    .map((check, index) => {
      target = planHealth(target, check === '+' ? pass : fail, thresholds, index + 1);
      return target.state.charAt(0);
    })
    .join('');
};

test.each([
  ['a new target is healthy after one pass', '+', 'h'],
  ['a new target is unhealthy after exactly the threshold', '--', 'iu'],
  ['one failure of a healthy target changes nothing', '+-+-', 'hhhh'],
  ['a healthy target is unhealthy after exactly the threshold', '+--', 'hhu'],
  ['recovery takes exactly the threshold in a row', '--+++', 'iuuuh'],
  ['a failure on the way begins recovery anew', '--++-+++', 'iuuuuuuh'],
])('%s', (_, checks, states) => {
  expect(run(checks)).toBe(states);
});

test('whatever the checks, unhealthy means that many failures in a row were last seen, and no recovery since', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('+', '-'), maxLength: 40 }), (checks) => {
      const states = run(checks);
      for (let index = 0; index < checks.length; index++) {
        if (states[index] === 'u' && states[index - 1] !== 'u') expect(checks.slice(index - 1, index + 1)).toBe('--');
        if (states[index] === 'h' && states[index - 1] === 'u') expect(checks.slice(index - 2, index + 1)).toBe('+++');
      }
    }),
  );
});

test('a draining target is left alone', () => {
  const draining = { ...fresh, state: 'draining' as const };
  expect(planHealth(draining, pass, thresholds, 9)).toBe(draining);
});
