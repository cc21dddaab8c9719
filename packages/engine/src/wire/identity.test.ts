import { expect, test } from 'vitest';
import { ask, serve } from './testing/raw-http.ts';
import { signRequest, type Unsigned } from './testing/sign-request.ts';

const listClusters = 'AmazonEC2ContainerServiceV20141113.ListClusters';
const minutes = (count: number) => new Date(Date.now() + count * 60_000);

/** What an engine answers to a request that was signed so. */
async function answerTo(service: 'ecs' | 'iam' | 's3', change: Partial<Unsigned>) {
  const { port } = await serve({
    ecs: { ListClusters: () => ({ clusterArns: [] }) },
    iam: { ListRoles: () => ({ Roles: [], IsTruncated: false }) },
    s3: { ListBuckets: () => ({ Buckets: [] }) },
  });
  const asked = {
    ecs: { method: 'POST', body: '{}', headers: { 'x-amz-target': listClusters } },
    iam: {
      method: 'POST',
      body: 'Action=ListRoles&Version=2010-05-08',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    },
    s3: { method: 'GET', body: '', headers: {} },
  }[service];
  const host = `127.0.0.1:${port}`;
  const signature = signRequest({ ...asked, path: '/', host, service, ...change });
  const headers: Record<string, string> = { ...(asked.headers as Record<string, string>), ...signature };
  const { status, body } = await ask(port, { ...asked, headers });
  const code = /"__type":"(\w+)"|<Code>(\w+)<\/Code>/.exec(body.toString());
  return [status, code?.[1] ?? code?.[2] ?? 'fine'];
}

// Codes: https://docs.aws.amazon.com/IAM/latest/APIReference/CommonErrors.html and https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
test.each<[string, Partial<Unsigned>, readonly [number, string][]]>([
  [
    'the root’s keys',
    {},
    [
      [200, 'fine'],
      [200, 'fine'],
      [200, 'fine'],
    ],
  ],
  [
    'the keys of another account’s root',
    { accessKeyId: '111122223333' },
    [
      [200, 'fine'],
      [200, 'fine'],
      [200, 'fine'],
    ],
  ],
  [
    'a key that nobody has',
    { accessKeyId: 'AKIAIOSFODNN7EXAMPLE' },
    [
      [400, 'UnrecognizedClientException'],
      [403, 'InvalidClientTokenId'],
      [403, 'InvalidAccessKeyId'],
    ],
  ],
  [
    'a wrong secret',
    { secretAccessKey: 'wrong' },
    [
      [400, 'InvalidSignatureException'],
      [403, 'SignatureDoesNotMatch'],
      [403, 'SignatureDoesNotMatch'],
    ],
  ],
  [
    'another body than was signed',
    { body: 'other' },
    [
      [400, 'InvalidSignatureException'],
      [403, 'SignatureDoesNotMatch'],
      [403, 'SignatureDoesNotMatch'],
    ],
  ],
  [
    'a time that is none',
    { time: '2026-11-27 12:00' },
    [
      [400, 'IncompleteSignatureException'],
      [400, 'IncompleteSignature'],
      [403, 'AccessDenied'],
    ],
  ],
  [
    'a clock that is a little slow',
    { at: minutes(-14) },
    [
      [200, 'fine'],
      [200, 'fine'],
      [200, 'fine'],
    ],
  ],
  [
    'a clock that is slow',
    { at: minutes(-16) },
    [
      [400, 'InvalidSignatureException'],
      [403, 'SignatureDoesNotMatch'],
      [403, 'RequestTimeTooSkewed'],
    ],
  ],
  [
    'a clock that is fast',
    { at: minutes(16) },
    [
      [400, 'InvalidSignatureException'],
      [403, 'SignatureDoesNotMatch'],
      [403, 'RequestTimeTooSkewed'],
    ],
  ],
])('%s', async (_case, change, wanted) => {
  const answers = await Promise.all((['ecs', 'iam', 's3'] as const).map((service) => answerTo(service, change)));
  expect(answers).toEqual(wanted);
});
