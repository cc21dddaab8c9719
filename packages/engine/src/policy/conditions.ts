import { BlockList, isIP } from 'node:net';
import { type Keys, listOf, type StatementText } from './document.ts';
import { substitute, substitutedPattern, substitutedText } from './variables.ts';
import { arnPattern } from './wildcards.ts';

/** Compares a value of the policy with one of the request. */
type Compare = (wanted: string, found: string) => boolean;

const number = (compare: (wanted: number, found: number) => boolean): Compare => {
  return (wanted, found) => {
    const [a, b] = [Number(wanted), Number(found)];
    return !Number.isNaN(a) && !Number.isNaN(b) && compare(a, b);
  };
};

/** ISO 8601, or seconds since the epoch. */
const timeOf = (text: string): number => (/^\d+(\.\d+)?$/.test(text) ? Number(text) * 1000 : Date.parse(text));
const date = (compare: (wanted: number, found: number) => boolean): Compare => {
  return (wanted, found) => {
    const [a, b] = [timeOf(wanted), timeOf(found)];
    return !Number.isNaN(a) && !Number.isNaN(b) && compare(a, b);
  };
};

const like: Compare = (wanted, found) => substitutedPattern(wanted)(found);
const arnLike: Compare = (wanted, found) => substitutedPattern(wanted, arnPattern)(found);
const equals: Compare = (wanted, found) => substitutedText(wanted) === found;
const equalsIgnoringCase: Compare = (wanted, found) => substitutedText(wanted).toLowerCase() === found.toLowerCase();

function inNetwork(wanted: string, found: string): boolean {
  const [network = '', length] = wanted.split('/');
  const family = isIP(network) === 6 ? 'ipv6' : 'ipv4';
  if (isIP(network) === 0 || isIP(found) === 0) return false;
  const list = new BlockList();
  if (length === undefined) list.addAddress(network, family);
  else list.addSubnet(network, Number(length), family);
  return list.check(found, isIP(found) === 6 ? 'ipv6' : 'ipv4');
}

/** Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html */
const operators: Readonly<Record<string, { readonly compare: Compare; readonly negated?: true }>> = {
  StringEquals: { compare: equals },
  StringNotEquals: { compare: equals, negated: true },
  StringEqualsIgnoreCase: { compare: equalsIgnoringCase },
  StringNotEqualsIgnoreCase: { compare: equalsIgnoringCase, negated: true },
  StringLike: { compare: like },
  StringNotLike: { compare: like, negated: true },
  NumericEquals: { compare: number((wanted, found) => found === wanted) },
  NumericNotEquals: { compare: number((wanted, found) => found === wanted), negated: true },
  NumericLessThan: { compare: number((wanted, found) => found < wanted) },
  NumericLessThanEquals: { compare: number((wanted, found) => found <= wanted) },
  NumericGreaterThan: { compare: number((wanted, found) => found > wanted) },
  NumericGreaterThanEquals: { compare: number((wanted, found) => found >= wanted) },
  DateEquals: { compare: date((wanted, found) => found === wanted) },
  DateNotEquals: { compare: date((wanted, found) => found === wanted), negated: true },
  DateLessThan: { compare: date((wanted, found) => found < wanted) },
  DateLessThanEquals: { compare: date((wanted, found) => found <= wanted) },
  DateGreaterThan: { compare: date((wanted, found) => found > wanted) },
  DateGreaterThanEquals: { compare: date((wanted, found) => found >= wanted) },
  Bool: { compare: equalsIgnoringCase },
  BinaryEquals: { compare: equals },
  IpAddress: { compare: inNetwork },
  NotIpAddress: { compare: inNetwork, negated: true },
  ArnEquals: { compare: arnLike },
  ArnLike: { compare: arnLike },
  ArnNotEquals: { compare: arnLike, negated: true },
  ArnNotLike: { compare: arnLike, negated: true },
};

export interface OperatorParts {
  readonly name: string;
  readonly quantifier: 'ForAllValues' | 'ForAnyValue' | undefined;
  readonly ifExists: boolean;
}

/** Undefined where there is no such operator. */
export function parseOperator(text: string): OperatorParts | undefined {
  const [, quantifier, name = '', ifExists] =
    /^(?:(ForAllValues|ForAnyValue):)?([A-Za-z]+?)(IfExists)?$/.exec(text) ?? [];
  if (!(name in operators) && name !== 'Null') return undefined;
  return { name, quantifier: quantifier as OperatorParts['quantifier'], ifExists: ifExists !== undefined };
}

/** Whether all conditions of a statement are met: every operator, and every key of each. */
export function conditionsHold(condition: StatementText['Condition'], keys: Keys): boolean {
  if (!condition) return true;
  return Object.entries(condition).every(([operator, wanted]) => {
    const parsed = parseOperator(operator);
    return (
      parsed !== undefined &&
      Object.entries(wanted).every(([key, values]) =>
        holds(parsed, listOf(values).map(String), keys(key.toLowerCase()), keys),
      )
    );
  });
}

function holds(
  { name, quantifier, ifExists }: OperatorParts,
  wanted: readonly string[],
  found: readonly string[] | undefined,
  keys: Keys,
): boolean {
  if (name === 'Null') return wanted.some((value) => (value.toLowerCase() === 'true') === (found === undefined));
  const operator = operators[name];
  if (!operator) return false;
  if (found === undefined || found.length === 0)
    return ifExists || quantifier === 'ForAllValues' || (quantifier !== 'ForAnyValue' && operator.negated === true);
  const values = wanted.flatMap((value) => substitute(value, keys) ?? []);
  const meets = (value: string): boolean => {
    const equal = values.some((one) => operator.compare(one, value));
    return operator.negated ? !equal : equal;
  };
  if (quantifier === 'ForAllValues') return found.every(meets);
  // A negated operator without a quantifier wants none of the values to be among those.
  return operator.negated && quantifier === undefined ? found.every(meets) : found.some(meets);
}
