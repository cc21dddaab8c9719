import { BlockList, isIP } from 'node:net';
import { alternatives, type EventPattern, isObject, type Json, type JsonObject } from './event-pattern.ts';

/**
 * Whether an event matches a pattern: every field of the pattern must match, a field matches if any of its values does. Fields below one array
 * must all match in the same element of it. Sources: EventBridge user guide, "Event patterns"; github.com/aws/event-ruler, "Ruler by Example".
 */
export function matchesPattern(pattern: EventPattern, event: JsonObject): boolean {
  return Object.entries(pattern).every(([key, wanted]) => {
    const either = alternatives(key, wanted);
    if (either) return either.some((alternative) => matchesPattern(alternative, event));
    const value = Object.hasOwn(event, key) ? event[key] : undefined;
    return isObject(wanted) ? matchesNested(wanted, value) : matchesField(wanted as readonly Json[], value);
  });
}

/** An absent object matches only what asks for absence. */
function matchesNested(wanted: JsonObject, value: Json | undefined): boolean {
  if (Array.isArray(value)) {
    const objects = (value as readonly Json[]).flat(Number.POSITIVE_INFINITY as 1).filter(isObject);
    return objects.length > 0 ? objects.some((object) => matchesPattern(wanted, object)) : matchesPattern(wanted, {});
  }
  return matchesPattern(wanted, isObject(value) ? value : {});
}

function matchesField(matchers: readonly Json[], value: Json | undefined): boolean {
  const leaves = leavesOf(value);
  return matchers.some((matcher) => {
    if (isObject(matcher) && 'exists' in matcher) return matcher['exists'] === leaves.length > 0;
    return leaves.some((leaf) => matchesLeaf(matcher, leaf));
  });
}

/** A field's values: itself, or those in its array. An object is no value of its own. */
function leavesOf(value: Json | undefined): Json[] {
  if (value === undefined) return [];
  const all = Array.isArray(value) ? (value as readonly Json[]).flat(Number.POSITIVE_INFINITY as 1) : [value];
  return all.filter((leaf) => !isObject(leaf));
}

function matchesLeaf(matcher: Json, value: Json): boolean {
  if (!isObject(matcher)) return matcher === value;
  const [[name, operand] = ['', null]] = Object.entries(matcher);
  if (name === 'anything-but') return isAnythingBut(operand, value);
  if (name === 'numeric') return typeof value === 'number' && isInRange(operand as readonly (string | number)[], value);
  if (typeof value !== 'string') return false;
  return name === 'cidr' ? isInSubnet(operand as string, value) : matchesText(name, operand, value);
}

function matchesText(name: string, operand: Json, value: string): boolean {
  if (isObject(operand))
    return matchesText(name, String(operand['equals-ignore-case']).toLowerCase(), value.toLowerCase());
  const wanted = String(operand);
  if (name === 'prefix') return value.startsWith(wanted);
  if (name === 'suffix') return value.endsWith(wanted);
  if (name === 'equals-ignore-case') return value.toLowerCase() === wanted.toLowerCase();
  return matchesWildcard(wanted, value);
}

function isAnythingBut(operand: Json, value: Json): boolean {
  if (!isObject(operand)) return !(Array.isArray(operand) ? operand : [operand]).includes(value);
  const [[name, inner] = ['', null]] = Object.entries(operand);
  const items = (Array.isArray(inner) ? inner : [inner]) as readonly Json[];
  return typeof value !== 'string' || !items.some((item) => matchesText(name, item, value));
}

function isInRange(range: readonly (string | number)[], value: number): boolean {
  for (let index = 0; index < range.length; index += 2) {
    const bound = Number(range[index + 1]);
    const holds = {
      '=': value === bound,
      '<': value < bound,
      '<=': value <= bound,
      '>': value > bound,
      '>=': value >= bound,
    }[String(range[index])];
    if (!holds) return false;
  }
  return true;
}

function isInSubnet(cidr: string, value: string): boolean {
  const family = isIP(value);
  const [address = '', bits] = cidr.split('/');
  if (family === 0 || isIP(address) !== family) return false;
  const list = new BlockList();
  const kind = family === 4 ? 'ipv4' : 'ipv6';
  list.addSubnet(address, Number(bits ?? (family === 4 ? 32 : 128)), kind);
  return list.check(value, kind);
}

/** `*` stands for any characters, `\*` for itself. Linear: each part is searched once, from where the last one ended. */
export function matchesWildcard(pattern: string, value: string): boolean {
  const parts: string[] = [];
  let part = '';
  for (let index = 0; index < pattern.length; index++) {
    if (pattern[index] === '*') {
      parts.push(part);
      part = '';
    } else part += pattern[index] === '\\' ? (pattern[++index] ?? '') : pattern[index];
  }
  parts.push(part);
  const [first = '', ...others] = parts;
  const last = others.pop();
  if (last === undefined) return value === first;
  if (!value.startsWith(first) || value.length < first.length + last.length || !value.endsWith(last)) return false;
  let from = first.length;
  for (const other of others) {
    const found = value.indexOf(other, from);
    if (found < 0) return false;
    from = found + other.length;
  }
  return from <= value.length - last.length;
}
