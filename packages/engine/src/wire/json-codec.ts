import { DecodeError } from './decode-error.ts';
import { parseTimestamp } from './timestamps.ts';
import { notA, treeDecoder } from './tree-codec.ts';

/** Reads JSON, for awsJson and restJson. `json-writer.ts` writes it. */
export const jsonDecoder = treeDecoder({
  blob: decodeBase64,
  timestamp(value) {
    const time = parseTimestamp(value);
    if (!time) throw notA(value, 'a Timestamp');
    return time;
  },
});

/** The JSON value of a body; an empty body is an empty object. */
export function parseJson(body: Uint8Array): unknown {
  if (body.byteLength === 0) return {};
  try {
    return JSON.parse(Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('utf8'));
  } catch {
    throw new DecodeError('The request body is not valid JSON');
  }
}

export function decodeBase64(value: unknown): Uint8Array {
  if (typeof value !== 'string') throw notA(value, 'a Blob');
  if (!/^[A-Za-z0-9+/\s]*={0,2}\s*$/.test(value)) throw new DecodeError('Invalid base64');
  return new Uint8Array(Buffer.from(value, 'base64'));
}
