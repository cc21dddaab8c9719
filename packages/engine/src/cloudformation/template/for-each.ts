import { type Fields, isFields, templateError } from './template.ts';

/** The items of a parameter that is a list, or undefined where the parameter has no value. */
export type ListParameter = (name: string) => readonly string[] | undefined;

const mark = 'Fn::ForEach::';
/** A loop cannot stand in the other sections. */
const sections = ['Conditions', 'Resources', 'Outputs'];

/**
 * A template with its loops written out (https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-foreach.html):
 * `${Identifier}` and a `Ref` of it stand for the item, `&{Identifier}` for its letters and digits. Undefined where nothing loops, or
 * where the template does not list the transform that loops belong to.
 */
export function writeOutLoops(template: Fields, list: ListParameter): Fields | undefined {
  const listed = [template['Transform']].flat();
  if (!listed.includes('AWS::LanguageExtensions')) return undefined;
  if (!sections.some((name) => hasLoops(template[name]))) return undefined;
  return Object.fromEntries(
    Object.entries(template).map(([name, section]) => [
      name,
      sections.includes(name) ? expand(section, list) : section,
    ]),
  );
}

function hasLoops(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(hasLoops);
  return isFields(value) && Object.entries(value).some(([key, inner]) => key.startsWith(mark) || hasLoops(inner));
}

function expand(value: unknown, list: ListParameter): unknown {
  if (Array.isArray(value)) return value.map((item) => expand(item, list));
  if (!isFields(value)) return value;
  const members = new Map<string, unknown>();
  const add = (key: string, member: unknown) => {
    if (members.has(key)) throw templateError(`Template format error: Fn::ForEach makes the key ${key} more than once`);
    members.set(key, member);
  };
  for (const [key, inner] of Object.entries(value)) {
    if (!key.startsWith(mark)) add(key, expand(inner, list));
    else for (const [made, member] of roundsOf(key, inner, list)) add(made, member);
  }
  return Object.fromEntries(members);
}

function roundsOf(key: string, loop: unknown, list: ListParameter): [string, unknown][] {
  const [identifier, collection, fragment, ...more] = Array.isArray(loop) ? loop : [];
  if (typeof identifier !== 'string' || !isFields(fragment) || more.length > 0)
    throw templateError(`Template format error: ${key} must be a list of an identifier, a collection and an object`);
  return itemsOf(key, collection, list).flatMap((item) =>
    Object.entries(expand(withItem(fragment, identifier, item), list) as Fields),
  );
}

function itemsOf(key: string, collection: unknown, list: ListParameter): string[] {
  const written = Array.isArray(collection) ? collection : [collection];
  return written.flatMap((item: unknown) => {
    if (typeof item === 'string' || typeof item === 'number')
      return Array.isArray(collection) ? [String(item)] : refuse(key);
    const name = isFields(item) && Object.keys(item).length === 1 ? item['Ref'] : undefined;
    return (typeof name === 'string' ? list(name) : undefined) ?? refuse(key);
  });
}

function refuse(key: string): never {
  throw templateError(
    `Template format error: the collection of ${key} must be a list of strings or the Ref of a parameter that is a list`,
  );
}

function withItem(value: unknown, identifier: string, item: string): unknown {
  if (typeof value === 'string')
    return value
      .replaceAll(`\${${identifier}}`, () => item)
      .replaceAll(`&{${identifier}}`, () => item.replaceAll(/[^A-Za-z0-9]/g, ''));
  if (Array.isArray(value)) return value.map((inner) => withItem(inner, identifier, item));
  if (!isFields(value)) return value;
  if (Object.keys(value).length === 1 && value['Ref'] === identifier) return item;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      String(withItem(key, identifier, item)),
      withItem(inner, identifier, item),
    ]),
  );
}
