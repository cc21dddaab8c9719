import { expect, test } from 'vitest';
import { readSeats } from './licence-file.ts';
import { readSettings } from './settings.ts';

const env = { LM_SIGNING_KEY: 'a key that all containers share' };

test('the signing key is all that must be set', () => {
  expect(readSettings(env)).toEqual({
    port: 8080,
    host: undefined,
    signingKey: env.LM_SIGNING_KEY,
    seats: new Map([
      ['cad', 100],
      ['render', 20],
    ]),
    lease_seconds: 30,
    stopBudget_seconds: 100,
    quiet_seconds: 5,
  });
});

test.each([
  { name: 'LM_SIGNING_KEY', value: '', says: 'LM_SIGNING_KEY is not set' },
  { name: 'LM_SIGNING_KEY', value: 'short', says: 'shorter than 16 characters' },
  { name: 'PORT', value: '80a', says: 'PORT is "80a", not a port number' },
  { name: 'LM_LICENCE_FILE', value: '/none.json', says: 'the licence file cannot be read: ENOENT' },
  { name: 'LM_LEASE_SECONDS', value: '0', says: 'LM_LEASE_SECONDS is "0", not a number from 1 to 86400' },
  { name: 'LM_STOP_BUDGET_SECONDS', value: 'long', says: 'LM_STOP_BUDGET_SECONDS is "long"' },
])('$name="$value" is refused', ({ name, value, says }) => {
  expect(() => readSettings({ ...env, [name]: value })).toThrow(says);
});

test.each([
  { text: '{"cad": 1', says: 'l.json is not JSON' },
  { text: '[1]', says: 'l.json is not an object of features' },
  { text: '{}', says: 'l.json licenses no feature' },
  { text: '{"cad": "many"}', says: 'l.json gives feature cad "many" seats' },
  { text: '{"cad": -1}', says: 'l.json gives feature cad -1 seats' },
])('the licence file $text is refused', ({ text, says }) => {
  expect(() => readSeats(text, 'l.json')).toThrow(says);
});
