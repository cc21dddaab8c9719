import { decodeChunks } from './request-body.ts';
import { equal, type SignatureV4, sha256, signingKey } from './sigv4.ts';

const emptyHash = sha256('');

/**
 * Whether every chunk of a body was signed, each over the one before, beginning with the request's own signature; and the trailers, where
 * they are signed. Source: https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html and sigv4-streaming-trailers.html
 */
export function chunksAreSigned(body: Uint8Array, presented: SignatureV4, secretAccessKey: string): boolean {
  const key = signingKey(secretAccessKey, presented.scope);
  const { chunks, trailers } = decodeChunks(body);
  const sign = (kind: 'PAYLOAD' | 'TRAILER', previous: string, ...hashes: readonly string[]): string =>
    key.sign([`AWS4-HMAC-SHA256-${kind}`, presented.time, presented.scope, previous, ...hashes].join('\n'));
  let previous = presented.signature;
  for (const { bytes, signature } of chunks) {
    const wanted = sign('PAYLOAD', previous, emptyHash, sha256(bytes));
    if (signature === undefined || !equal(signature, wanted)) return false;
    previous = wanted;
  }
  const { 'x-amz-trailer-signature': ofTrailers, ...named } = trailers;
  if (Object.keys(named).length === 0) return true;
  const canonical = Object.entries(named).map(([name, value]) => `${name}:${value}\n`);
  return ofTrailers !== undefined && equal(ofTrailers, sign('TRAILER', previous, sha256(canonical.join(''))));
}
