/** A line longer than this reaches the log in pieces, as with Docker's log drivers. */
export const line_bytes_max = 16 * 1024;

const newline = 0x0a;

export interface CutLines {
  readonly lines: readonly string[];
  /** How many of the bytes the lines are made of, with their ends. The rest is a line still being written. */
  readonly used_bytes: number;
}

/**
 * Cuts output into lines. Bytes that are no UTF-8 become replacement characters; a piece of a long line never ends within a character.
 * `atEnd`: nothing will follow, so what has no end of line is a line too.
 */
export function cutLines(bytes: Uint8Array, atEnd: boolean): CutLines {
  const lines: string[] = [];
  let used = 0;
  while (used < bytes.length) {
    const end = bytes.indexOf(newline, used);
    const length = (end < 0 ? bytes.length : end) - used;
    if (length > line_bytes_max) {
      const piece = pieceLength(bytes, used);
      lines.push(decode(bytes.subarray(used, used + piece)));
      used += piece;
    } else if (end >= 0 || atEnd) {
      lines.push(decode(bytes.subarray(used, used + length)));
      used += length + (end >= 0 ? 1 : 0);
    } else break;
  }
  return { lines, used_bytes: used };
}

/** As much of a long line as fits, less the beginning of a character that would be cut. */
function pieceLength(bytes: Uint8Array, from: number): number {
  let length = line_bytes_max;
  while (length > line_bytes_max - 4 && isContinuation(bytes[from + length])) length--;
  return isContinuation(bytes[from + length]) ? line_bytes_max : length;
}

const isContinuation = (byte = 0) => (byte & 0xc0) === 0x80;

const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });
const decode = (bytes: Uint8Array) => utf8.decode(bytes);
