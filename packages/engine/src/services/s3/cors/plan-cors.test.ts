import { expect, test } from 'vitest';
import { planCors } from './plan-cors.ts';

const rules = [
  {
    AllowedOrigins: ['https://*.example.com'],
    AllowedMethods: ['PUT'],
    AllowedHeaders: ['x-amz-*'],
    MaxAgeSeconds: 60,
  },
  { AllowedOrigins: ['*'], AllowedMethods: ['GET'], ExposeHeaders: ['ETag'] },
];
const asked = { origin: 'https://app.example.com', method: 'PUT', headers: ['x-amz-date'] };

test.each<[string, Partial<typeof asked>, string | undefined]>([
  ['the origin is named where a pattern lets it in', {}, 'https://app.example.com'],
  ['everybody is named where everybody may', { method: 'GET', headers: [] }, '*'],
  ['another origin may not', { origin: 'https://example.org' }, undefined],
  ['nor one that only begins alike', { origin: 'https://.example.co' }, undefined],
  ['another method may not', { method: 'DELETE' }, undefined],
  ['a header that no pattern covers may not', { headers: ['content-type'] }, undefined],
])('%s', (_, change, expected) =>
  expect(planCors(rules, { ...asked, ...change })?.['access-control-allow-origin']).toBe(expected),
);
