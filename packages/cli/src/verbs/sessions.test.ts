import { join } from 'node:path';
import { expect, test } from 'vitest';
import { labScope } from '../../../engine/src/testing/lab.ts';
import { type LabPlatform, startLabPlatform } from './testing/lab-platform.ts';
import { playSession } from './testing/play-session.ts';
import { deployWeb } from './testing/web-service.ts';

/** Protects the newest running tasks. */
function protect({ lab }: LabPlatform, count: number): void {
  const { taskArns = [] } = lab.ecs.listTasks({ cluster: 'main' });
  lab.ecs.updateTaskProtection({ cluster: 'main', tasks: taskArns.slice(-count), protectionEnabled: true });
}

test('the story of a service that is scaled', async () => {
  const platform = await startLabPlatform(() => ({
    output: [
      { after_ms: 0, lines: ['listening'] },
      { after_ms: 20_000, lines: ['served 1', 'served 2'] },
    ],
    onCommand: ([name = '', ...words]) =>
      name === 'lm'
        ? { exitCode: 0, output: `${words.join(' ')}: 3 in use\n` }
        : { exitCode: 127, output: `${name}: not found\n` },
  }));
  const { lab } = platform;
  const cause = { function: 'scale-out', alarm: 'main/web/upper', rule: 'on-upper', metric: 'LicensesInUse' };
  const { written, played } = await playSession(
    join(import.meta.dirname, 'sessions/scaling.session'),
    { AWS_ENDPOINT_URL: platform.endpoint, AWS_REGION: labScope.region },
    {
      advance: ([duration = '']) => lab.advance(duration),
      deploy: () => deployWeb(platform),
      'scale-out': ([count]) =>
        platform.asFunction({ ...cause, value: 92, threshold: 80 }, 'UpdateService', {
          cluster: 'main',
          service: 'web',
          desiredCount: Number(count),
        }),
      protect: ([count]) => protect(platform, Number(count)),
      mail: () =>
        platform.mail({
          from: 'no-reply@sns.amazonaws.com',
          to: ['ops@example.com'],
          subject: 'web: scaled out to 3',
          text: 'LicensesInUse was 92, above 80.\n',
        }),
    },
  );
  await platform.close();
  expect(played).toBe(written);
});

test('the story of a limit that is set and taken away', async () => {
  const platform = await startLabPlatform();
  const { written, played } = await playSession(
    join(import.meta.dirname, 'sessions/throttling.session'),
    { AWS_ENDPOINT_URL: platform.endpoint, AWS_REGION: labScope.region },
    {},
  );
  await platform.close();
  expect(played).toBe(written);
});
