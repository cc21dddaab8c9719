import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { TargetState } from '../routing-table.ts';
import { type Candidate, type ChoiceInput, chooseGroup, chooseTarget, eligibleTargets } from './choose-target.ts';

const candidate = (id: string, parts: Partial<Candidate> = {}): Candidate => ({
  id,
  state: 'healthy',
  inFlight: 0,
  ...parts,
});
const input = (parts: Partial<ChoiceInput> = {}): ChoiceInput => ({
  algorithm: 'round_robin',
  slowStart_ms: 0,
  now_ms: 1_000_000,
  turn: 0,
  random: 0,
  ...parts,
});

test.each<[string, TargetState[], number[]]>([
  ['only the healthy', ['healthy', 'unhealthy', 'initial', 'draining', 'healthy'], [0, 4]],
  ['all registered ones when none is healthy', ['unhealthy', 'initial', 'draining'], [0, 1]],
  ['nobody while all are in their first checks', ['initial', 'initial'], []],
  ['nobody when all drain', ['draining'], []],
  ['nobody in an empty group', [], []],
])('eligible are %s', (_, states, expected) => {
  const targets = states.map((state, index) => ({ state, index }));
  expect(eligibleTargets(targets).map(({ index }) => index)).toEqual(expected);
});

test('round robin takes each in turn', () => {
  const targets = ['a', 'b', 'c'].map((id) => candidate(id));
  const ids = [0, 1, 2, 3, 4].map((turn) => chooseTarget(targets, input({ turn }))?.id);
  expect(ids).toEqual(['a', 'b', 'c', 'a', 'b']);
});

test('least outstanding takes the idlest, and ties in turn', () => {
  const targets = [candidate('a', { inFlight: 3 }), candidate('b', { inFlight: 1 }), candidate('c', { inFlight: 1 })];
  const ids = [0, 1, 2].map(
    (turn) => chooseTarget(targets, input({ algorithm: 'least_outstanding_requests', turn }))?.id,
  );
  expect(ids).toEqual(['b', 'c', 'b']);
});

/** The share of choices that fall on `id`, over evenly spread random numbers. */
function share(id: string, targets: readonly Candidate[], parts: Partial<ChoiceInput>): number {
  const runs = 1000;
  const hits = Array.from({ length: runs }, (_, turn) =>
    chooseTarget(targets, input({ ...parts, turn, random: (turn + 0.5) / runs })),
  ).filter((chosen) => chosen?.id === id);
  return hits.length / runs;
}

test.each([
  [0, 0],
  [25_000, 0.2],
  [50_000, 1 / 3],
  [100_000, 0.5],
  [900_000, 0.5],
])('after %i ms of a slow start of 100,000 a target has its share', (age_ms, expected) => {
  const targets = [candidate('old', { since_ms: 0 }), candidate('new', { since_ms: 1_000_000 - age_ms })];
  expect(share('new', targets, { slowStart_ms: 100_000 })).toBeCloseTo(expected, 2);
});

test('targets that all start at once share evenly: there is nobody to spare them', () => {
  const targets = [candidate('a', { since_ms: 999_999 }), candidate('b', { since_ms: 990_000 })];
  expect(share('a', targets, { slowStart_ms: 100_000 })).toBeCloseTo(0.5, 2);
});

test('of any targets there are, one is chosen', () => {
  const anyTarget = fc.record({
    id: fc.string(),
    state: fc.constant<TargetState>('healthy'),
    since_ms: fc.option(fc.integer({ min: 0, max: 2_000_000 }), { nil: undefined }),
    inFlight: fc.nat(5),
  });
  const anyInput = fc.record({
    algorithm: fc.constantFrom<ChoiceInput['algorithm']>('round_robin', 'least_outstanding_requests'),
    slowStart_ms: fc.nat(900_000),
    now_ms: fc.constant(1_000_000),
    turn: fc.nat(),
    random: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
  });
  fc.assert(
    fc.property(fc.array(anyTarget, { minLength: 1, maxLength: 6 }), anyInput, (targets, choice) => {
      expect(targets).toContain(chooseTarget(targets, choice));
    }),
  );
});

test('groups are chosen by weight', () => {
  const groups = [
    { id: 'blue', weight: 1 },
    { id: 'green', weight: 3 },
    { id: 'off', weight: 0 },
  ];
  const ids = [0, 0.24, 0.26, 0.99, 0.999999].map((random) => chooseGroup(groups, random)?.id);
  expect(ids).toEqual(['blue', 'blue', 'green', 'green', 'green']);
  expect(
    chooseGroup(
      [
        { id: 'a', weight: 0 },
        { id: 'b', weight: 0 },
      ],
      0.5,
    ),
  ).toBeUndefined();
});
