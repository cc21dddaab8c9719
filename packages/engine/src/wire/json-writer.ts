import { isLasting } from '../kernel/views.ts';
import type { Member, Shape, StructureShape, TimestampShape } from './shapes.ts';
import { formatTimestamp } from './timestamps.ts';
import { once, remember } from './tree-codec.ts';

export type Write = (value: unknown) => string;

const writers = new WeakMap<Shape, Write>();

/**
 * Writes the values of handlers as JSON, for awsJson and restJson: declared members only; times are epoch seconds unless the model says
 * otherwise, blobs base64, numbers that JSON has no word for strings. Straight to text: a tree in between costs as much again.
 */
export const jsonWriter = (shape: Shape): Write => remember(writers, shape, () => makeWriter(shape));

function makeWriter(shape: Shape): Write {
  if (shape.kind === 'structure') return keepingLasting(structureWriter(shape));
  if (shape.kind === 'list') return listWriter(once(() => jsonWriter(shape.item.shape)));
  if (shape.kind === 'map') return mapWriter(once(() => jsonWriter(shape.value.shape)));
  if (shape.kind === 'blob') return (value) => quote(encodeBase64(value));
  if (shape.kind === 'timestamp') return timestampWriter(shape);
  if (shape.kind === 'number')
    return (value) => (typeof value === 'number' && Number.isFinite(value) ? String(value) : quote(String(value)));
  if (shape.kind === 'string') return (value) => (typeof value === 'string' ? quote(value) : JSON.stringify(value));
  return (value) => JSON.stringify(value);
}

/** What the same read answers again while nothing has changed is written once. */
function keepingLasting(write: Write): Write {
  const texts = new WeakMap<object, string>();
  return (value) => {
    if (!isLasting(value as object)) return write(value);
    const known = texts.get(value as object);
    if (known !== undefined) return known;
    // Through bytes, so that what is kept is one string and not a rope of hundreds.
    const text = Buffer.from(write(value)).toString();
    texts.set(value as object, text);
    return text;
  };
}

function structureWriter({ members }: StructureShape): Write {
  const written = once(() => members.map(writtenMember));
  return (value) => {
    let text = '';
    for (const { name, key, write } of written()) {
      const inner = (value as Record<string, unknown>)[name];
      if (inner === undefined || inner === null) continue;
      text += text === '' ? key : `,${key}`;
      text += write(inner);
    }
    return `{${text}}`;
  };
}

const writtenMember = ({ name, traits, shape }: Member) => ({
  name,
  key: `${JSON.stringify(traits.jsonName ?? name)}:`,
  write: jsonWriter(shape),
});

function listWriter(item: () => Write): Write {
  return (value) => {
    const write = item();
    let text = '';
    for (const each of value as unknown[]) text += text === '' ? write(each) : `,${write(each)}`;
    return `[${text}]`;
  };
}

function mapWriter(item: () => Write): Write {
  return (value) => {
    const write = item();
    const entries = Object.entries(value as object).filter(([, each]) => each !== undefined && each !== null);
    return `{${entries.map(([key, each]) => `${quote(key)}:${write(each)}`).join(',')}}`;
  };
}

const timestampWriter =
  ({ format = 'epoch-seconds' }: TimestampShape): Write =>
  (value) => {
    const time = value as Date;
    return format === 'epoch-seconds' ? String(time.getTime() / 1000) : JSON.stringify(formatTimestamp(time, format));
  };

const needsEscape = /[^ !#-[\]-~]/;

/** Most strings are ids, names and ARNs, which need no escape. */
const quote = (text: string): string => (needsEscape.test(text) ? JSON.stringify(text) : `"${text}"`);

export const encodeBase64 = (value: unknown): string =>
  typeof value === 'string'
    ? Buffer.from(value).toString('base64')
    : Buffer.from(value as Uint8Array).toString('base64');
