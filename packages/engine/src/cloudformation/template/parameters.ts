import { checkParameterValue } from './check-parameter-value.ts';
import { notKnown, notKnownText } from './environment.ts';
import { type ParameterDeclaration, type Template, templateError } from './template.ts';

/** A parameter as a request gives it. */
export interface ParameterInput {
  readonly ParameterKey?: string | undefined;
  readonly ParameterValue?: string | undefined;
  readonly UsePreviousValue?: boolean | undefined;
}

/** A parameter's value: the text that was given, and, where it names an SSM parameter, what that held when it was read. */
export interface ParameterValue {
  readonly text: string;
  readonly resolved?: string;
}

export type ParameterValues = Readonly<Record<string, ParameterValue>>;

/** Settles every parameter of a template: given, kept from before, or its default; checked against its declaration. `fromStore` reads an SSM parameter. */
export function parameterValues(
  template: Template,
  inputs: readonly ParameterInput[],
  previous: ParameterValues | undefined,
  fromStore: (name: string) => string | undefined,
): ParameterValues {
  const given = new Map(inputs.map((input) => [input.ParameterKey ?? '', input]));
  refuseStrangers(template, [...given.keys()]);
  const texts = Object.entries(template.parameters).map(
    ([name, declaration]) => [name, declaration, textOf(name, declaration, given.get(name), previous)] as const,
  );
  const missing = texts.flatMap(([name, , text]) => (text === undefined ? [name] : []));
  if (missing.length > 0) throw templateError(`Parameters: [${missing.join(', ')}] must have values`);
  return Object.fromEntries(
    texts.map(([name, declaration, text = '']) => [name, checkedValue(name, declaration, text, fromStore)]),
  );
}

function refuseStrangers(template: Template, names: readonly string[]): void {
  const strangers = names.filter((name) => !Object.hasOwn(template.parameters, name));
  if (strangers.length > 0) throw templateError(`Parameters: [${strangers.join(', ')}] do not exist in the template`);
}

function textOf(
  name: string,
  declaration: ParameterDeclaration,
  input: ParameterInput | undefined,
  previous: ParameterValues | undefined,
): string | undefined {
  if (input?.UsePreviousValue) {
    const kept = previous?.[name]?.text;
    if (kept === undefined)
      throw templateError(
        `Invalid input for parameter key ${name}. Cannot specify usePreviousValue as true for a parameter key not in the previous template`,
      );
    return kept;
  }
  const value = input?.ParameterValue ?? declaration.Default;
  if (value === undefined) return undefined;
  return Array.isArray(value) ? value.join(',') : String(value);
}

function checkedValue(
  name: string,
  declaration: ParameterDeclaration,
  text: string,
  fromStore: (name: string) => string | undefined,
): ParameterValue {
  // What is not known yet fits any declaration.
  if (text === notKnownText) return { text };
  const stored = storedType(declaration.Type);
  if (stored === undefined) {
    checkParameterValue(name, declaration, declaration.Type, text);
    return { text };
  }
  const resolved = fromStore(text);
  if (resolved === undefined)
    throw templateError(`Unable to fetch parameters [${text}] from parameter store for this account.`);
  checkParameterValue(name, declaration, stored, resolved);
  return { text, resolved };
}

/** `AWS::SSM::Parameter::Value<List<String>>` holds a `List<String>`. */
const storedType = (type: string): string | undefined => /^AWS::SSM::Parameter::Value<(.+)>$/.exec(type)?.[1];

const isList = (type: string): boolean => type === 'CommaDelimitedList' || type.startsWith('List<');

/** What `Ref` gives for a parameter: a text, or a list of texts. */
export function referenced(
  { Type }: ParameterDeclaration,
  { text, resolved }: ParameterValue,
): string | string[] | typeof notKnown {
  if (text === notKnownText) return notKnown;
  const value = resolved ?? text;
  if (!isList(storedType(Type) ?? Type)) return value;
  return value === '' ? [] : value.split(',').map((item) => item.trim());
}

export const isNoEcho = ({ NoEcho }: ParameterDeclaration): boolean => NoEcho === true || NoEcho === 'true';

/** What `Ref` gives for each parameter of a template. */
export const referencedValues = (template: Template, values: ParameterValues): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(template.parameters).flatMap(([name, declaration]) => {
      const value = values[name];
      return value ? [[name, referenced(declaration, value)]] : [];
    }),
  );
