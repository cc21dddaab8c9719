import fc from 'fast-check';
import { expect, test } from 'vitest';
import { adminProof, type Claim, issueToken, readToken } from './token.ts';

const key = 'a key that all containers share';
const claim: Claim = { id: '1', feature: 'cad', client: 'ann', issuer: 'a', checkedOutAt: 5 };

test('any claim comes back as it was, with the key it was issued with', () => {
  const text = fc.string({ unit: 'binary' });
  fc.assert(
    fc.property(fc.record({ id: text, feature: text, client: text, issuer: text, checkedOutAt: fc.nat() }), (any) => {
      expect(readToken(issueToken(any, key), key)).toEqual(any);
      expect(readToken(issueToken(any, key), `${key}!`)).toBeUndefined();
    }),
  );
});

test('a token with any one character changed is nobody’s', () => {
  const token = issueToken(claim, key);
  for (let i = 0; i < token.length; i += 1) {
    const changed = token.slice(0, i) + (token[i] === 'A' ? 'B' : 'A') + token.slice(i + 1);
    expect(readToken(changed, key)).toBeUndefined();
  }
});

test.each(['', '.', 'x', 'x.y', `${issueToken(claim, key)}.`, adminProof(key), `e30.${adminProof(key)}`])(
  '"%s" is no token',
  (text) => {
    expect(readToken(text, key)).toBeUndefined();
  },
);
