import { DecodeError } from './decode-error.ts';
import { formatTimestamp, parseTimestamp } from './timestamps.ts';
import { notA, treeCodec } from './tree-codec.ts';

/** Shapes as JSON, for awsJson and restJson: times are epoch seconds unless the model says otherwise, blobs base64. */
export const jsonCodec = treeCodec({
  decodeBlob: (value) => decodeBase64(value),
  encodeBlob: (value) => encodeBase64(value),
  decodeTimestamp(value) {
    const time = parseTimestamp(value);
    if (!time) throw notA(value, 'a Timestamp');
    return time;
  },
  encodeTimestamp: (time, format = 'epoch-seconds') =>
    format === 'epoch-seconds' ? time.getTime() / 1000 : formatTimestamp(time, format),
  encodeNumber: (value) => (Number.isFinite(value) ? value : String(value)),
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

export const encodeBase64 = (value: unknown): string =>
  typeof value === 'string'
    ? Buffer.from(value).toString('base64')
    : Buffer.from(value as Uint8Array).toString('base64');
