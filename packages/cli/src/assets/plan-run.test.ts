import { expect, test } from 'vitest';
import { planRun } from './plan-run.ts';

const line = 7;

test.each([
  {
    command: 'mkdir -p data /var/lib/app',
    steps: [
      { do: 'make-folder', path: '/app/data', line },
      { do: 'make-folder', path: '/var/lib/app', line },
    ],
  },
  {
    command: 'chmod +x run.sh',
    steps: [{ do: 'change-mode', mode: '+x', paths: ['/app/run.sh'], recursive: false, line }],
  },
  {
    command: 'chmod -R u=rwX,go-w /srv',
    steps: [{ do: 'change-mode', mode: 'u=rwX,go-w', paths: ['/srv'], recursive: true, line }],
  },
  {
    command: 'mkdir a && true && chmod -x b',
    steps: [
      { do: 'make-folder', path: '/app/a', line },
      { do: 'change-mode', mode: '-x', paths: ['/app/b'], recursive: false, line },
    ],
  },
])('$command is done without running it', ({ command, steps }) => {
  expect(planRun(command, '/app', line)).toEqual({ steps, warnings: [] });
});

test('a change of owner is left out, and told', () => {
  expect(planRun('chown -R node:node /app', '/app', line)).toEqual({
    steps: [],
    warnings: ['Dockerfile line 7: owners are not kept (chown)'],
  });
});

test.each([
  'npm ci',
  'mkdir a; npm ci',
  'mkdir $(whoami)',
  'mkdir a & chmod +x b',
  'mkdir a || true',
  'chmod +x *.sh',
  'mkdir "a b"',
  'mkdir ~/x',
  'mkdir',
  'mkdir -m 700 a',
  'chmod +x',
  'chmod --reference=a b',
  'echo x > y',
  'mkdir a && npm ci',
])('%s needs a machine', (command) => {
  expect(planRun(command, '/app', line)).toBeUndefined();
});
