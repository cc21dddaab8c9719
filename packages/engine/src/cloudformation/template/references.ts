import { splitAttribute } from './read-template.ts';
import { type Fields, functionName, isFields } from './template.ts';

/** What a value refers to. `name` of a `ref` is a resource, a parameter or a pseudo parameter. */
export type Reference =
  | { readonly kind: 'ref'; readonly name: string }
  | { readonly kind: 'attribute'; readonly name: string; readonly attribute: string }
  | { readonly kind: 'condition'; readonly name: string }
  | { readonly kind: 'import'; readonly value: unknown };

/**
 * Finds every reference in a value of a template. With the outcome of conditions, only the branch of an `Fn::If` that is taken is looked
 * at; without, both.
 */
export function* references(value: unknown, conditions?: (name: string) => boolean): Generator<Reference> {
  if (Array.isArray(value)) for (const item of value) yield* references(item, conditions);
  if (!isFields(value)) return;
  const name = functionName(value);
  if (name === undefined) for (const inner of Object.values(value)) yield* references(inner, conditions);
  else yield* ofFunction(name, value[name], conditions);
}

function* ofFunction(
  name: string,
  argument: unknown,
  conditions: ((name: string) => boolean) | undefined,
): Generator<Reference> {
  if (name === 'Ref' && typeof argument === 'string') yield { kind: 'ref', name: argument };
  else if (name === 'Condition' && typeof argument === 'string') yield { kind: 'condition', name: argument };
  else if (name === 'Fn::GetAtt') yield* ofGetAtt(argument, conditions);
  else if (name === 'Fn::Sub') yield* ofSub(argument, conditions);
  else if (name === 'Fn::If' && Array.isArray(argument) && typeof argument[0] === 'string')
    yield* ofIf(argument[0], argument, conditions);
  else {
    if (name === 'Fn::ImportValue') yield { kind: 'import', value: argument };
    yield* references(argument, conditions);
  }
}

function* ofIf(
  condition: string,
  [, then, otherwise]: readonly unknown[],
  conditions: ((name: string) => boolean) | undefined,
): Generator<Reference> {
  yield { kind: 'condition', name: condition };
  if (!conditions || conditions(condition)) yield* references(then, conditions);
  if (!conditions?.(condition)) yield* references(otherwise, conditions);
}

function* ofGetAtt(argument: unknown, conditions: ((name: string) => boolean) | undefined): Generator<Reference> {
  const [name, attribute] =
    typeof argument === 'string' ? splitAttribute(argument) : Array.isArray(argument) ? argument : [];
  if (typeof name === 'string')
    yield { kind: 'attribute', name, attribute: typeof attribute === 'string' ? attribute : '' };
  if (isFields(attribute)) yield* references(attribute, conditions);
}

function* ofSub(argument: unknown, conditions: ((name: string) => boolean) | undefined): Generator<Reference> {
  const [text, variables] = Array.isArray(argument) ? argument : [argument, {}];
  const own: Fields = isFields(variables) ? variables : {};
  yield* references(Object.values(own), conditions);
  if (typeof text !== 'string') return;
  for (const name of subNames(text)) {
    if (Object.hasOwn(own, name)) continue;
    const [resource, attribute] = splitAttribute(name);
    yield attribute ? { kind: 'attribute', name: resource, attribute } : { kind: 'ref', name };
  }
}

/** `${Name}` stands for a value, `${!Literal}` for itself without the mark. */
export const subPattern = /\$\{(!?)([^}]*)\}/g;

export const subNames = (text: string): string[] =>
  [...text.matchAll(subPattern)].flatMap(([, mark, name = '']) => (mark ? [] : [name.trim()]));
