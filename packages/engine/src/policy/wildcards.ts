import { RememberedMany } from '../kernel/remembered-many.ts';

/** Whether a text has the form of a pattern: `*` stands for any characters, `?` for one. */
export type Pattern = (text: string) => boolean;

const patterns = new RememberedMany<Pattern>(10_000);

/** Compiled once: a policy's patterns are asked at every request. */
export const pattern = (text: string): Pattern => patterns.get(text, compile);

function compile(text: string): Pattern {
  if (text === '*') return () => true;
  if (!/[*?]/.test(text)) return (other) => other === text;
  const expression = text
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll(/\*+/g, '.*')
    .replaceAll('?', '.');
  const compiled = new RegExp(`^${expression}$`, 's');
  return (other) => compiled.test(other);
}

/** Actions are told apart without regard to case. */
export const actionPattern = (text: string): Pattern => {
  const lower = pattern(text.toLowerCase());
  return (action) => lower(action.toLowerCase());
};

/** The parts of an ARN; what follows the fifth colon, or the colon before the last of fewer parts, is one. */
const parts = (arn: string, count: number): string[] => {
  const cut = arn.split(':');
  return [...cut.slice(0, count - 1), cut.slice(count - 1).join(':')];
};

/**
 * Wildcards reach no further than the part of the ARN that they are in, but for a last star (IAM user guide, "Resource", "Using wildcards in
 * resource ARNs").
 */
export function arnPattern(text: string): Pattern {
  if (!text.startsWith('arn:')) return pattern(text);
  const count = Math.min(6, text.split(':').length);
  if (count < 6 && !text.endsWith('*')) return () => false;
  const each = parts(text, count).map(pattern);
  return (arn) => parts(arn, count).every((part, index) => each[index]?.(part));
}
