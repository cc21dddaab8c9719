import { expect, test } from 'vitest';
import { parseImageReference } from './image-reference.ts';

const here = { account: '000000000000', region: 'us-east-1' };

test.each([
  [
    '111122223333.dkr.ecr.eu-west-1.amazonaws.com/team/app:1',
    { repository: 'team/app', tag: '1', ecr: { account: '111122223333', region: 'eu-west-1' } },
  ],
  ['127.0.0.1:4566/app@sha256:ab', { repository: 'app', digest: 'sha256:ab', ecr: here }],
  ['000000000000.dkr.ecr.us-east-1.localhost:4566/app', { repository: 'app', tag: 'latest', ecr: here }],
  ['nginx', { registry: 'docker.io', repository: 'nginx', tag: 'latest' }],
  ['library/nginx:1.27', { registry: 'docker.io', repository: 'library/nginx', tag: '1.27' }],
  ['ghcr.io/team/app:2@sha256:cd', { registry: 'ghcr.io', repository: 'team/app', tag: '2', digest: 'sha256:cd' }],
])('%s', (reference, expected) => {
  const parsed = parseImageReference(reference, here);
  expect(parsed).toMatchObject(expected);
  expect('ecr' in parsed).toBe('ecr' in expected);
});
