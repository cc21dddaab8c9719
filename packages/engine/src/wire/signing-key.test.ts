import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SigningKey } from './signing-key.ts';

test('signs as HMAC-SHA-256 does, texts of every length and script one after the other', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ minLength: 32, maxLength: 32 }),
      fc.array(fc.string({ unit: 'binary', maxLength: 2000, size: 'max' }), { minLength: 1, maxLength: 4 }),
      (bytes, texts) => {
        const key = new SigningKey(bytes);
        for (const text of texts) expect(key.sign(text)).toBe(createHmac('sha256', bytes).update(text).digest('hex'));
      },
    ),
  );
});
