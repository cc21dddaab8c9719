import type { StateValue } from '@aws-sdk/client-cloudwatch';

/** A composite alarm's rule, parsed. */
export type AlarmRule =
  | { readonly is: 'state'; readonly state: StateValue; readonly alarm: string }
  | { readonly is: 'constant'; readonly value: boolean }
  | { readonly is: 'not'; readonly rule: AlarmRule }
  | { readonly is: 'and' | 'or'; readonly rules: readonly AlarmRule[] };

/** What a rule can be made of. */
const token =
  /\s*(?:(ALARM|OK|INSUFFICIENT_DATA)\s*\(\s*(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|([^\s()"']+))\s*\)|(AND|OR|NOT|TRUE|FALSE)\b|([()]))/iy;

type Token =
  | { readonly kind: 'state'; readonly state: StateValue; readonly alarm: string }
  | { readonly kind: 'word'; readonly word: string };

/** Parses `ALARM("a") AND (OK(b) OR NOT TRUE)`. Names may be quoted or not, and may be ARNs. Throws a sentence that says where it is wrong. */
export function parseAlarmRule(text: string): AlarmRule {
  const tokens = tokensOf(text);
  let position = 0;
  const peek = () => {
    const next = tokens[position];
    return next?.kind === 'word' ? next.word : undefined;
  };
  const either = (): AlarmRule => joined('or', 'OR', both);
  const both = (): AlarmRule => joined('and', 'AND', one);
  const joined = (is: 'and' | 'or', word: string, part: () => AlarmRule): AlarmRule => {
    const rules = [part()];
    while (peek() === word) {
      position++;
      rules.push(part());
    }
    return rules.length === 1 && rules[0] ? rules[0] : { is, rules };
  };
  const one = (): AlarmRule => {
    const next = tokens[position++];
    if (next?.kind === 'state') return { is: 'state', state: next.state, alarm: next.alarm };
    if (next?.word === 'NOT') return { is: 'not', rule: one() };
    if (next?.word === 'TRUE' || next?.word === 'FALSE') return { is: 'constant', value: next.word === 'TRUE' };
    if (next?.word !== '(')
      throw new SyntaxError(`the rule ends or goes on unexpectedly at ${next?.word ?? 'its end'}`);
    const inner = either();
    if (peek() !== ')') throw new SyntaxError('a bracket is not closed');
    position++;
    return inner;
  };
  const rule = either();
  if (position < tokens.length) throw new SyntaxError(`AND or OR is missing before ${wordOf(tokens[position])}`);
  return rule;
}

const wordOf = (next: Token | undefined) => (next?.kind === 'state' ? next.state : next?.word);

function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  token.lastIndex = 0;
  const end = text.trimEnd().length;
  while (token.lastIndex < end) {
    const at = token.lastIndex;
    const [, state, double, single, bare, word, bracket] = token.exec(text) ?? [];
    if (state) {
      const alarm = (double ?? single)?.replace(/\\(.)/g, '$1') ?? bare ?? '';
      tokens.push({ kind: 'state', state: state.toUpperCase() as StateValue, alarm });
    } else if (word || bracket) tokens.push({ kind: 'word', word: (word ?? bracket ?? '').toUpperCase() });
    else throw new SyntaxError(`cannot read the rule from ${JSON.stringify(text.slice(at, at + 30))}`);
  }
  return tokens;
}

/** The names (or ARNs) of the alarms in a rule, each once, in order. */
export function alarmsIn(rule: AlarmRule): string[] {
  const names = (part: AlarmRule): string[] => {
    if (part.is === 'state') return [part.alarm];
    if (part.is === 'not') return names(part.rule);
    return part.is === 'constant' ? [] : part.rules.flatMap(names);
  };
  return [...new Set(names(rule))];
}

export function isRuleTrue(rule: AlarmRule, stateOf: (alarm: string) => StateValue | undefined): boolean {
  if (rule.is === 'constant') return rule.value;
  if (rule.is === 'not') return !isRuleTrue(rule.rule, stateOf);
  if (rule.is === 'state') return stateOf(rule.alarm) === rule.state;
  return rule.is === 'and'
    ? rule.rules.every((part) => isRuleTrue(part, stateOf))
    : rule.rules.some((part) => isRuleTrue(part, stateOf));
}
