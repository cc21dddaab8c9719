/** A block of IPv4 addresses: its first address as a number, and how many there are. */
export interface Block {
  readonly first: number;
  readonly size: number;
}

/** Reads `10.0.0.0/16`; undefined when it is none, or has bits beyond its prefix. */
export function parseCidr(cidr: string): Block | undefined {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/.exec(cidr);
  if (!match) return undefined;
  const [a = 0, b = 0, c = 0, d = 0, prefix = 0] = match.slice(1).map(Number);
  if ([a, b, c, d].some((part) => part > 255) || prefix > 32) return undefined;
  const block = { first: ((a * 256 + b) * 256 + c) * 256 + d, size: 2 ** (32 - prefix) };
  return block.first % block.size === 0 ? block : undefined;
}

export const formatAddress = (address: number): string =>
  [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join('.');

export const overlap = (a: Block, b: Block): boolean => a.first < b.first + b.size && b.first < a.first + a.size;
export const contains = (outer: Block, inner: Block): boolean =>
  outer.first <= inner.first && inner.first + inner.size <= outer.first + outer.size;

/** AWS keeps the first four addresses of a subnet and the last one for itself. */
export const usable = ({ size }: Block): number => size - 5;

/** The lowest address of a subnet that nobody has. */
export function nextAddress(block: Block, taken: ReadonlySet<string>): string | undefined {
  for (let offset = 4; offset < block.size - 1; offset++) {
    const address = formatAddress(block.first + offset);
    if (!taken.has(address)) return address;
  }
  return undefined;
}

/** A block with the bits beyond its prefix cleared, as EC2 keeps it; undefined when it is none. */
export function canonicalCidr(cidr: string): string | undefined {
  const [address = '', prefix = ''] = cidr.split('/');
  const found = parseCidr(`${address}/32`);
  const bits = Number(prefix);
  if (!found || !/^\d{1,2}$/.test(prefix) || bits > 32) return undefined;
  const size = 2 ** (32 - bits);
  return `${formatAddress(found.first - (found.first % size))}/${bits}`;
}
