/** JSON as parsed. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
export type JsonObject = { readonly [key: string]: Json };

export const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isList = (value: Json | undefined): value is readonly Json[] => Array.isArray(value);

/** A pattern, known to be valid. */
export type EventPattern = JsonObject;

const texts = ['prefix', 'suffix', 'equals-ignore-case', 'wildcard'];
const comparisons = ['=', '<', '<=', '>', '>='];
/** A key under `$or` that is one of these makes `$or` a field name like any other. */
const reserved = new Set([...texts, 'anything-but', 'numeric', 'cidr', 'exists', 'exactly']);

/** What `$or` means alternatives by: at least two objects, none with a reserved name. Anything else is a field that is called so. */
export function alternatives(key: string, value: Json): readonly JsonObject[] | undefined {
  if (key !== '$or' || !isList(value) || value.length < 2) return undefined;
  if (!value.every(isObject)) return undefined;
  const objects = value as readonly JsonObject[];
  return objects.some((object) => Object.keys(object).some((name) => reserved.has(name))) ? undefined : objects;
}

/** Parses a pattern; throws a sentence that says what is wrong with it. */
export function parseEventPattern(text: string): EventPattern {
  const pattern = parseJson(text);
  if (!isObject(pattern)) throw new SyntaxError('Filter is not an object');
  checkObject(pattern, '');
  return pattern;
}

function parseJson(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    throw new SyntaxError('the text is not valid JSON');
  }
}

function checkObject(object: JsonObject, path: string): void {
  if (Object.keys(object).length === 0) throw new SyntaxError('Empty objects are not allowed');
  for (const [key, value] of Object.entries(object)) {
    const either = alternatives(key, value);
    if (either) for (const alternative of either) checkObject(alternative, path);
    else if (isObject(value)) checkObject(value, `${path}${key}.`);
    else if (isList(value)) checkLeaf(value, `${path}${key}`);
    else throw new SyntaxError(`"${path}${key}" must be an object or an array`);
  }
}

function checkLeaf(matchers: readonly Json[], path: string): void {
  if (matchers.length === 0) throw new SyntaxError('Empty arrays are not allowed');
  for (const matcher of matchers)
    if (isObject(matcher)) checkMatcher(matcher, path);
    else if (isList(matcher))
      throw new SyntaxError(`Match value must be String, number, true, false, or null, in "${path}"`);
}

function checkMatcher(matcher: JsonObject, path: string): void {
  const [[name, value] = ['', null], ...more] = Object.entries(matcher);
  if (more.length > 0) throw new SyntaxError(`Only one key allowed in match expression, in "${path}"`);
  if (name === 'exists') {
    if (typeof value !== 'boolean') throw new SyntaxError('exists match pattern must be either true or false.');
  } else if (name === 'numeric') checkNumeric(value);
  else if (name === 'cidr') requireText(value, 'cidr');
  else if (name === 'anything-but') checkAnythingBut(value);
  else if (texts.includes(name)) checkText(name, value);
  else throw new SyntaxError(`Unrecognized match type ${name}`);
}

function checkText(name: string, value: Json): void {
  if (name === 'prefix' || name === 'suffix') {
    const folded = isObject(value) ? value['equals-ignore-case'] : undefined;
    requireText(folded ?? value, name);
    return;
  }
  requireText(value, name);
  if (name === 'wildcard') checkWildcard(value as string);
}

function requireText(value: Json, name: string): asserts value is string {
  if (typeof value !== 'string') throw new SyntaxError(`${name} match pattern must be a string`);
}

function checkWildcard(pattern: string): void {
  if (/(^|[^\\])(\\\\)*\*\*/.test(pattern)) throw new SyntaxError('Consecutive wildcard characters are not allowed');
  if (/^(?:[^\\]|\\[*\\])*$/.test(pattern)) return;
  throw new SyntaxError('Invalid escape character: a backslash may only escape * and \\');
}

function checkAnythingBut(value: Json): void {
  if (isObject(value)) {
    const [[name, inner] = ['', null], ...more] = Object.entries(value);
    if (more.length > 0 || !texts.includes(name))
      throw new SyntaxError(`Unsupported anything-but pattern: ${more.length > 0 ? 'only one key is allowed' : name}`);
    const items = isList(inner) ? inner : [inner];
    if (items.length === 0) throw new SyntaxError('Empty arrays are not allowed');
    for (const item of items) {
      requireText(item, `anything-but ${name}`);
      if (item === '') throw new SyntaxError('Null or empty prefix/suffix/wildcard is not allowed');
      if (name === 'wildcard') checkWildcard(item);
    }
    return;
  }
  const items = isList(value) ? value : [value];
  const kinds = new Set(items.map((item) => typeof item));
  if (kinds.size !== 1 || !(kinds.has('string') || kinds.has('number')))
    throw new SyntaxError('Value of anything-but must be a string, a number, or a list of either strings or numbers');
}

function checkNumeric(value: Json): void {
  if (!isList(value) || value.length === 0) throw new SyntaxError('Value of numeric must be an array.');
  if (value.length !== 2 && value.length !== 4) throw new SyntaxError('Too many elements in numeric expression');
  for (let index = 0; index < value.length; index += 2) {
    const operator = value[index];
    if (typeof operator !== 'string' || !comparisons.includes(operator))
      throw new SyntaxError(`Unrecognized numeric range operator: ${operator}`);
    if (typeof value[index + 1] !== 'number') throw new SyntaxError(`Value of ${operator} must be numeric`);
  }
  if (value.length === 4 && (value[0] === '=' || value[2] === '='))
    throw new SyntaxError('Too many terms in numeric range expression');
}
