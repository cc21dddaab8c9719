import type { Keys } from './document.ts';
import { pattern } from './wildcards.ts';

/** `${aws:username}`, also with a default: `${aws:username, 'nobody'}`; `${*}`, `${?}` and `${$}` are the characters themselves. */
const variable = /\$\{([^}]+)\}/g;

/**
 * The text with its policy variables replaced. Undefined where one has no value and no default: the statement then applies to nothing
 * (IAM user guide, "Policy elements: Variables and tags"). What a value holds is taken as it is, never as a wildcard.
 */
export function substitute(text: string, keys: Keys): string | undefined {
  if (!text.includes('${')) return text;
  let missing = false;
  const replaced = text.replaceAll(variable, (_, inner: string) => {
    if (inner === '*' || inner === '?' || inner === '$') return literal(inner);
    const [, name = inner, fallback] = /^\s*([^,]+?)\s*(?:,\s*'(.*)'\s*)?$/s.exec(inner) ?? [];
    const value = keys(name.toLowerCase())?.[0] ?? fallback;
    if (value === undefined) missing = true;
    return literal(value ?? '');
  });
  return missing ? undefined : replaced;
}

// Private-use characters stand for a star and a question mark that are no wildcards, until the pattern has been made.
const star = '\uE000';
const question = '\uE001';
const literal = (value: string): string => value.replaceAll('*', star).replaceAll('?', question);
const plain = (text: string): string => text.replaceAll(star, '*').replaceAll(question, '?');

/** Like `pattern`, for a text whose variables have been replaced. */
export function substitutedPattern(text: string, make: (text: string) => (other: string) => boolean = pattern) {
  if (!text.includes(star) && !text.includes(question)) return make(text);
  const made = make(text);
  return (other: string): boolean => made(other.replaceAll('*', star).replaceAll('?', question));
}

/** The text itself, where no pattern is made of it. */
export const substitutedText = plain;
