import type { Ids } from '../../kernel/ids.ts';
import type { Member, Shape, StructureShape } from '../shapes.ts';

/** Where a value travels, which limits what it can be. */
export type Place = 'body' | 'header' | 'uri';

export interface RandomValues {
  structure(shape: StructureShape, options?: { readonly placeOf?: (member: Member) => Place }): Record<string, unknown>;
}

const depth_max = 5;
const words = [
  'a',
  'web',
  'Zürich',
  'a<b>&"c"',
  '&lt;&amp;',
  ' two words ',
  '日本',
  '😀',
  'line\nbreak',
  '1.5',
  'true',
  'x=y&z',
  'a/b+c%20',
];
const plainWords = ['a', 'web', 'two words', 'a-b_c.d', 'x=y;z', '1.5'];

/** The members of a union that do not hold the union again (ACM's filters are of filters): deep down only those end. */
const leavesOf = (shape: StructureShape): readonly Member[] =>
  shape.members.filter((member) => !reaches(member.shape, shape, new Set()));

function reaches(from: Shape, target: StructureShape, seen: Set<Shape>): boolean {
  if (from === target) return true;
  if (seen.has(from)) return false;
  seen.add(from);
  if (from.kind === 'list') return reaches(from.item.shape, target, seen);
  if (from.kind === 'map') return reaches(from.value.shape, target, seen);
  return from.kind === 'structure' && from.members.some((member) => reaches(member.shape, target, seen));
}

/** Random values of a shape, the same for the same seed. Never an empty list, map or structure: the query protocols cannot tell those from nothing. */
export function randomValues(ids: Ids): RandomValues {
  const random = (max: number) => Math.floor(ids.random('differential') * max);
  const pick = <T>(from: readonly T[]): T => from[random(from.length)] as T;

  function structure(shape: StructureShape, place: (member: Member) => Place, depth: number): Record<string, unknown> {
    const chosen = shape.union
      ? [pick(depth < depth_max ? shape.members : leavesOf(shape))]
      : shape.members.filter(({ required }) => required || (depth < depth_max && random(depth + 1) === 0));
    // Something must be in it, or it is an empty structure.
    const members = chosen.length > 0 ? chosen : shape.members.slice(0, 1);
    return Object.fromEntries(members.map((member) => [member.name, value(member.shape, place(member), depth + 1)]));
  }

  function value(shape: Shape, place: Place, depth: number): unknown {
    switch (shape.kind) {
      case 'structure':
        return structure(shape, () => place, depth);
      case 'list':
        return Array.from({ length: 1 + random(3) }, () => value(shape.item.shape, place, depth));
      case 'map':
        return Object.fromEntries(
          Array.from({ length: 1 + random(2) }, () => [text(place), value(shape.value.shape, place, depth)]),
        );
      case 'timestamp':
        return new Date((1_700_000_000 + random(100_000_000)) * 1000);
      case 'blob':
        return new Uint8Array(Array.from({ length: 1 + random(20) }, () => random(256)));
      case 'boolean':
        return random(2) === 0;
      case 'number':
        return pick([0, 1, -1, 42, 1024, 2 ** 40]);
      case 'document':
        return { a: [1, 'b', true] };
      default:
        return text(place);
    }
  }

  const text = (place: Place): string => pick(place === 'body' ? words : plainWords);

  return { structure: (shape, { placeOf = () => 'body' as const } = {}) => structure(shape, placeOf, 0) };
}

export const httpPlace = ({ traits }: Member): Place =>
  traits.httpHeader || traits.httpPrefixHeaders ? 'header' : traits.httpLabel || traits.httpQuery ? 'uri' : 'body';
