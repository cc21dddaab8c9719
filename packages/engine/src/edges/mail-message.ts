import { TextDecoder } from 'node:util';
import type { ReceivedMail } from '../services/sns/mail-transport.ts';

/** What people read of a mail as it comes over the wire: who sent it, its subject and its plain text (RFC 5322, 2045 and 2047). */
export function parseMail(bytes: Uint8Array): Omit<ReceivedMail, 'to'> {
  const message = splitMessage(Buffer.from(bytes).toString('latin1'));
  return {
    from: decodeWords(message.headers.get('from') ?? ''),
    subject: decodeWords(message.headers.get('subject') ?? ''),
    text: textOf(message),
  };
}

interface Part {
  readonly headers: ReadonlyMap<string, string>;
  /** One character a byte. */
  readonly body: string;
}

function splitMessage(text: string): Part {
  const end = /\r?\n\r?\n/.exec(text);
  const head = end ? text.slice(0, end.index) : text;
  const fields = head.replace(/\r?\n[ \t]+/g, ' ').split(/\r?\n/);
  const headers = new Map(
    fields.flatMap((field): [string, string][] => {
      const [, name = '', value = ''] = /^([^:\s]+):\s*(.*)$/.exec(field) ?? [];
      return name ? [[name.toLowerCase(), value]] : [];
    }),
  );
  return { headers, body: end ? text.slice(end.index + end[0].length) : '' };
}

/** The first plain text, however deep it is. */
function textOf({ headers, body }: Part): string {
  const type = headers.get('content-type') ?? 'text/plain';
  const boundary = /^multipart\/.*?boundary="?([^";]+)"?/i.exec(type)?.[1];
  if (boundary === undefined)
    return charsetText(decodeTransfer(headers.get('content-transfer-encoding') ?? '', body), type);
  const parts = body
    .split(`--${boundary}`)
    .slice(1, -1)
    .map((part) => splitMessage(part.replace(/^\r?\n/, '').replace(/\r?\n$/, '')));
  const isReadable = (part: Part) =>
    /^(text\/plain|multipart\/)/i.test(part.headers.get('content-type') ?? 'text/plain');
  const readable = parts.find(isReadable) ?? parts[0];
  return readable ? textOf(readable) : '';
}

function decodeTransfer(encoding: string, body: string): Buffer {
  switch (encoding.trim().toLowerCase()) {
    case 'base64':
      return Buffer.from(body, 'base64');
    case 'quoted-printable':
      return unquote(body.replace(/=[ \t]*\r?\n/g, ''));
    default:
      return Buffer.from(body, 'latin1');
  }
}

const unquote = (text: string): Buffer =>
  Buffer.from(
    text.replace(/=([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    'latin1',
  );

function charsetText(bytes: Buffer, type: string): string {
  const charset = /charset="?([^";\s]+)"?/i.exec(type)?.[1] ?? 'utf-8';
  return decoderFor(charset).decode(bytes).replaceAll('\r\n', '\n');
}

function decoderFor(charset: string): TextDecoder {
  try {
    return new TextDecoder(charset);
  } catch {
    return new TextDecoder('latin1');
  }
}

/** `=?UTF-8?Q?Gr=C3=BC=C3=9Fe?=`: words of a header that are not ASCII. White space between two of them is none of the text. */
const decodeWords = (text: string): string =>
  text
    .replace(/(\?=)\s+(=\?)/g, '$1$2')
    .replace(/=\?([^?]+)\?([bq])\?([^?]*)\?=/gi, (_, charset: string, kind: string, word: string) =>
      decoderFor(charset).decode(
        kind.toLowerCase() === 'b' ? Buffer.from(word, 'base64') : unquote(word.replaceAll('_', ' ')),
      ),
    );
