import { parseJsonPattern } from './json-pattern.ts';
import { invalidPattern, type Match, regularExpression } from './pattern-parts.ts';
import { parseSpacePattern } from './space-pattern.ts';

const matched = { fields: {} };

/**
 * Reads a filter pattern: unstructured terms, `{ $.json = "selectors" }`, `[space, delimited]`, or a `%regular expression%`
 * (https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html). An empty pattern matches everything.
 */
export function parseFilterPattern(pattern: string | undefined): Match {
  const text = pattern?.trim() ?? '';
  if (text === '') return () => matched;
  if (text.startsWith('{')) return parseJsonPattern(text);
  if (text.startsWith('[')) return parseSpacePattern(text);
  return parseTerms(text);
}

interface Term {
  /** `?` any of, `-` none of, otherwise all of. */
  readonly role: '' | '?' | '-';
  readonly test: (message: string) => boolean;
}

/** Words and quoted phrases, matched case-sensitively anywhere in the message. */
function parseTerms(text: string): Match {
  const terms = [...text.matchAll(/([?-]?)(?:"((?:[^"\\]|\\.)*)"|%([^%]*)%|([^\s"]+))/g)].map(
    ([, role = '', quoted, expression, word]): Term => {
      if (expression !== undefined) return { role: role as Term['role'], test: regularExpression(expression) };
      const wanted = quoted?.replace(/\\(.)/g, '$1') ?? word ?? '';
      return { role: role as Term['role'], test: (message) => message.includes(wanted) };
    },
  );
  if (text.replace(/([?-]?)(?:"((?:[^"\\]|\\.)*)"|%([^%]*)%|([^\s"]+))/g, '').trim() !== '')
    throw invalidPattern(`unbalanced quotes in ${text}`);
  const [all, any, none] = (['', '?', '-'] as const).map((role) => terms.filter((term) => term.role === role));
  return (message) => {
    const hit = (term: Term) => term.test(message);
    // Optional terms only count where nothing is required.
    const wanted = all?.length ? all.every(hit) : any?.length ? any.some(hit) : true;
    return wanted && !none?.some(hit) ? matched : undefined;
  };
}
