import { comparisons, invalidPattern, type Match, regularExpression, wildcard } from './pattern-parts.ts';

interface Field {
  readonly name: string;
  readonly test: (value: string) => boolean;
}

/** `[ip, user, ..., status = 5*, size > 1000]`: one field a word; quoted and bracketed parts of the message are one word. */
export function parseSpacePattern(text: string): Match {
  if (!text.endsWith(']')) throw invalidPattern('a space-delimited pattern ends with ]');
  const parts = text
    .slice(1, -1)
    .split(',')
    .map((part) => part.trim());
  const gap = parts.indexOf('...');
  if (gap !== parts.lastIndexOf('...')) throw invalidPattern('... may stand once');
  const fields = parts.filter((part) => part !== '...').map(parseField);
  return (message) => {
    const words = splitWords(message);
    if (gap < 0 ? words.length !== fields.length : words.length < fields.length) return undefined;
    const values = fields.map(
      (_, index) => words[gap < 0 || index < gap ? index : words.length - fields.length + index] ?? '',
    );
    if (!fields.every((field, index) => field.test(values[index] ?? ''))) return undefined;
    return { fields: Object.fromEntries(fields.map(({ name }, index) => [`$${name}`, values[index]])) };
  };
}

const splitWords = (message: string): string[] =>
  [...message.matchAll(/"([^"]*)"|\[([^\]]*)\]|(\S+)/g)].map(
    ([, quoted, bracketed, word]) => quoted ?? bracketed ?? word ?? '',
  );

function parseField(part: string): Field {
  const [, name = '', rest = ''] = /^([\w-]*)\s*(.*)$/.exec(part) ?? [];
  if (rest === '') return { name, test: () => true };
  const alternatives = rest.split('||').map((group) => group.split('&&').map((one) => parseTest(one.trim(), name)));
  return { name, test: (value) => alternatives.some((group) => group.every((test) => test(value))) };
}

function parseTest(text: string, name: string): (value: string) => boolean {
  const [, operator = '', operand = ''] = new RegExp(`^(?:${name}\\s*)?(!=|<=|>=|=|<|>)\\s*(.+)$`).exec(text) ?? [];
  if (operator === '') throw invalidPattern(`cannot read the condition ${text}`);
  const compare = comparisons[operator];
  if (compare)
    return (value) => value !== '' && !Number.isNaN(Number(value)) && compare(Number(value), Number(operand));
  const same = operand.startsWith('%')
    ? regularExpression(operand.slice(1, -1))
    : wildcard(operand.replace(/^"|"$/g, ''));
  return operator === '=' ? same : (value) => !same(value);
}
