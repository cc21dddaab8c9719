import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import type { WireRequest } from './message.ts';
import { decodeChunks, inflateBody, unchunkBody } from './request-body.ts';

const request = (headers: WireRequest['headers'], body: string | Uint8Array): WireRequest => ({
  method: 'PUT',
  path: '/bucket/key',
  query: '',
  headers,
  body: Buffer.from(body),
});

test('chunks with signatures, as S3 documents them', () => {
  const signature = ';chunk-signature=ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648';
  const chunk = (size: number) => `${size.toString(16)}${signature}\r\n${'a'.repeat(size)}${size > 0 ? '\r\n' : ''}`;
  const { chunks, trailers } = decodeChunks(Buffer.from(`${chunk(65_536)}${chunk(1024)}${chunk(0)}\r\n`));
  expect(chunks.map(({ bytes }) => bytes.byteLength)).toEqual([65_536, 1024, 0]);
  expect(Buffer.concat(chunks.map(({ bytes }) => bytes)).toString()).toBe('a'.repeat(66_560));
  expect(trailers).toEqual({});
});

test('trailing checksums become headers; nothing else may come late', () => {
  const sent = request(
    {
      'content-encoding': 'gzip, aws-chunked',
      'x-amz-content-sha256': 'STREAMING-UNSIGNED-PAYLOAD-TRAILER',
      'x-amz-decoded-content-length': '5',
      'content-type': 'text/plain',
    },
    '5\r\nhello\r\n0\r\nx-amz-checksum-crc32:NhCmhg==\r\nx-amz-acl:public-read\r\n\r\n',
  );
  const { body, headers } = unchunkBody(sent);
  expect(Buffer.from(body).toString()).toBe('hello');
  expect(headers).toEqual({
    'x-amz-content-sha256': 'STREAMING-UNSIGNED-PAYLOAD-TRAILER',
    'x-amz-decoded-content-length': '5',
    'content-type': 'text/plain',
    'content-encoding': 'gzip',
    'x-amz-checksum-crc32': 'NhCmhg==',
  });
});

test.each([
  ['a size that is none', 'zz\r\nhello\r\n0\r\n\r\n', 'without a valid size'],
  ['an end within a chunk', '6\r\nhello', 'ends within a chunk'],
  ['a chunk that goes on', '4\r\nhello\r\n0\r\n\r\n', 'longer than it says'],
  ['no last chunk', '5\r\nhello\r\n', 'without a valid size'],
])('%s is refused', (_case, body, message) => {
  expect(() => decodeChunks(Buffer.from(body))).toThrow(message);
});

test('fewer bytes than declared are refused', () => {
  const headers = { 'content-encoding': 'aws-chunked', 'x-amz-decoded-content-length': '9' };
  expect(() => unchunkBody(request(headers, '5\r\nhello\r\n0\r\n\r\n'))).toThrow('says 9');
});

test('a compressed RPC body is inflated, a compressed object is not', () => {
  const body = gzipSync('{"a":1}');
  const rpc = inflateBody(request({ 'content-encoding': 'gzip', 'x-amz-target': 'T.Op' }, body));
  expect(Buffer.from(rpc.body).toString()).toBe('{"a":1}');
  const object = inflateBody(request({ 'content-encoding': 'gzip' }, body));
  expect(Buffer.from(object.body)).toEqual(body);
  expect(() => inflateBody(request({ 'content-encoding': 'gzip', 'x-amz-target': 'T.Op' }, 'x'))).toThrow('gzip');
});
