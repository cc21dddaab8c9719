import { at, DecodeError, within } from './decode-error.ts';
import type { Member, Shape, StructureShape, TimestampFormat } from './shapes.ts';

export type Convert = (value: unknown) => unknown;

/** What is made of a value; each shape is compiled once, to a closure. */
export type Codec = (shape: Shape) => Convert;

export function remember<T>(known: WeakMap<Shape, T>, shape: Shape, make: () => T): T {
  const found = known.get(shape);
  if (found) return found;
  const made = make();
  known.set(shape, made);
  return made;
}

/** The name of a member in a tree. */
const treeName = ({ name, traits }: Member): string => traits.jsonName ?? name;

/** How a format of trees (JSON, CBOR) is read where it has no kind of its own for something. */
export interface DecodedLeaves {
  readonly blob: Convert;
  readonly timestamp: Convert;
}

/**
 * From trees of plain objects to the values of handlers. Unknown members are ignored and nulls are left out, as AWS does; a value of
 * another kind is a DecodeError.
 */
export function treeDecoder(leaves: DecodedLeaves): Codec {
  const known = new WeakMap<Shape, Convert>();
  const decoder: Codec = (shape) => remember(known, shape, () => makeDecoder(shape, leaves, decoder));
  return decoder;
}

function makeDecoder(shape: Shape, leaves: DecodedLeaves, decoder: Codec): Convert {
  if (shape.kind === 'structure') return structureDecoder(shape, decoder);
  if (shape.kind === 'list') return listDecoder(once(() => decoder(shape.item.shape)));
  if (shape.kind === 'map') return mapDecoder(once(() => decoder(shape.value.shape)));
  if (shape.kind === 'blob') return leaves.blob;
  if (shape.kind === 'timestamp') return leaves.timestamp;
  if (shape.kind === 'string') return expectString;
  if (shape.kind === 'boolean') return expectBoolean;
  if (shape.kind === 'number') return expectNumber;
  return same;
}

// One `try` a structure, not one a member: this runs for every value of every request.

function listDecoder(item: () => Convert): Convert {
  return (value) => {
    const [list, decode] = [expectArray(value), item()];
    const decoded: unknown[] = [];
    let index = 0;
    try {
      for (const each of list) {
        if (each !== null) decoded.push(decode(each));
        index++;
      }
    } catch (error) {
      throw within(index, error);
    }
    return decoded;
  };
}

function mapDecoder(item: () => Convert): Convert {
  return (value) =>
    mapEntries(expectObject(value, 'a map'), (each, key) => (each === null ? undefined : at(key, () => item()(each))));
}

function structureDecoder(shape: StructureShape, decoder: Codec): Convert {
  const members = once(
    () =>
      new Map(shape.members.map((member) => [treeName(member), { name: member.name, decode: decoder(member.shape) }])),
  );
  return (value) => {
    const tree = expectObject(value, 'a structure');
    const known = members();
    const decoded: Record<string, unknown> = {};
    let place = '';
    try {
      for (const key of Object.keys(tree)) {
        const inner = tree[key];
        const member = inner === null || inner === undefined ? undefined : known.get(key);
        if (!member) continue;
        place = key;
        decoded[member.name] = member.decode(inner);
      }
    } catch (error) {
      throw within(place, error);
    }
    return decoded;
  };
}

/** How a format of trees is written where it has no kind of its own for something. */
export interface EncodedLeaves {
  readonly blob: Convert;
  readonly timestamp: (time: Date, format: TimestampFormat | undefined) => unknown;
}

/** From the values of handlers to trees of plain objects. Writes declared members only. */
export function treeEncoder(leaves: EncodedLeaves): Codec {
  const known = new WeakMap<Shape, Convert>();
  const encoder: Codec = (shape) => remember(known, shape, () => makeEncoder(shape, leaves, encoder));
  return encoder;
}

const same: Convert = (value) => value;

function makeEncoder(shape: Shape, leaves: EncodedLeaves, encoder: Codec): Convert {
  if (shape.kind === 'structure') return structureEncoder(shape, encoder);
  if (shape.kind === 'list') {
    const item = once(() => encoder(shape.item.shape));
    return (value) => (value as unknown[]).map(item());
  }
  if (shape.kind === 'map') {
    const item = once(() => encoder(shape.value.shape));
    return (value) => mapEntries(value as Record<string, unknown>, (each) => (each == null ? undefined : item()(each)));
  }
  if (shape.kind === 'blob') return leaves.blob;
  if (shape.kind === 'timestamp') return (value) => leaves.timestamp(value as Date, shape.format);
  return same;
}

function structureEncoder(shape: StructureShape, encoder: Codec): Convert {
  const members = once(() =>
    shape.members.map((member) => ({ name: member.name, as: treeName(member), encode: encoder(member.shape) })),
  );
  return (value) => {
    const encoded: Record<string, unknown> = {};
    for (const { name, as, encode } of members()) {
      const inner = (value as Record<string, unknown>)[name];
      if (inner !== undefined && inner !== null) encoded[as] = encode(inner);
    }
    return encoded;
  };
}

/** A value that is made when first asked for: shapes contain themselves. */
export function once<T extends object>(make: () => T): () => T {
  let made: T | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

export function mapEntries(
  entries: Readonly<Record<string, unknown>>,
  convert: (value: unknown, key: string) => unknown,
): Record<string, unknown> {
  const mapped: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(entries)) {
    const converted = convert(value, key);
    if (converted !== undefined) setEntry(mapped, key, converted);
  }
  return mapped;
}

/** Sets a key of the client's choosing, of which `__proto__` is one. */
export function setEntry(target: Record<string, unknown>, key: string, value: unknown): void {
  if (key === '__proto__')
    Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true });
  else target[key] = value;
}

// AWS's JSON services name the token they met and what they could not make of it.
const tokenOf = (value: unknown): string =>
  value === null
    ? 'NULL_VALUE'
    : Array.isArray(value)
      ? 'START_ARRAY'
      : typeof value === 'object'
        ? 'START_OBJECT'
        : typeof value === 'boolean'
          ? `${value ? 'TRUE' : 'FALSE'}_VALUE`
          : `${typeof value === 'bigint' ? 'NUMBER' : typeof value}_VALUE`.toUpperCase();

export const notA = (value: unknown, wanted: string): DecodeError =>
  new DecodeError(`${tokenOf(value)} can not be converted to ${wanted}`);

function expectObject(value: unknown, wanted: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw notA(value, wanted);
  return value as Record<string, unknown>;
}

function expectArray(value: unknown): unknown[] {
  if (!Array.isArray(value)) throw notA(value, 'a list');
  return value;
}

const expectString: Convert = (value) => {
  if (typeof value !== 'string') throw notA(value, 'a String');
  return value;
};

const expectBoolean: Convert = (value) => {
  if (typeof value !== 'boolean') throw notA(value, 'a Boolean');
  return value;
};

/** Numbers that JSON cannot write are sent as words. */
const expectNumber: Convert = (value) => {
  if (typeof value === 'number') return value;
  if (typeof value === 'bigint') return Number(value);
  if (value === 'NaN' || value === 'Infinity' || value === '-Infinity') return Number(value);
  throw notA(value, 'a Number');
};
