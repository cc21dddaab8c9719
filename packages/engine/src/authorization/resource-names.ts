import type { Scope } from '../kernel/scope.ts';

/** What an input says of a variable in the ARN of a kind of resource, by the variable's name. */
export type Naming = (variable: string) => readonly string[];

/** Where inputs name a thing otherwise than its ARN's variable does. */
const aliases: Readonly<Record<string, readonly string[]>> = {
  BucketName: ['Bucket'],
  ParameterNameWithoutLeadingSlash: ['Name', 'Names', 'Path'],
  RuleName: ['Rule', 'Name'],
  TopicName: ['Name'],
  TargetGroupName: ['Name'],
  LoadBalancerName: ['Name'],
  EventBusName: ['EventBusName'],
  LogGroupName: ['logGroupName', 'logGroupNames', 'logGroupIdentifier'],
  SecurityGroupId: ['GroupId', 'GroupIds'],
  AllocationId: ['AllocationId', 'AllocationIds'],
};

/** What a thing is of where the request does not say it. */
const defaults: Readonly<Record<string, string>> = { ClusterName: 'default' };

type Input = Readonly<Record<string, unknown>>;

/** Values of a variable in an input: of the member of its name, in one or many, or of a member that stands for it. */
export function namingOf(input: Input, own: Readonly<Record<string, (input: Input) => readonly string[]>>): Naming {
  return (variable) => {
    const named = own[variable]?.(input) ?? membersOf(variable).flatMap((member) => textsOf(input[member]));
    const fallback = defaults[variable];
    return named.length > 0 || fallback === undefined ? named : [fallback];
  };
}

function membersOf(variable: string): readonly string[] {
  const bare = variable.replace(/(?:Name|Id)$/, '');
  const names = [variable, lowerFirst(variable), bare, lowerFirst(bare)].filter((name) => name !== '');
  return [...(aliases[variable] ?? []), ...names.flatMap((name) => [name, `${name}s`])];
}

const lowerFirst = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);

export const textsOf = (value: unknown): readonly string[] =>
  typeof value === 'string' ? [value] : Array.isArray(value) ? value.filter((each) => typeof each === 'string') : [];

const variables = /\$\{(\w+)\}/g;
const ofScope = (name: string, { account, region }: Scope): string | undefined =>
  name === 'Partition' ? 'aws' : name === 'Region' ? region : name === 'Account' ? account : undefined;

/** How completely an input names a resource of a kind. */
export interface Named {
  readonly arns: readonly string[];
  readonly whole: boolean;
}

/** The ARNs of a kind that an input names: those it holds, or those that its names make. What is left open is a star. */
export function arnsOf(template: string, input: Input, naming: Naming, scope: Scope): Named {
  const given = givenArns(template, input);
  const open = [...template.matchAll(variables)]
    .map(([, name = '']) => name)
    .filter((name) => ofScope(name, scope) === undefined);
  const values = open.map((name, index) => namesOf(naming(name), given.length > 0 && index === open.length - 1));
  if (given.length > 0 && values.at(-1)?.length === 0) return { arns: given, whole: true };
  const whole = open.length > 0 && values.every((each) => each.length > 0);
  const named = combine(values).map((chosen) => fill(template, open, chosen, scope));
  return { arns: [...given, ...named], whole };
}

/** ARNs among the input's members that have the form of the kind's. */
function givenArns(template: string, input: Input): string[] {
  const form = formOf(template);
  return Object.values(input)
    .flatMap(textsOf)
    .filter((text) => text.startsWith('arn:') && form.test(text));
}

const forms = new Map<string, RegExp>();

function formOf(template: string): RegExp {
  const known = forms.get(template);
  if (known) return known;
  const literal = template.replace(/[.+*?^()|[\]\\]/g, '\\$&').replace('//', '/');
  const form = new RegExp(
    `^${literal.replaceAll(variables, (_, name: string) => (holdsPath(name) ? '[^:]*' : '[^:/]*'))}$`,
  );
  forms.set(template, form);
  return form;
}

/** Names that have slashes of their own. */
const holdsPath = (name: string): boolean =>
  name.endsWith('WithPath') || /^(?:LogGroup|Repository|Object|Parameter)Name/.test(name) || name === 'ResourceId';

/** Names, where some are given as ARNs: those that have been taken as the resource's own are left out. */
const namesOf = (values: readonly string[], withoutArns: boolean): string[] =>
  values.filter((value) => !(withoutArns && value.startsWith('arn:'))).map(lastPart);

/** Of an ARN that names a container of the resource, the name. */
const lastPart = (value: string): string => (value.startsWith('arn:') ? value.slice(value.search(/[^:/]*$/)) : value);

function combine(values: readonly (readonly string[])[]): string[][] {
  return values.reduce<string[][]>(
    (chosen, next) =>
      next.length === 0
        ? chosen.map((each) => [...each, '*'])
        : chosen.flatMap((each) => next.map((value) => [...each, value])),
    [[]],
  );
}

const fill = (template: string, open: readonly string[], chosen: readonly string[], scope: Scope): string =>
  template.replaceAll(variables, (_, name: string) => ofScope(name, scope) ?? chosen[open.indexOf(name)] ?? '*');
