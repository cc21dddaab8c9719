import { once } from '../tree-codec.ts';
import type { Constraint, ConstraintTable } from './constraint-table.ts';
import { javaPattern } from './java-pattern.ts';

/** Whether a value is all that its shape demands, down to its leaves. */
export type Satisfies = (value: unknown) => boolean;

/** The checks of a table's shapes, each made when it is first needed: a request pays for its own operation only. */
export function constraintChecks({ shapes }: ConstraintTable): (place: number) => Satisfies {
  const made = new Map<number, Satisfies>();
  const checkAt = (place: number): Satisfies => {
    const known = made.get(place);
    if (known) return known;
    const check = checkOf(shapes[place] ?? {}, checkAt);
    made.set(place, check);
    return check;
  };
  return checkAt;
}

function checkOf(constraint: Constraint, checkAt: (place: number) => Satisfies): Satisfies {
  const own = brokenRules(constraint);
  const within = once(() => checkWithin(constraint, checkAt));
  return (value) => own(value).length === 0 && within()(value);
}

function checkWithin(
  { members, item, key, value: held }: Constraint,
  checkAt: (place: number) => Satisfies,
): Satisfies {
  if (members) {
    const checks = Object.entries(members).map(([name, place]) => [name, checkAt(place)] as const);
    return (value) => checks.every(([name, check]) => isFine((value as Record<string, unknown>)[name], check));
  }
  if (item !== undefined) return (value) => (value as unknown[]).every(checkAt(item));
  if (key === undefined && held === undefined) return () => true;
  const [keyCheck, valueCheck] = [key, held].map((place) => (place === undefined ? () => true : checkAt(place)));
  return (value) =>
    Object.entries(value as object).every(([name, each]) => keyCheck?.(name) && isFine(each, valueCheck ?? keyCheck));
}

const isFine = (value: unknown, check: Satisfies): boolean => value === undefined || value === null || check(value);

/** What of its own demands (not of those within it) a value does not meet, in the order of AWS's sentences. */
export type BrokenRules = (value: unknown) => readonly Rule[];

export interface Rule {
  readonly kind: 'pattern' | 'most' | 'least' | 'enum';
  readonly measure: 'length' | 'value';
  readonly bound: string;
}

const none: readonly Rule[] = [];

export function brokenRules({ min, max, pattern, enum: values }: Constraint): BrokenRules {
  const expression = pattern === undefined ? undefined : javaPattern(pattern);
  const allowed = values ? new Set(values) : undefined;
  return (value) => {
    const size = sizeOf(value);
    const isPattern = !expression || typeof value !== 'string' || expression.test(value);
    const isMost = max === undefined || size <= max;
    const isLeast = min === undefined || size >= min;
    const isAllowed = !allowed || typeof value !== 'string' || allowed.has(value);
    if (isPattern && isMost && isLeast && isAllowed) return none;
    return rulesOf({ min, max, pattern, enum: values }, typeof value === 'number').filter(
      ({ kind }) => !{ pattern: isPattern, most: isMost, least: isLeast, enum: isAllowed }[kind],
    );
  };
}

interface Demands {
  readonly min: number | undefined;
  readonly max: number | undefined;
  readonly pattern: string | undefined;
  readonly enum: readonly string[] | undefined;
}

/** All that is demanded of a value, in AWS's order. */
export function rulesOf({ min, max, pattern, enum: values }: Demands, isNumber: boolean): Rule[] {
  const measure = isNumber ? 'value' : 'length';
  return [
    ...(pattern === undefined ? [] : [{ kind: 'pattern' as const, measure, bound: pattern } as const]),
    ...(max === undefined ? [] : [{ kind: 'most' as const, measure, bound: String(max) } as const]),
    ...(min === undefined ? [] : [{ kind: 'least' as const, measure, bound: String(min) } as const]),
    ...(values ? [{ kind: 'enum' as const, measure, bound: `[${values.join(', ')}]` } as const] : []),
  ];
}

/** A text's length is counted in characters, not in the halves of those that UTF-16 writes in two. */
function sizeOf(value: unknown): number {
  if (typeof value === 'number') return value;
  if (typeof value === 'string') return lengthOf(value);
  if (Array.isArray(value)) return value.length;
  if (value instanceof Uint8Array) return value.byteLength;
  return typeof value === 'object' && value !== null ? Object.keys(value).length : 0;
}

const lengthOf = (text: string): number => (/[\uD800-\uDBFF]/.test(text) ? [...text].length : text.length);
