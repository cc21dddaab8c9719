import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { coverageText } from './scripts/coverage.ts';

test('docs/coverage.md says what the engine has: `npm run coverage` writes it', async () => {
  const written = readFileSync(new URL('docs/coverage.md', import.meta.url), 'utf8');
  expect(written.split('\n')).toEqual((await coverageText()).split('\n'));
});
