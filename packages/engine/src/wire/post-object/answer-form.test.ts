import { expect, test } from 'vitest';
import { s3 } from '../../services/s3/index.ts';
import { startLab } from '../../testing/lab.ts';
import { memoryBlobs } from '../../testing/memory.ts';
import { signingKey } from '../sigv4.ts';
import { answerForm } from './answer-form.ts';

const scope = '20260105/us-east-1/s3/aws4_request';
const document = (expiration: string) =>
  Buffer.from(
    JSON.stringify({
      expiration,
      conditions: [
        { bucket: 'licences' },
        ['starts-with', '$key', 'in/'],
        ['starts-with', '$x-amz-credential', ''],
        ['starts-with', '$success_action_status', ''],
      ],
    }),
  ).toString('base64');

/** A form that uploads a file, signed with the root's keys unless told otherwise. */
function post({ expiration = '2999-01-01T00:00:00Z', secret = 'test' } = {}) {
  const { kernel, s3: operations } = startLab({ services: () => [s3({ blobs: memoryBlobs() })] });
  operations.createBucket({ Bucket: 'licences' });
  const policy = document(expiration);
  const fields = {
    key: ['in/$', '{filename}'].join(''),
    'x-amz-credential': `test/${scope}`,
    policy,
    'x-amz-signature': signingKey(secret, scope).sign(policy),
    success_action_status: '201',
  };
  const parts = Object.entries(fields).map(
    ([name, value]) => `--x\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
  );
  const file =
    '--x\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\nContent-Type: text/plain\r\n\r\nhello\r\n--x--\r\n';
  const headers = { host: '127.0.0.1', 'content-type': 'multipart/form-data; boundary=x' };
  const body = Buffer.from(parts.join('') + file);
  const answer = answerForm(
    { method: 'POST', path: '/licences', query: '', headers, body },
    { kernel, account: '000000000000', requestId: 'r' },
  );
  return { answer, operations };
}

test('a signed form puts its file under the key that it names', () => {
  const { answer, operations } = post();
  expect(answer).toMatchObject({ status: 201, body: expect.stringContaining('<Key>in/a.txt</Key>') });
  expect(operations.headObject({ Bucket: 'licences', Key: 'in/a.txt' })).toMatchObject({
    ContentLength: 5,
    ContentType: 'text/plain',
  });
});

test.each<[string, Parameters<typeof post>[0], string]>([
  ['signed with another secret', { secret: 'guess' }, '<Code>SignatureDoesNotMatch</Code>'],
  ['whose policy is over', { expiration: '2020-01-01T00:00:00Z' }, 'Policy expired.'],
])('a form %s puts nothing', (_, how, why) => {
  const { answer, operations } = post(how);
  expect(answer).toMatchObject({ status: 403, body: expect.stringContaining(why) });
  expect(operations.listObjectsV2({ Bucket: 'licences' }).KeyCount).toBe(0);
});
