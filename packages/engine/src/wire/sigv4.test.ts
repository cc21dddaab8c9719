import { createHash, createHmac } from 'node:crypto';
import { SignatureV4 } from '@smithy/signature-v4';
import { expect, test } from 'vitest';
import type { WireRequest } from './message.ts';
import { presentedSignature, verifySignatureV2, verifySignatureV4 } from './sigv4.ts';

/** Hashes as the SDK's signer wants them. */
class Sha256 {
  readonly #hash;
  constructor(secret?: string | Uint8Array) {
    this.#hash = secret === undefined ? createHash('sha256') : createHmac('sha256', secret);
  }
  update(data: string | Uint8Array): void {
    this.#hash.update(data);
  }
  digest(): Promise<Uint8Array> {
    return Promise.resolve(new Uint8Array(this.#hash.digest()));
  }
}

const secretAccessKey = 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY';
const signer = (service: string, sessionToken?: string) =>
  new SignatureV4({
    service,
    region: 'us-east-1',
    credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey, ...(sessionToken ? { sessionToken } : {}) },
    sha256: Sha256 as never,
    uriEscapePath: service !== 's3',
    applyChecksum: true,
  });

interface Plain {
  readonly method?: string;
  readonly path?: string;
  readonly query?: Record<string, string>;
  readonly headers?: Record<string, string>;
  readonly body?: string;
}

const encode = (text: string) =>
  encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);

/** A request as it arrives from a client that signed it. */
async function arrived(service: string, plain: Plain, how: 'sign' | 'presign', token?: string): Promise<WireRequest> {
  const { method = 'POST', path = '/', query = {}, headers = {}, body = '' } = plain;
  const request = {
    method,
    protocol: 'http:',
    hostname: '127.0.0.1',
    port: 4566,
    path,
    query,
    headers: { host: '127.0.0.1:4566', ...headers },
    ...(how === 'sign' ? { body } : {}),
  };
  const signed = await signer(service, token)[how](request as never);
  return {
    method,
    path: signed.path,
    query: Object.entries(signed.query ?? {})
      .map(([name, value]) => `${encode(name)}=${encode(String(value))}`)
      .join('&'),
    headers: Object.fromEntries(Object.entries(signed.headers).map(([name, value]) => [name.toLowerCase(), value])),
    body: Buffer.from(body),
  };
}

function isValid(request: WireRequest, secret = secretAccessKey): boolean {
  const presented = presentedSignature(request);
  if (presented === undefined || presented === 'incomplete' || presented.version !== 4) return false;
  return verifySignatureV4(request, presented, secret);
}

const cases: readonly [string, string, Plain][] = [
  [
    'a JSON request',
    'ecs',
    { headers: { 'x-amz-target': 'T.Op', 'content-type': 'application/x-amz-json-1.1' }, body: '{"a":"ü"}' },
  ],
  ['spaces in headers', 'ecs', { headers: { 'x-amz-note': '  a   b  ' }, body: '{}' }],
  ['a path that is encoded twice', 'lambda', { method: 'GET', path: '/2015-03-31/functions/arn%3Aaws%3Alambda/x' }],
  ['an S3 key that is encoded once', 's3', { method: 'PUT', path: '/bucket/a%20b/%C3%BC%2B~', body: 'x' }],
  [
    'query parameters in any order',
    's3',
    { method: 'GET', path: '/bucket', query: { prefix: 'a/b c', 'list-type': '2', acl: '' } },
  ],
];

test.each(cases)('the SDK signs, we agree: %s', async (_case, service, plain) => {
  const request = await arrived(service, plain, 'sign');
  expect(isValid(request)).toBe(true);
  expect(isValid(request, 'another secret')).toBe(false);
  expect(isValid({ ...request, method: 'DELETE' })).toBe(false);
  expect(isValid({ ...request, path: `${request.path}x` })).toBe(false);
  expect(isValid({ ...request, query: `${request.query}&x=1` })).toBe(false);
});

test.each(cases.filter(([, service]) => service === 's3'))('presigned: %s', async (_case, service, plain) => {
  const unsigned = { 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' };
  const request = await arrived(service, { ...plain, headers: unsigned, body: '' }, 'presign', 'a token/+=');
  expect(isValid(request)).toBe(true);
  expect(isValid({ ...request, query: request.query.replace(/(X-Amz-Expires=\d+)/, '$10') })).toBe(false);
  expect(presentedSignature(request)).toMatchObject({ sessionToken: 'a token/+=', expires_s: 3600 });
});

test('a changed body does not go through', async () => {
  const request = await arrived('iam', { body: 'Action=ListUsers' }, 'sign');
  const { 'x-amz-content-sha256': _hash, ...headers } = request.headers;
  const unhashed = { ...request, headers };
  expect(isValid({ ...unhashed, body: Buffer.from('Action=DeleteUser') })).toBe(false);
});

test('the scope tells account key, region and service', () => {
  const authorization =
    'AWS4-HMAC-SHA256 Credential=AKIA/20260105/eu-west-1/monitoring/aws4_request,SignedHeaders=host;x-amz-date,Signature=ab';
  const request = { method: 'POST', path: '/', query: '', headers: { authorization }, body: Buffer.alloc(0) };
  expect(presentedSignature(request)).toMatchObject({
    accessKeyId: 'AKIA',
    region: 'eu-west-1',
    service: 'monitoring',
    signedHeaders: ['host', 'x-amz-date'],
  });
});

test.each([
  'AWS4-HMAC-SHA256',
  'AWS4-HMAC-SHA256 Credential=a/b, SignedHeaders=host, Signature=x',
  'AWS4-HMAC-SHA256 Credential=a/20260105/r/s/aws4_request, SignedHeaders=host',
  'AWS AKIA:signature',
])('an authorization that cannot be read is incomplete: %s', (authorization) => {
  const request = { method: 'POST', path: '/', query: '', headers: { authorization }, body: Buffer.alloc(0) };
  expect(presentedSignature(request)).toBe('incomplete');
});

test('URLs signed in version 2, as boto3 makes them', () => {
  const expires = 1_900_000_000;
  const toSign = `GET\n\n\n${expires}\n/bucket/a%20b?versionId=1`;
  const signature = createHmac('sha1', secretAccessKey).update(toSign).digest('base64');
  const query = `versionId=1&AWSAccessKeyId=AKIDEXAMPLE&Signature=${encodeURIComponent(signature)}&Expires=${expires}`;
  const request = { method: 'GET', path: '/bucket/a%20b', query, headers: {}, body: Buffer.alloc(0) };
  const presented = presentedSignature(request);
  if (typeof presented !== 'object' || presented.version !== 2) throw new Error('not read as version 2');
  const options = { secretAccessKey, resource: request.path };
  expect(verifySignatureV2(request, presented, options)).toBe(true);
  expect(verifySignatureV2({ ...request, method: 'PUT' }, presented, options)).toBe(false);
  expect(verifySignatureV2(request, presented, { ...options, resource: '/bucket/other' })).toBe(false);
});
