import { expect, test } from 'vitest';
import { chunksAreSigned } from './chunk-signatures.ts';
import type { SignatureV4 } from './sigv4.ts';

// The example of https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html
const secret = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY';
const presented: SignatureV4 = {
  version: 4,
  accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
  region: 'us-east-1',
  service: 's3',
  scope: '20130524/us-east-1/s3/aws4_request',
  time: '20130524T000000Z',
  signedHeaders: [],
  signature: '4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9',
  sessionToken: undefined,
  expires_s: undefined,
  asymmetric: false,
};
const signatures = [
  'ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648',
  '0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497',
  'b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9',
];
const body = (letters = ['a', 'a', '']) =>
  Buffer.from(
    [65_536, 1024, 0]
      .map(
        (size, index) =>
          `${size.toString(16)};chunk-signature=${signatures[index]}\r\n${letters[index]?.repeat(size)}\r\n`,
      )
      .join(''),
  );

test('every chunk is signed over the one before', () => {
  expect(chunksAreSigned(body(), presented, secret)).toBe(true);
});

test.each([
  ['a changed chunk', body(['a', 'b', '']), presented, secret],
  ['another secret', body(), presented, 'x'],
  ['another request', body(), { ...presented, signature: signatures[0] ?? '' }, secret],
  ['a chunk without a signature', Buffer.from('1\r\na\r\n0\r\n\r\n'), presented, secret],
])('%s is found out', (_case, bytes, request, key) => {
  expect(chunksAreSigned(bytes, request, key)).toBe(false);
});
