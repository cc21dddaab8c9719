import { expect, test } from 'vitest';
import { seededIds } from '../kernel/ids.ts';
import { type Asked, ask, form, serve } from './testing/raw-http.ts';

// Whatever arrives, it is the sender's fault and never ours.
const heads: readonly Asked[] = [
  { sign: 'ecs', headers: { 'x-amz-target': 'AmazonEC2ContainerServiceV20141113.CreateService' } },
  { sign: 'ec2', headers: form },
  { sign: 'iam', headers: form },
  {
    path: '/service/GraniteServiceVersion20100801/operation/PutMetricData',
    sign: 'monitoring',
    headers: { 'smithy-protocol': 'rpc-v2-cbor' },
  },
  { method: 'POST', path: '/2015-03-31/functions', sign: 'lambda' },
  { method: 'POST', path: '/bucket?delete', sign: 's3' },
  { method: 'PUT', path: '/bucket/key', sign: 's3', headers: { 'content-encoding': 'aws-chunked' } },
  { method: 'GET', path: '/bucket/%ff%', sign: 's3' },
  { method: 'GET', path: '/%', sign: 's3' },
  { sign: 'iam', headers: { ...form, 'content-encoding': 'gzip' } },
  { headers: { 'x-amz-target': 'Nope.Nope' } },
  {
    headers: {
      authorization: 'AWS4-HMAC-SHA256 nonsense',
      'x-amz-target': 'AmazonEC2ContainerServiceV20141113.CreateService',
    },
  },
];
const bytes: readonly (string | Uint8Array)[] = [
  '',
  new Uint8Array([0x9f, 0x9f, 0xff, 0xbf]),
  new Uint8Array(5_000).fill(0x81),
];
const bodies: readonly (string | Uint8Array)[] = [
  ...bytes,
  '{',
  '[]',
  'null',
  '"a"',
  '{"serviceName":1,"tags":{}}',
  `${'['.repeat(20_000)}${']'.repeat(20_000)}`,
  `{"a":${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)}}`,
  'Action=CreateVpc&Version=2016-11-15&TagSpecification.x.Tag=1',
  'Action=TagRole&Version=2010-05-08&RoleName=r&Tags.member.one.Key=a',
  `Action=TagRole&Version=2010-05-08&${'Tags.'.repeat(5_000)}=1`,
  'Action=%ff%&Version=2010-05-08',
  '<a><b></a>',
  '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
  `${'<a>'.repeat(10_000)}${'</a>'.repeat(10_000)}`,
  'zz\r\nabc\r\n0\r\n\r\n',
  'ffffffff\r\nabc',
];

test('malformed requests are refused with a 4xx, and are no bugs', async () => {
  const echo = (input: object) => ({ ...input });
  const { port, bugs } = await serve({
    ecs: { CreateService: echo },
    ec2: { CreateVpc: echo },
    iam: { TagRole: echo },
    cloudWatch: { PutMetricData: () => ({}) },
    lambda: { CreateFunction: echo },
    s3: { DeleteObjects: () => ({}), PutObject: () => ({}), GetObject: () => ({}) },
  });
  const ids = seededIds(7);
  const random = Array.from({ length: 20 }, () =>
    Uint8Array.from({ length: Math.floor(ids.random('size') * 60) }, () => Math.floor(ids.random('byte') * 256)),
  );
  for (const head of heads)
    for (const body of [...bodies, ...random]) {
      // The CBOR library tells the console of the lengths that other bytes seem to claim.
      if (head.headers?.['smithy-protocol'] && !bytes.includes(body)) continue;
      const { status } = await ask(port, { ...head, ...(head.method === 'GET' ? {} : { body }) });
      const isFine = status < 500 || status === 501;
      expect(isFine, `${JSON.stringify(head)} ${Buffer.from(body).toString().slice(0, 60)} gave ${status}`).toBe(true);
    }
  expect(bugs).toEqual([]);
});
