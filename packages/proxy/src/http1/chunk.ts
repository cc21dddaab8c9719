const CRLF = Buffer.from('\r\n', 'latin1');

export const LAST_CHUNK = Buffer.from('0\r\n\r\n', 'latin1');

/** A piece of a body as one chunk. An empty piece gives nothing, since an empty chunk would end the body. */
export function frameChunk(payload: Buffer): Buffer {
  if (payload.length === 0) return payload;
  return Buffer.concat([Buffer.from(`${payload.length.toString(16)}\r\n`, 'latin1'), payload, CRLF]);
}
