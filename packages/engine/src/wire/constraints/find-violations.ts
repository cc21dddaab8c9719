import type { Member, Shape } from '../shapes.ts';
import { brokenRules, type Rule, rulesOf } from './constraint-checks.ts';
import type { Constraint } from './constraint-table.ts';
import { javaText } from './java-text.ts';

/** A value that its model forbids. */
export interface Violation {
  /** The input's member that it is in. */
  readonly member: string;
  readonly path: readonly string[];
  /** As AWS writes it; undefined for what must not be told. */
  readonly value: string | undefined;
  readonly rule: Rule;
  /** AWS speaks of simple values in lists and maps as of the whole, with all that is demanded of each: then those, else the rule alone. */
  readonly of: 'itself' | 'items' | 'keys' | 'values';
  readonly demands: readonly Rule[];
}

/** Walked only for an input that is refused. */
export function findViolations(
  shapes: readonly Constraint[],
  place: number,
  shape: Shape,
  value: unknown,
): Violation[] {
  const found: Violation[] = [];
  walk({ shapes, found }, place, { shape, value, path: [], member: '', isSecret: false });
  return found;
}

interface Walk {
  readonly shapes: readonly Constraint[];
  readonly found: Violation[];
}

interface Spot {
  readonly shape: Shape;
  readonly value: unknown;
  readonly path: readonly string[];
  readonly member: string;
  readonly isSecret: boolean;
}

const isCompound = ({ kind }: Shape): boolean => kind === 'structure' || kind === 'list' || kind === 'map';

function walk(search: Walk, place: number, spot: Spot): void {
  const constraint = search.shapes[place];
  if (!constraint || spot.value === undefined || spot.value === null) return;
  for (const rule of brokenRules(constraint)(spot.value)) note(search, spot, rule, 'itself', [rule]);
  const { shape } = spot;
  if (shape.kind === 'structure') walkStructure(search, constraint, spot, shape.byName);
  if (shape.kind === 'list') walkList(search, constraint, spot, shape.item);
  if (shape.kind === 'map') walkMap(search, constraint, spot, shape.value);
}

function walkStructure(
  search: Walk,
  { members = {} }: Constraint,
  { value, path, member, isSecret }: Spot,
  byName: ReadonlyMap<string, Member>,
): void {
  for (const [name, place] of Object.entries(members)) {
    const known = byName.get(name);
    if (!known) continue;
    walk(search, place, {
      ...{ shape: known.shape, value: (value as Record<string, unknown>)[name] },
      ...{ path: [...path, name], member: member || name },
      isSecret: isSecret || known.traits.sensitive === 1,
    });
  }
}

function walkList(search: Walk, { item }: Constraint, spot: Spot, { shape, traits }: Member): void {
  if (item === undefined) return;
  const isSecret = spot.isSecret || traits.sensitive === 1;
  const items = spot.value as readonly unknown[];
  if (!isCompound(shape)) noteSimple(search, { ...spot, isSecret }, item, items, 'items');
  else
    for (const [index, value] of items.entries())
      walk(search, item, { ...spot, shape, value, path: [...spot.path, String(index + 1), 'member'], isSecret });
}

function walkMap(search: Walk, { key, value: held }: Constraint, spot: Spot, { shape, traits }: Member): void {
  const isSecret = spot.isSecret || traits.sensitive === 1;
  const map = spot.value as Readonly<Record<string, unknown>>;
  if (key !== undefined) noteSimple(search, { ...spot, isSecret }, key, Object.keys(map), 'keys');
  if (held === undefined) return;
  if (!isCompound(shape)) noteSimple(search, { ...spot, isSecret }, held, Object.values(map), 'values');
  else
    for (const [name, value] of Object.entries(map))
      walk(search, held, { ...spot, shape, value, path: [...spot.path, name, 'member'], isSecret });
}

/** One complaint about the whole, whichever of its simple values is wrong. */
function noteSimple(
  search: Walk,
  spot: Spot,
  place: number,
  values: readonly unknown[],
  of: 'items' | 'keys' | 'values',
): void {
  const constraint = search.shapes[place] ?? {};
  const { min, max, pattern, enum: allowed } = constraint;
  const broken = values.find((value) => brokenRules(constraint)(value).length > 0);
  if (broken === undefined) return;
  const all = rulesOf({ min, max, pattern, enum: allowed }, typeof broken === 'number');
  // Within a whole the lengths come first.
  const demands = [...all.filter(({ kind }) => kind !== 'pattern'), ...all.filter(({ kind }) => kind === 'pattern')];
  const [rule] = demands;
  if (rule) note(search, spot, rule, of, demands);
}

function note(search: Walk, spot: Spot, rule: Rule, of: Violation['of'], demands: readonly Rule[]): void {
  const { path, member, isSecret, shape, value } = spot;
  search.found.push({ path, member, rule, of, demands, value: isSecret ? undefined : javaText(shape, value) });
}
