/** DER, as much of it as certificates are made of (ITU-T X.690): every value is a tag, a length and its content. */
function value(tag: number, content: Buffer): Buffer {
  return Buffer.concat([Buffer.from([tag]), lengthOf(content.length), content]);
}

function lengthOf(length: number): Buffer {
  if (length < 0x80) return Buffer.from([length]);
  const digits = evenHex(length.toString(16));
  return Buffer.concat([Buffer.from([0x80 | digits.length]), digits]);
}

const evenHex = (hex: string): Buffer => Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex');

export const sequence = (...parts: readonly Buffer[]): Buffer => value(0x30, Buffer.concat(parts));
export const set = (...parts: readonly Buffer[]): Buffer => value(0x31, Buffer.concat(parts));
export const bitString = (bytes: Buffer, unused = 0): Buffer =>
  value(0x03, Buffer.concat([Buffer.from([unused]), bytes]));
export const octetString = (bytes: Buffer): Buffer => value(0x04, bytes);
export const utf8 = (text: string): Buffer => value(0x0c, Buffer.from(text));
export const yes = (): Buffer => value(0x01, Buffer.from([0xff]));
export const nothing = (): Buffer => value(0x05, Buffer.alloc(0));
/** `[number]`, around values or (`primitive`) in the place of one. */
export const constructed = (number: number, ...parts: readonly Buffer[]): Buffer =>
  value(0xa0 | number, Buffer.concat(parts));
export const primitive = (number: number, content: Buffer): Buffer => value(0x80 | number, content);

/** A positive number, in hexadecimal digits. */
export function integer(hex: string): Buffer {
  const digits = evenHex(hex.replace(/^0+(?=.)/, ''));
  const isNegative = ((digits[0] ?? 0) & 0x80) !== 0;
  return value(0x02, isNegative ? Buffer.concat([Buffer.from([0]), digits]) : digits);
}

export function objectIdentifier(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  return value(0x06, Buffer.from([first * 40 + second, ...rest.flatMap(base128)]));
}

function base128(number: number): number[] {
  const digits = [number & 0x7f];
  for (let rest = number >> 7; rest > 0; rest >>= 7) digits.unshift(0x80 | (rest & 0x7f));
  return digits;
}

/** Years up to 2049 have two digits, later ones four (RFC 5280, 4.1.2.5). */
export function time(moment: Date): Buffer {
  const digits = `${moment.toISOString().replace(/\.\d+|[-:T]/g, '')}`;
  return moment.getUTCFullYear() < 2050 ? value(0x17, Buffer.from(digits.slice(2))) : value(0x18, Buffer.from(digits));
}
