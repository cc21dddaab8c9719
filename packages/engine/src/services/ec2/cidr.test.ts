import { expect, test } from 'vitest';
import { contains, nextAddress, overlap, parseCidr, usable } from './cidr.ts';

test.each([
  ['10.0.0.0/16', { first: 167772160, size: 65536 }],
  ['0.0.0.0/0', { first: 0, size: 2 ** 32 }],
  ['10.0.0.1/32', { first: 167772161, size: 1 }],
  ['10.0.0.1/16', undefined],
  ['10.0.0.256/32', undefined],
  ['10.0.0.0/33', undefined],
  ['ten', undefined],
])('%s', (cidr, block) => {
  expect(parseCidr(cidr)).toEqual(block);
});

const block = (cidr: string) => parseCidr(cidr) ?? { first: 0, size: 0 };

test('blocks contain and overlap', () => {
  expect(contains(block('10.0.0.0/16'), block('10.0.255.0/24'))).toBe(true);
  expect(contains(block('10.0.0.0/16'), block('10.1.0.0/24'))).toBe(false);
  expect(overlap(block('10.0.0.0/25'), block('10.0.0.128/25'))).toBe(false);
  expect(overlap(block('10.0.0.0/24'), block('10.0.0.128/25'))).toBe(true);
});

test('a subnet of 16 addresses has 11 to give, from the fifth to the last but one', () => {
  const taken = new Set<string>();
  for (
    let address = nextAddress(block('10.0.0.0/28'), taken);
    address;
    address = nextAddress(block('10.0.0.0/28'), taken)
  )
    taken.add(address);
  expect([...taken].at(0)).toBe('10.0.0.4');
  expect([...taken].at(-1)).toBe('10.0.0.14');
  expect(taken.size).toBe(usable(block('10.0.0.0/28')));
});
