export type Variables = (name: string) => string | undefined;

/** Splits at blanks outside of quotes. Quotes, escapes and variables stay as they are written. */
export function splitWords(text: string, escapeChar: string): string[] {
  const words: string[] = [];
  let word = '';
  let quote = '';
  for (let index = 0; index < text.length; index++) {
    const char = text.charAt(index);
    if (char === escapeChar && quote !== "'" && index + 1 < text.length) {
      word += char + text.charAt(++index);
      continue;
    }
    if (quote) quote = char === quote ? '' : quote;
    else if (char === '"' || char === "'") quote = char;
    if (quote || !/\s/.test(char)) word += char;
    else if (word) {
      words.push(word);
      word = '';
    }
  }
  return word ? [...words, word] : words;
}

/**
 * Puts in variables and takes away quotes and escapes, as Docker does for the instructions that know variables. A variable that is not set is
 * empty. Throws an `Error` with a sentence.
 */
export function expand(text: string, variables: Variables, escapeChar: string): string {
  const { value } = expandUntil(text, 0, '', variables, escapeChar);
  return value;
}

interface Expanded {
  readonly value: string;
  /** Where the end stands, or the length of the text. */
  readonly at: number;
}

function expandUntil(
  text: string,
  from: number,
  end: '' | '"' | '}',
  variables: Variables,
  escapeChar: string,
): Expanded {
  let value = '';
  let at = from;
  while (at < text.length) {
    const char = text.charAt(at);
    if (char === end) return { value, at };
    if (char === escapeChar && at + 1 < text.length) {
      const next = text.charAt(at + 1);
      // Within double quotes an escape means only what could not be written otherwise.
      value += end === '"' && !['"', '$', escapeChar].includes(next) ? char + next : next;
      at += 2;
    } else if (char === '$') {
      const variable = expandVariable(text, at, variables, escapeChar);
      value += variable.value;
      at = variable.at;
    } else if (char === "'" && end !== '"') {
      const close = closing(text, at, "'");
      value += text.slice(at + 1, close);
      at = close + 1;
    } else if (char === '"' && end !== '"') {
      const inner = expandUntil(text, at + 1, '"', variables, escapeChar);
      if (inner.at >= text.length) throw new Error(`the quote in ${text} is not closed`);
      value += inner.value;
      at = inner.at + 1;
    } else {
      value += char;
      at += 1;
    }
  }
  return { value, at };
}

/** `$name`, `${name}`, `${name:-otherwise}`, `${name:+instead}`, `${name:?message}`; without the colon an empty value counts as one. */
function expandVariable(text: string, at: number, variables: Variables, escapeChar: string): Expanded {
  const [plain, plainName] = /^\$([A-Za-z_][A-Za-z0-9_]*)/.exec(text.slice(at)) ?? [];
  if (plain && plainName) return { value: variables(plainName) ?? '', at: at + plain.length };
  const [braced, name = '', operator = ''] = /^\$\{([A-Za-z_][A-Za-z0-9_]*)(:?[-+?])?/.exec(text.slice(at)) ?? [];
  if (!braced) return { value: '$', at: at + 1 };
  const word = expandUntil(text, at + braced.length, '}', variables, escapeChar);
  if (word.at >= text.length) throw new Error(`the brace in ${text} is not closed`);
  if (!operator && word.at > at + braced.length)
    throw new Error(`${text.slice(at, word.at + 1)} is not understood here`);
  return { value: chosen(variables(name), name, operator, word.value), at: word.at + 1 };
}

function chosen(value: string | undefined, name: string, operator: string, word: string): string {
  const isSet = operator.startsWith(':') ? value !== undefined && value !== '' : value !== undefined;
  if (operator.endsWith('-')) return isSet ? (value ?? '') : word;
  if (operator.endsWith('+')) return isSet ? word : '';
  if (operator.endsWith('?') && !isSet) throw new Error(`${name}: ${word || 'is not set'}`);
  return value ?? '';
}

function closing(text: string, at: number, quote: string): number {
  const close = text.indexOf(quote, at + 1);
  if (close < 0) throw new Error(`the quote in ${text} is not closed`);
  return close;
}

/** `NAME=value` pairs of a line. Docker's old form, `NAME the rest is the value`, is one pair. */
export function parsePairs(text: string, variables: Variables, escapeChar: string): [name: string, value: string][] {
  const words = splitWords(text, escapeChar);
  const [first = ''] = words;
  if (!first.includes('=')) {
    const value = text.slice(first.length).trim();
    if (value === '') throw new Error(`${first} has no value`);
    return [[expand(first, variables, escapeChar), expand(value, variables, escapeChar)]];
  }
  return words.map((word) => {
    const at = word.indexOf('=');
    if (at < 1) throw new Error(`${word} is no NAME=value`);
    return [expand(word.slice(0, at), variables, escapeChar), expand(word.slice(at + 1), variables, escapeChar)];
  });
}
