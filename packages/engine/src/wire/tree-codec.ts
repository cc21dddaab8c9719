import { at, DecodeError } from './decode-error.ts';
import type { Member, Shape, StructureShape, TimestampFormat } from './shapes.ts';

export type Convert = (value: unknown) => unknown;

/** How a format of trees (JSON, CBOR) writes what it has no kind of its own for. */
export interface Leaves {
  readonly decodeBlob: Convert;
  readonly encodeBlob: Convert;
  readonly decodeTimestamp: Convert;
  readonly encodeTimestamp: (time: Date, format: TimestampFormat | undefined) => unknown;
  readonly encodeNumber: (value: number) => unknown;
}

/** Between the values of handlers and trees of plain objects. Each shape is compiled once, to a closure. */
export interface TreeCodec {
  /** Unknown members are ignored and nulls are left out, as AWS does; a value of another kind is a DecodeError. */
  decoder(shape: Shape): Convert;
  /** Writes declared members only. */
  encoder(shape: Shape): Convert;
}

export function treeCodec(leaves: Leaves): TreeCodec {
  const decoders = new WeakMap<Shape, Convert>();
  const encoders = new WeakMap<Shape, Convert>();
  const codec: TreeCodec = {
    decoder: (shape) => remember(decoders, shape, () => makeDecoder(shape, leaves, codec)),
    encoder: (shape) => remember(encoders, shape, () => makeEncoder(shape, leaves, codec)),
  };
  return codec;
}

export function remember<T>(known: WeakMap<Shape, T>, shape: Shape, make: () => T): T {
  const found = known.get(shape);
  if (found) return found;
  const made = make();
  known.set(shape, made);
  return made;
}

/** The name of a member in a tree. */
const treeName = ({ name, traits }: Member): string => traits.jsonName ?? name;

function makeDecoder(shape: Shape, leaves: Leaves, codec: TreeCodec): Convert {
  if (shape.kind === 'structure') return structureDecoder(shape, codec);
  if (shape.kind === 'list') {
    const item = once(() => codec.decoder(shape.item.shape));
    return (value) =>
      expectArray(value).flatMap((each, index) => (each === null ? [] : [at(index, () => item()(each))]));
  }
  if (shape.kind === 'map') {
    const item = once(() => codec.decoder(shape.value.shape));
    return (value) =>
      mapEntries(expectObject(value, 'a map'), (each, key) =>
        each === null ? undefined : at(key, () => item()(each)),
      );
  }
  if (shape.kind === 'blob') return leaves.decodeBlob;
  if (shape.kind === 'timestamp') return leaves.decodeTimestamp;
  if (shape.kind === 'string') return expectString;
  if (shape.kind === 'boolean') return expectBoolean;
  if (shape.kind === 'number') return expectNumber;
  return (value) => value;
}

function structureDecoder(shape: StructureShape, codec: TreeCodec): Convert {
  const members = once(
    () =>
      new Map(
        shape.members.map((member) => [treeName(member), { name: member.name, decode: codec.decoder(member.shape) }]),
      ),
  );
  return (value) => {
    const decoded: Record<string, unknown> = {};
    for (const [key, inner] of Object.entries(expectObject(value, 'a structure'))) {
      const member = inner === null || inner === undefined ? undefined : members().get(key);
      if (member) decoded[member.name] = at(key, () => member.decode(inner));
    }
    return decoded;
  };
}

const same: Convert = (value) => value;

function makeEncoder(shape: Shape, leaves: Leaves, codec: TreeCodec): Convert {
  if (shape.kind === 'structure') return structureEncoder(shape, codec);
  if (shape.kind === 'list') {
    const item = once(() => codec.encoder(shape.item.shape));
    return (value) => (item() === same ? value : (value as unknown[]).map(item()));
  }
  if (shape.kind === 'map') {
    const item = once(() => codec.encoder(shape.value.shape));
    return (value) => mapEntries(value as Record<string, unknown>, (each) => (each == null ? undefined : item()(each)));
  }
  if (shape.kind === 'blob') return leaves.encodeBlob;
  if (shape.kind === 'timestamp') return (value) => leaves.encodeTimestamp(value as Date, shape.format);
  if (shape.kind === 'number') return (value) => leaves.encodeNumber(value as number);
  return same;
}

function structureEncoder(shape: StructureShape, codec: TreeCodec): Convert {
  const members = once(() =>
    shape.members.map((member) => ({
      name: member.name,
      as: treeName(member),
      encode: codec.encoder(member.shape),
    })),
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
