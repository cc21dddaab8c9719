import { expect, test } from 'vitest';
import type { Version } from './model.ts';
import { planMove, planStages, planVersion } from './plan-stages.ts';

const version = (id: string, ...stages: string[]): Version => ({
  id,
  stages,
  createdAt: new Date(0),
  kind: 'string',
  sealed: '',
  dataKey: '',
  digest: '',
});
const shown = (versions: readonly Version[]) => versions.map(({ id, stages }) => `${id} ${stages.join(',')}`.trim());

test.each([
  { case: 'the first', before: [], stages: ['AWSCURRENT'], expected: ['n AWSCURRENT'] },
  {
    case: 'a second',
    before: [version('a', 'AWSCURRENT')],
    stages: ['AWSCURRENT'],
    expected: ['a AWSPREVIOUS', 'n AWSCURRENT'],
  },
  {
    case: 'a third',
    before: [version('a', 'AWSPREVIOUS'), version('b', 'AWSCURRENT', 'blue')],
    stages: ['AWSCURRENT'],
    expected: ['a', 'b blue,AWSPREVIOUS', 'n AWSCURRENT'],
  },
  {
    case: 'a pending one',
    before: [version('a', 'AWSCURRENT')],
    stages: ['AWSPENDING'],
    expected: ['a AWSCURRENT', 'n AWSPENDING'],
  },
])('$case version', ({ before, stages, expected }) => {
  const { stages: _, ...fresh } = version('n');
  expect(shown(planVersion(before, fresh, stages))).toEqual(expected);
});

test('current given back makes the other one previous', () => {
  const after = planStages([version('a', 'AWSPREVIOUS'), version('b', 'AWSCURRENT')], 'a', ['AWSCURRENT']);
  expect(shown(after)).toEqual(['a AWSCURRENT', 'b AWSPREVIOUS']);
});

test('who moves a stage must know where it is', () => {
  const versions = [version('a', 'blue'), version('b')];
  expect(shown(planMove(versions, { stage: 'blue', from: 'a', to: 'b' }))).toEqual(['a', 'b blue']);
  expect(shown(planMove(versions, { stage: 'blue', from: 'a' }))).toEqual(['a', 'b']);
  expect(() => planMove(versions, { stage: 'blue', to: 'b' })).toThrow('explicitly reference that version');
  expect(() => planMove(versions, { stage: 'blue', from: 'b' })).toThrow('not currently attached');
  expect(() => planMove(versions, { stage: 'blue', to: 'x' })).toThrow('VersionId: x');
});

test('of versions without a stage a hundred are kept', () => {
  const old = Array.from({ length: 105 }, (_, index) => version(`v${index}`));
  const { stages: _, ...fresh } = version('n');
  const after = planVersion(old, fresh, ['AWSCURRENT']);
  expect([after.length, after[0]?.id]).toEqual([101, 'v5']);
});
