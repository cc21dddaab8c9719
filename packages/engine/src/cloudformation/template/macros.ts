import { type Fields, isFields, templateError } from './template.ts';

/** One call of a macro, with the part of the template that it is to work on. */
export interface MacroCall {
  readonly name: string;
  readonly parameters: Fields;
  readonly fragment: unknown;
}

export type RunMacro = (call: MacroCall) => Promise<unknown>;

const key = 'Fn::Transform';

/** AWS hosts its own transforms under its own name; they are no macros of an account. */
const isOwn = ({ name }: { readonly name: string }): boolean => !name.startsWith('AWS::');

/** Whether a template, as it was read, calls macros of the account. */
export function callsMacros(template: Fields): boolean {
  return calls(template['Transform']).some(isOwn) || Object.values(template).some(hasCalls);
}

function hasCalls(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(hasCalls);
  if (!isFields(value)) return false;
  return calls(value[key]).some(isOwn) || Object.values(value).some(hasCalls);
}

/**
 * Has macros work on a template (https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-macros-overview.html): first those within
 * it, from the inside out, each on what stands beside it, then those of its `Transform` section in their order, on the whole.
 */
export async function expandMacros(template: Fields, run: RunMacro): Promise<Fields> {
  const { Transform, ...rest } = template;
  const listed = calls(Transform);
  let whole: unknown = await expandMembers(rest, run);
  for (const call of listed.filter(isOwn)) whole = await run({ ...call, fragment: whole });
  if (!isFields(whole)) throw templateError('Template format error: unsupported structure.');
  const hosted = (Array.isArray(Transform) ? Transform : [Transform]).filter(
    (_, index) => !isOwn(listed[index] ?? { name: '' }),
  );
  return listed.every(isOwn) ? whole : { ...whole, Transform: hosted };
}

async function expand(value: unknown, run: RunMacro): Promise<unknown> {
  if (Array.isArray(value)) {
    const items: unknown[] = [];
    for (const item of value) items.push(await expand(item, run));
    return items;
  }
  if (!isFields(value)) return value;
  const called = calls(value[key]);
  if (!called.some(isOwn)) return expandMembers(value, run);
  const { [key]: _, ...rest } = value;
  let fragment: unknown = await expandMembers(rest, run);
  for (const call of called) fragment = await run({ ...call, fragment });
  return fragment;
}

async function expandMembers(value: Fields, run: RunMacro): Promise<Fields> {
  const members: [string, unknown][] = [];
  for (const [name, inner] of Object.entries(value)) members.push([name, await expand(inner, run)]);
  return Object.fromEntries(members);
}

/** A name, a name with parameters, or a list of either. */
function calls(value: unknown): { readonly name: string; readonly parameters: Fields }[] {
  if (value === undefined) return [];
  return (Array.isArray(value) ? value : [value]).map((item: unknown) => {
    if (typeof item === 'string') return { name: item, parameters: {} };
    const { Name, Parameters } = isFields(item) ? item : {};
    if (typeof Name !== 'string') throw templateError('Key Name of transform definition must be a string.');
    return { name: Name, parameters: isFields(Parameters) ? Parameters : {} };
  });
}

/** A macro's parameters; `resolve` knows the template's parameters, and nothing of its resources. */
export const macroParameters = (name: string, parameters: Fields, resolve: (value: unknown) => unknown): Fields =>
  Object.fromEntries(
    Object.entries(parameters).map(([parameter, value]) => [parameter, simple(name, parameter, resolve(value))]),
  );

function simple(name: string, parameter: string, value: unknown): unknown {
  const items = Array.isArray(value) ? value : [value];
  if (items.every((item) => ['string', 'number', 'boolean'].includes(typeof item))) return value;
  throw templateError(
    `The value of parameter ${parameter} under transform ${name} must resolve to a string, number, boolean or a list of any of these.`,
  );
}

/** What a macro has answered: its fragment, or a reason in the words of CloudFormation. */
export function macroFragment(transformId: string, answer: string | undefined): unknown {
  const { status, fragment, errorMessage } = read(answer);
  if (typeof status !== 'string') throw templateError(`Received malformed response from transform ${transformId}`);
  if (status === 'success') return fragment;
  const because =
    typeof errorMessage === 'string' && errorMessage !== '' ? `with: ${errorMessage}` : 'without an error message.';
  throw templateError(`Transform ${transformId} failed ${because}`);
}

function read(answer: string | undefined): Fields {
  try {
    const value: unknown = JSON.parse(answer ?? '');
    return isFields(value) ? value : {};
  } catch {
    return {};
  }
}
