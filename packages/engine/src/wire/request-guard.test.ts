import { expect, test } from 'vitest';
import { refuseForeign } from './request-guard.ts';

const local = { host: '127.0.0.1:4566' };

test.each([
  [{ host: 'localhost:4566' }],
  [{ host: '127.0.0.1' }],
  [{ host: '[::1]:4566' }],
  [{ host: '10.0.0.7:4566' }],
  [{ host: 'my-bucket.localhost:4566' }],
  [{ host: 'my-bucket.s3.us-east-1.amazonaws.com' }],
  [{ host: 'host.docker.internal:4566' }],
  [{ host: 'rockpool.test:4566' }],
  [{ ...local, origin: 'http://localhost:3000', 'sec-fetch-site': 'same-site' }],
  [{ ...local, origin: 'http://[::1]:3000' }],
  [{ ...local, 'sec-fetch-site': 'none' }],
])('%j may pass', (headers) => {
  expect(refuseForeign({ headers }, ['rockpool.test'])).toBeUndefined();
});

test.each([
  [{}, 'the host (none) is not'],
  [{ host: 'evil.example:4566' }, 'the host evil.example is not'],
  [{ host: 'localhost.evil.example' }, 'the host localhost.evil.example is not'],
  [{ host: '127.0.0.1.evil.example' }, 'is not one'],
  [{ host: 'amazonaws.com.evil.example' }, 'is not one'],
  [{ ...local, origin: 'https://evil.example' }, 'pages of https://evil.example'],
  [{ ...local, origin: 'https://localhost.evil.example' }, 'pages of'],
  [{ ...local, origin: 'null' }, 'pages of null'],
  [{ ...local, 'sec-fetch-site': 'cross-site' }, 'pages of other sites'],
])('%j is refused', (headers, reason) => {
  expect(refuseForeign({ headers }, [])).toContain(reason);
});
