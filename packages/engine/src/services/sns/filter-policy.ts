import { BlockList, isIP } from 'node:net';

/** JSON as parsed. */
type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
type JsonObject = { readonly [key: string]: Json };

const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * Whether a message passes a subscription's filter policy: every key must match, a key matches if any of its conditions does.
 * Source: https://docs.aws.amazon.com/sns/latest/dg/sns-subscription-filter-policies.html
 */
export function passes(policy: JsonObject, message: JsonObject): boolean {
  return Object.entries(policy).every(([key, wanted]) => {
    if (key === '$or' && Array.isArray(wanted) && wanted.every(isObject))
      return (wanted as readonly JsonObject[]).some((alternative) => passes(alternative, message));
    const value = Object.hasOwn(message, key) ? message[key] : undefined;
    if (!isObject(wanted)) return matchesAny(wanted as readonly Json[], value);
    const inner = Array.isArray(value) ? (value as readonly Json[]) : [value];
    const objects = inner.filter(isObject);
    return objects.length > 0 ? objects.some((object) => passes(wanted, object)) : passes(wanted, {});
  });
}

function matchesAny(conditions: readonly Json[], value: Json | undefined): boolean {
  const leaves = (Array.isArray(value) ? (value as readonly Json[]) : value === undefined ? [] : [value]).filter(
    (leaf) => !isObject(leaf),
  );
  return conditions.some((condition) => {
    if (!isObject(condition)) return leaves.some((leaf) => leaf === condition);
    const [[name, operand] = ['', null]] = Object.entries(condition);
    if (name === 'exists') return operand === leaves.length > 0;
    return leaves.some((leaf) => meets(name, operand, leaf));
  });
}

function meets(name: string, operand: Json, value: Json): boolean {
  if (name === 'numeric') return typeof value === 'number' && isInRange(operand as readonly (string | number)[], value);
  if (name === 'anything-but') return isAnythingBut(operand, value);
  if (typeof value !== 'string') return false;
  return name === 'cidr' ? isInBlock(String(operand), value) : matchesText(name, String(operand), value);
}

function isAnythingBut(operand: Json, value: Json): boolean {
  if (isObject(operand)) {
    const [[name, inner] = ['', null]] = Object.entries(operand);
    const all = Array.isArray(inner) ? inner : [inner];
    return typeof value !== 'string' || !all.some((one) => matchesText(name, String(one), value));
  }
  const all = Array.isArray(operand) ? operand : [operand];
  return !all.some((one) => one === value);
}

function matchesText(name: string, operand: string, value: string): boolean {
  switch (name) {
    case 'prefix':
      return value.startsWith(operand);
    case 'suffix':
      return value.endsWith(operand);
    case 'equals-ignore-case':
      return value.toLowerCase() === operand.toLowerCase();
    case 'wildcard':
      return wildcard(operand).test(value);
    default:
      return false;
  }
}

const wildcard = (pattern: string): RegExp =>
  new RegExp(`^${pattern.replace(/[.+^${}()|[\]\\?]/g, '\\$&').replaceAll('*', '.*?')}$`, 's');

function isInRange(range: readonly (string | number)[], value: number): boolean {
  for (let index = 0; index < range.length; index += 2) {
    const bound = Number(range[index + 1]);
    const met = {
      '=': value === bound,
      '<': value < bound,
      '<=': value <= bound,
      '>': value > bound,
      '>=': value >= bound,
    };
    if (!met[range[index] as keyof typeof met]) return false;
  }
  return true;
}

function isInBlock(block: string, address: string): boolean {
  const [network = '', bits = ''] = block.split('/');
  const version = isIP(network);
  if (version === 0 || isIP(address) !== version) return false;
  const family = version === 6 ? 'ipv6' : 'ipv4';
  const list = new BlockList();
  list.addSubnet(network, Number(bits), family);
  return list.check(address, family);
}

const conditions = ['exists', 'numeric', 'anything-but', 'prefix', 'suffix', 'equals-ignore-case', 'wildcard', 'cidr'];
const policy_bytes_max = 262_144;

/** Parses a filter policy; throws a sentence that says what is wrong with it. */
export function parseFilterPolicy(text: string): JsonObject {
  if (Buffer.byteLength(text) > policy_bytes_max) throw new SyntaxError('Filter policy is too large');
  const policy = parseJson(text);
  if (!isObject(policy)) throw new SyntaxError('Filter policy must be a JSON object');
  checkKeys(policy);
  return policy;
}

function parseJson(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    throw new SyntaxError('failed to parse JSON.');
  }
}

function checkKeys(policy: JsonObject): void {
  for (const [key, wanted] of Object.entries(policy)) {
    if (isObject(wanted)) checkKeys(wanted);
    else if (!Array.isArray(wanted)) throw new SyntaxError(`"${key}" must be an object or an array`);
    else if (wanted.length === 0) throw new SyntaxError('Empty arrays are not allowed');
    else if (key !== '$or') for (const condition of wanted) checkCondition(condition);
    else for (const alternative of wanted) if (isObject(alternative)) checkKeys(alternative);
  }
}

function checkCondition(condition: Json): void {
  if (Array.isArray(condition)) throw new SyntaxError('Match value must be String, number, true, false, or null');
  if (!isObject(condition)) return;
  const [name = ''] = Object.keys(condition);
  if (!conditions.includes(name)) throw new SyntaxError(`Unrecognized match type ${name}`);
}
