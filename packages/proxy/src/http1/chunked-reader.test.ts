import fc from 'fast-check';
import { expect, test } from 'vitest';
import { frameChunk, LAST_CHUNK } from './chunk.ts';
import { ChunkedReader } from './chunked-reader.ts';

/** Feeds a stream in pieces; what was payload, and what stood behind the body. */
function read(pieces: readonly Buffer[]): { payload: string; behind: string; done: boolean; malformed: boolean } {
  const reader = new ChunkedReader();
  let payload = '';
  let behind = '';
  for (const piece of pieces) {
    const used = reader.take(piece, (data) => {
      payload += data.toString('latin1');
    });
    if (used < 0) return { payload, behind, done: false, malformed: true };
    behind += piece.toString('latin1', used);
  }
  return { payload, behind, done: reader.done, malformed: false };
}

const anyBody = fc.array(fc.uint8Array({ minLength: 1, maxLength: 40 }), { maxLength: 6 });

test('gives back what was framed, however the stream is cut, and leaves what comes after', () => {
  fc.assert(
    fc.property(anyBody, fc.array(fc.nat(300), { maxLength: 8 }), (parts, cuts) => {
      const body = Buffer.concat([
        ...parts.map((part) => frameChunk(Buffer.from(part))),
        LAST_CHUNK,
        Buffer.from('NEXT'),
      ]);
      const at = [0, ...cuts.map((cut) => cut % (body.length + 1)).sort((one, other) => one - other), body.length];
      const pieces = at.slice(1).map((end, index) => body.subarray(at[index], end));
      expect(read(pieces)).toEqual({
        payload: Buffer.concat(parts).toString('latin1'),
        behind: 'NEXT',
        done: true,
        malformed: false,
      });
    }),
  );
});

test('drops extensions and trailers', () => {
  const body = '3 ;a=b;c="d"\r\nabc\r\n0;x\r\nTrailer: 1\r\nOther: 2\r\n\r\nNEXT';
  expect(read([Buffer.from(body)])).toEqual({ payload: 'abc', behind: 'NEXT', done: true, malformed: false });
});

test.each([
  ['\r\n'],
  ['g\r\n'],
  ['3\r\nabcX'],
  ['3\r\nabc\rX'],
  ['3\rX'],
  ['1 2\r\n'],
  ['1000000000000\r\n'],
  [`0\r\n${'a'.repeat(9000)}`],
  ['0\r\n\rX'],
])('%j is malformed', (text) => {
  expect(read([Buffer.from(text)]).malformed).toBe(true);
});
