import type { GetRandomPasswordRequest } from '@aws-sdk/client-secrets-manager';
import { invalidParameter } from './errors.ts';

const lower = 'abcdefghijklmnopqrstuvwxyz';
const punctuation = '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~';

/** A password by the request's rules, from numbers in [0, 1). */
export function makePassword(rules: GetRandomPasswordRequest, random: () => number): string {
  const { PasswordLength = 32, ExcludeCharacters = '', RequireEachIncludedType = true } = rules;
  const kinds = [
    rules.ExcludeLowercase ? '' : lower,
    rules.ExcludeUppercase ? '' : lower.toUpperCase(),
    rules.ExcludeNumbers ? '' : '0123456789',
    rules.ExcludePunctuation ? '' : punctuation,
    rules.IncludeSpace ? ' ' : '',
  ]
    .map((kind) => [...kind].filter((char) => !ExcludeCharacters.includes(char)).join(''))
    .filter((kind) => kind !== '');
  if (kinds.length === 0) throw invalidParameter('The password has no characters that it may consist of.');
  if (PasswordLength < 1 || PasswordLength > 4096 || (RequireEachIncludedType && PasswordLength < kinds.length))
    throw invalidParameter('The password length is too short based on the required types.');
  const pick = (alphabet: string) => alphabet[Math.floor(random() * alphabet.length)] ?? '';
  const first = RequireEachIncludedType ? kinds.map(pick) : [];
  const all = kinds.join('');
  const chars = [...first, ...Array.from({ length: PasswordLength - first.length }, () => pick(all))];
  return shuffled(chars, random).join('');
}

function shuffled(chars: readonly string[], random: () => number): string[] {
  const mixed = [...chars];
  for (let last = mixed.length - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1));
    [mixed[last], mixed[other]] = [mixed[other] ?? '', mixed[last] ?? ''];
  }
  return mixed;
}
