import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cutLines, line_bytes_max } from './plan-lines.ts';

const bytes = (text: string) => Buffer.from(text);

test.each([
  { case: 'nothing', text: '', atEnd: false, lines: [], used: 0 },
  { case: 'whole lines', text: 'a\nb\n', atEnd: false, lines: ['a', 'b'], used: 4 },
  { case: 'an empty line', text: '\n\n', atEnd: false, lines: ['', ''], used: 2 },
  { case: 'a line still being written', text: 'a\nb', atEnd: false, lines: ['a'], used: 2 },
  { case: 'a last line without an end', text: 'a\nb', atEnd: true, lines: ['a', 'b'], used: 3 },
])('$case', ({ text, atEnd, lines, used }) => {
  expect(cutLines(bytes(text), atEnd)).toEqual({ lines, used_bytes: used });
});

test('a long line comes in pieces before it ends', () => {
  const { lines, used_bytes } = cutLines(bytes('x'.repeat(line_bytes_max * 2 + 5)), false);
  expect(lines.map((line) => line.length)).toEqual([line_bytes_max, line_bytes_max]);
  expect(used_bytes).toBe(line_bytes_max * 2);
});

test('a line of just the greatest length is one line', () => {
  expect(cutLines(bytes(`${'x'.repeat(line_bytes_max)}\n`), false).lines).toHaveLength(1);
});

test('pieces end between characters', () => {
  const { lines } = cutLines(bytes(`x${'€'.repeat(20_000)}\n`), false);
  expect(lines.join('')).toBe(`x${'€'.repeat(20_000)}`);
});

test('bytes that are no UTF-8 are replaced', () => {
  expect(cutLines(Buffer.from([0x61, 0xff, 0x62, 0x0a]), false).lines).toEqual(['a\uFFFDb']);
  expect(cutLines(Buffer.alloc(line_bytes_max * 2, 0x80), true).lines.join('')).toMatch(/^\uFFFD+$/);
});

test('however the output is cut into reads, the text is the same', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'binary' })), fc.array(fc.nat(50), { minLength: 1 }), (texts, sizes) => {
      const all = bytes(texts.join('\n'));
      const whole = cutLines(all, true).lines;
      const parts: string[] = [];
      let start = 0;
      for (let end = 0, turn = 0; end < all.length; turn++) {
        end = Math.min(all.length, end + 1 + (sizes[turn % sizes.length] ?? 0));
        const { lines, used_bytes } = cutLines(all.subarray(start, end), end === all.length);
        parts.push(...lines);
        start += used_bytes;
      }
      expect(parts).toEqual(whole);
    }),
  );
});
