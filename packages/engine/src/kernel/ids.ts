/** Ids and randomness. In the lab every kind has its own seeded stream, so that a new id here never changes an id there. */
export interface Ids {
  /** `length` lower-case hexadecimal digits. */
  hex(kind: string, length: number): string;
  /** A version 4 UUID. */
  uuid(kind: string): string;
  /** `length` upper-case letters and digits, as CloudFormation appends to names. */
  alphanumeric(kind: string, length: number): string;
  /** A number in [0, 1). */
  random(kind: string): number;
}

/** Builds ids from a source of numbers in [0, 1), one stream a kind. */
export function idsFrom(stream: (kind: string) => () => number): Ids {
  const streams = new Map<string, () => number>();
  const next = (kind: string) => {
    const random = streams.get(kind) ?? stream(kind);
    streams.set(kind, random);
    return random();
  };
  const pick = (kind: string, alphabet: string, length: number) =>
    Array.from({ length }, () => alphabet[Math.floor(next(kind) * alphabet.length)]).join('');
  const hex = (kind: string, length: number) => pick(kind, '0123456789abcdef', length);
  return {
    hex,
    random: next,
    alphanumeric: (kind, length) => pick(kind, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789', length),
    uuid: (kind) =>
      `${hex(kind, 8)}-${hex(kind, 4)}-4${hex(kind, 3)}-${pick(kind, '89ab', 1)}${hex(kind, 3)}-${hex(kind, 12)}`,
  };
}

/** One reproducible stream for each kind, all from one seed (mulberry32 over a hash of seed and kind). */
export function seededIds(seed: number): Ids {
  return idsFrom((kind) => {
    let state = seed >>> 0;
    for (const char of kind) state = Math.imul(state ^ char.charCodeAt(0), 0x9e3779b1) >>> 0;
    return () => {
      state = (state + 0x6d2b79f5) >>> 0;
      let mixed = Math.imul(state ^ (state >>> 15), state | 1);
      mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
      return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
    };
  });
}
