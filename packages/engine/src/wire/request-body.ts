import { gunzipSync } from 'node:zlib';
import { DecodeError } from './decode-error.ts';
import { header, type WireRequest } from './message.ts';

/** A small compressed body must not become a huge one. */
const inflated_max = 64 * 1024 * 1024;

/** The request with its body inflated where an RPC client has compressed it. A compressed S3 object stays as it is. */
export function inflateBody(request: WireRequest): WireRequest {
  if (header(request, 'content-encoding') !== 'gzip' || !isRpc(request)) return request;
  return { ...request, body: inflate(request.body) };
}

/** The request without the chunks that S3 clients put around a body they sign or hash while sending; their trailers become headers. */
export function unchunkBody(request: WireRequest): WireRequest {
  const encoding = header(request, 'content-encoding') ?? '';
  const isChunked =
    /\baws-chunked\b/.test(encoding) || header(request, 'x-amz-content-sha256')?.startsWith('STREAMING-');
  return isChunked ? unchunk(request, encoding) : request;
}

const isRpc = (request: WireRequest): boolean =>
  header(request, 'x-amz-target') !== undefined ||
  header(request, 'smithy-protocol') !== undefined ||
  (header(request, 'content-type')?.includes('x-www-form-urlencoded') ?? false);

function inflate(body: Uint8Array): Uint8Array {
  try {
    return gunzipSync(body, { maxOutputLength: inflated_max });
  } catch {
    throw new DecodeError('The request body is not valid gzip, or inflates to more than 64 MB');
  }
}

function unchunk(request: WireRequest, encoding: string): WireRequest {
  const { chunks, trailers } = decodeChunks(request.body);
  const body = joined(chunks);
  const declared = header(request, 'x-amz-decoded-content-length');
  if (declared !== undefined && Number(declared) !== body.byteLength)
    throw new DecodeError(`The body has ${body.byteLength} bytes, but x-amz-decoded-content-length says ${declared}`);
  const { 'content-encoding': _all, ...headers } = request.headers;
  const kept = encoding
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '' && name !== 'aws-chunked');
  return {
    ...request,
    body,
    headers: { ...headers, ...trailers, ...(kept.length > 0 ? { 'content-encoding': kept.join(',') } : {}) },
  };
}

/** One chunk of an aws-chunked body, the empty last one too. */
export interface Chunk {
  readonly bytes: Uint8Array;
  readonly signature: string | undefined;
}

/** aws-chunked: `<hex size>[;chunk-signature=...]\r\n<bytes>\r\n`, a chunk of size 0, then trailers. */
export function decodeChunks(source: Uint8Array): { chunks: Chunk[]; trailers: Record<string, string> } {
  const bytes = Buffer.from(source.buffer, source.byteOffset, source.byteLength);
  const chunks: Chunk[] = [];
  let index = 0;
  for (;;) {
    const end = bytes.indexOf('\r\n', index);
    const head = end < 0 ? undefined : chunkHead(bytes.toString('latin1', index, end));
    if (head === undefined) throw new DecodeError('The aws-chunked body has a chunk without a valid size');
    const { size, signature } = head;
    index = end + 2;
    chunks.push({ bytes: bytes.subarray(index, index + size), signature });
    if (size === 0) break;
    if (index + size + 2 > bytes.length) throw new DecodeError('The aws-chunked body ends within a chunk');
    if (bytes[index + size] !== 13 || bytes[index + size + 1] !== 10)
      throw new DecodeError('The aws-chunked body has a chunk that is longer than it says');
    index += size + 2;
  }
  return { chunks, trailers: trailersOf(bytes, index) };
}

const joined = (chunks: readonly Chunk[]): Uint8Array =>
  chunks.length === 2 && chunks[0] ? chunks[0].bytes : Buffer.concat(chunks.map(({ bytes }) => bytes));

function chunkHead(line: string): { readonly size: number; readonly signature: string | undefined } | undefined {
  const [, size, signature] = /^([0-9a-fA-F]{1,8})(?:;chunk-signature=([0-9a-f]+)|;.*)?$/.exec(line) ?? [];
  return size === undefined ? undefined : { size: Number.parseInt(size, 16), signature };
}

function trailersOf(bytes: Buffer, index: number): Record<string, string> {
  const trailers: Record<string, string> = {};
  for (const line of bytes.toString('latin1', index).split(/\r?\n/)) {
    const [, name, value] = /^([A-Za-z0-9-]+):\s*(.*)$/.exec(line) ?? [];
    // Only checksums come as trailers; nothing else may be changed after the head was signed.
    if (name && value !== undefined && /^x-amz-(checksum-|trailer-signature)/i.test(name))
      trailers[name.toLowerCase()] = value;
  }
  return trailers;
}
