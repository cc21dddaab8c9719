import { templateError } from './template.ts';

/** The first `count` blocks of `bits` host bits each inside a block (`Fn::Cidr`), IPv4 or IPv6. */
export function cidrBlocks(block: string, count: number, bits: number): string[] {
  const [address = '', prefix = ''] = block.split('/');
  const width = address.includes(':') ? 128 : 32;
  const invalid = () =>
    templateError(`Template error: Fn::Cidr cannot make ${count} blocks of ${bits} bits out of ${block}`);
  if (!/^\d+$/.test(prefix) || !Number.isInteger(count) || !Number.isInteger(bits)) throw invalid();
  const hostBits = width - Number(prefix);
  if (count < 1 || count > 256 || bits < 1 || bits > hostBits) throw invalid();
  if (BigInt(count) << BigInt(bits) > 1n << BigInt(hostBits)) throw invalid();
  const first = (parseAddress(address, width) >> BigInt(hostBits)) << BigInt(hostBits);
  return Array.from(
    { length: count },
    (_, index) => `${formatAddress(first + (BigInt(index) << BigInt(bits)), width)}/${width - bits}`,
  );
}

function parseAddress(address: string, width: number): bigint {
  if (width === 32) return groups(address.split('.'), 10, 8n);
  const [head = '', tail] = address.split('::');
  const [before, after] = [head, tail ?? ''].map((part) => (part ? part.split(':') : []));
  const gap = tail === undefined ? 0 : 8 - (before?.length ?? 0) - (after?.length ?? 0);
  return groups([...(before ?? []), ...Array.from({ length: gap }, () => '0'), ...(after ?? [])], 16, 16n);
}

function groups(parts: readonly string[], radix: number, size: bigint): bigint {
  return parts.reduce((sum, part) => (sum << size) + BigInt(Number.parseInt(part, radix)), 0n);
}

function formatAddress(value: bigint, width: number): string {
  const [size, count, radix, separator] = width === 32 ? ([8n, 4, 10, '.'] as const) : ([16n, 8, 16, ':'] as const);
  const parts = Array.from({ length: count }, (_, index) =>
    ((value >> (size * BigInt(count - 1 - index))) & ((1n << size) - 1n)).toString(radix),
  );
  // The longest run of zero groups at the end is what a network address has, and `::` stands for it.
  return width === 32
    ? parts.join(separator)
    : parts
        .join(separator)
        .replace(/(:0)+$/, '::')
        .replace(/^0::$/, '::');
}
