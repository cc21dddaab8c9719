import { createRequire } from 'node:module';
import { DecodeError } from './decode-error.ts';
import { notA, once, treeDecoder, treeEncoder } from './tree-codec.ts';

const loadModule = createRequire(import.meta.url);

/** Loaded when the first client speaks CBOR: few do, and it costs a tenth of the engine's start. */
const library = once(() => loadModule('@smithy/core/cbor') as typeof import('@smithy/core/cbor'));

/** CBOR's tag for seconds since the epoch. */
const epochTag = 1;

// rpcv2Cbor: times are tagged epoch seconds, blobs byte strings.

export const cborDecoder = treeDecoder({
  blob(value) {
    if (!(value instanceof Uint8Array)) throw notA(value, 'a Blob');
    return new Uint8Array(value);
  },
  timestamp(value) {
    const tagged = value as { readonly tag?: number | bigint; readonly value?: number | bigint };
    const seconds = Number(typeof value === 'object' && value !== null ? tagged.value : value);
    const time = new Date(Math.round(seconds * 1000));
    if (Number.isNaN(time.getTime())) throw notA(value, 'a Timestamp');
    return time;
  },
});

export const cborEncoder = treeEncoder({
  blob: (value) => (typeof value === 'string' ? new Uint8Array(Buffer.from(value)) : value),
  timestamp: (time) => library().tag({ tag: epochTag, value: time.getTime() / 1000 }),
});

export function parseCbor(body: Uint8Array): unknown {
  if (body.byteLength === 0) return {};
  try {
    return library().cbor.deserialize(body);
  } catch {
    throw new DecodeError('The request body is not valid CBOR');
  }
}

export const writeCbor = (value: unknown): Uint8Array => library().cbor.serialize(value);
