import { expect, test } from 'vitest';
import type { Measured } from '../scripts/demo/measure.ts';
import { root, run } from './command.ts';

// What `npm run demo` promises, read from what `--json` prints as its last line.

test('the demonstration tells the whole story, and every check of it passes', async () => {
  const { out, err, exitCode } = await run(process.execPath, ['scripts/demo.ts', '--json'], { cwd: root });
  expect(exitCode, err).toBe(0);
  const result = JSON.parse(out.trimEnd().split('\n').at(-1) ?? '') as Measured;
  expect(result).toMatchObject({
    failed: 0,
    scaledOutTo: 3,
    drainedTask: result.lowestMetricTask,
    shutdownLoggedBeforeExit: true,
    exitCode: 0,
    replaced: 0,
    leftovers: 0,
  });
  expect(result.requests).toBeGreaterThan(100);
  expect(result.drainedTask).toMatch(/^[0-9a-f]{32}$/);
  const story = [/scaled out from 1 to 2/, /scaled out from 2 to 3/, /scale-in requested/, /drained/, /stopped/];
  expect(result.mails.filter((subject) => story.some((chapter) => chapter.test(subject)))).toEqual(
    story.map((chapter) => expect.stringMatching(chapter)),
  );
  expect(Object.keys(result.seconds)).toEqual(['engine', 'up', 'scaleOut', 'scaleIn', 'recount', 'down', 'total']);
});
