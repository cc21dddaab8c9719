import { type Environment, notKnown } from './environment.ts';
import type { TemplateFunction } from './functions.ts';
import { functionName, isFields, templateError } from './template.ts';

type Resolve = Parameters<TemplateFunction>[2];

/** The functions that ask, and the one that chooses: used in conditions, rules, and (`Fn::If`) everywhere. */
export const conditionFunctions: Readonly<Record<string, TemplateFunction>> = {
  'Fn::If'(argument, environment, resolve) {
    if (!Array.isArray(argument) || argument.length !== 3 || typeof argument[0] !== 'string')
      throw templateError('Template error: Fn::If requires a list argument with three elements');
    return resolve(environment.condition(argument[0]) ? argument[1] : argument[2], environment);
  },

  'Fn::Equals'(argument, environment, resolve) {
    if (!Array.isArray(argument) || argument.length !== 2)
      throw templateError('Template error: every Fn::Equals object requires a list of 2 string parameters.');
    const [left, right] = argument.map((item) => resolve(item, environment));
    return left === notKnown || right === notKnown ? notKnown : sameText(left, right);
  },

  'Fn::And': (argument, environment, resolve) =>
    severalOf('Fn::And', argument).every((item) => evaluate(item, environment, resolve)),

  'Fn::Or': (argument, environment, resolve) =>
    severalOf('Fn::Or', argument).some((item) => evaluate(item, environment, resolve)),

  'Fn::Not'(argument, environment, resolve) {
    if (!Array.isArray(argument) || argument.length !== 1)
      throw templateError('Template error: every Fn::Not object requires one boolean parameter.');
    return !evaluate(argument[0], environment, resolve);
  },

  // The following three are for rules only.
  'Fn::Contains'(argument, environment, resolve) {
    const [items, wanted] = listsOf('Fn::Contains', argument, environment, resolve);
    return asList(items).some((item) => sameText(item, wanted));
  },

  'Fn::EachMemberEquals'(argument, environment, resolve) {
    const [items, wanted] = listsOf('Fn::EachMemberEquals', argument, environment, resolve);
    return asList(items).every((item) => sameText(item, wanted));
  },

  'Fn::EachMemberIn'(argument, environment, resolve) {
    const [items, allowed] = listsOf('Fn::EachMemberIn', argument, environment, resolve);
    return asList(items).every((item) => asList(allowed).some((other) => sameText(item, other)));
  },
};

/** Whether a condition holds: a boolean, a function that gives one, or `{"Condition": name}`. */
export function evaluate(value: unknown, environment: Environment, resolve: Resolve): boolean {
  if (isFields(value) && functionName(value) === 'Condition') return environment.condition(String(value['Condition']));
  const outcome = resolve(value, environment);
  if (outcome === true || outcome === 'true') return true;
  if (outcome === false || outcome === 'false') return false;
  throw templateError(
    'Template format error: Every Condition member must be a condition function that gives true or false.',
  );
}

function severalOf(name: string, argument: unknown): readonly unknown[] {
  if (Array.isArray(argument) && argument.length >= 2 && argument.length <= 10) return argument;
  throw templateError(
    `Template error: every ${name} object requires a list of at least 2 and at most 10 boolean parameters.`,
  );
}

function listsOf(name: string, argument: unknown, environment: Environment, resolve: Resolve): readonly unknown[] {
  if (!Array.isArray(argument) || argument.length !== 2)
    throw templateError(`Template error: every ${name} object requires two parameters.`);
  return argument.map((item) => resolve(item, environment));
}

const asList = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [value]);

/** CloudFormation compares texts: 1 equals "1". */
const sameText = (left: unknown, right: unknown): boolean => comparable(left) === comparable(right);
const comparable = (value: unknown): string => (typeof value === 'object' ? JSON.stringify(value) : String(value));
