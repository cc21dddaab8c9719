import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type PlannedResource, planStack, type StackSituation, type Step } from './plan-stack.ts';

const resource = (logicalId: string, parts: Partial<PlannedResource> = {}): PlannedResource => ({
  key: parts.obsolete ? `${logicalId}/old` : logicalId,
  logicalId,
  dependsOn: [],
  state: 'settled',
  change: 'none',
  undone: false,
  obsolete: false,
  keep: false,
  ...parts,
});
const done = (id: string) => resource(id, { change: 'created' });
const failed = (id: string, failedTo: 'create' | 'update' | 'delete', parts: Partial<PlannedResource> = {}) =>
  resource(id, { state: 'failed', failedTo, ...parts });

/** B and C need A; D needs both. */
const goal = new Map([
  ['D', ['B', 'C']],
  ['A', []],
  ['B', ['A']],
  ['C', ['A']],
]);
const plan = (parts: Partial<StackSituation>): Step[] =>
  planStack({
    status: 'CREATE_IN_PROGRESS',
    goal,
    resources: [],
    outputs: 'pending',
    onFailure: 'rollback',
    held: false,
    isNested: false,
    ...parts,
  });
const old = (id: string, dependsOn: string[] = [], parts: Partial<PlannedResource> = {}) =>
  resource(id, { obsolete: true, dependsOn, ...parts });

describe('forward', () => {
  test.each<[string, Partial<StackSituation>, Step[]]>([
    ['begins with what waits for nothing', {}, [{ do: 'apply', logicalId: 'A' }]],
    [
      'goes on with all that have what they need',
      { resources: [done('A')] },
      [
        { do: 'apply', logicalId: 'B' },
        { do: 'apply', logicalId: 'C' },
      ],
    ],
    [
      'waits for what is under way',
      { resources: [done('A'), resource('B', { state: 'creating', change: 'created' }), done('C')] },
      [],
    ],
    [
      'looks at every resource in an update, also at one that was settled before',
      { status: 'UPDATE_IN_PROGRESS', resources: [resource('A')] },
      [{ do: 'apply', logicalId: 'A' }],
    ],
    ['settles the outputs when all is there', { resources: ['A', 'B', 'C', 'D'].map(done) }, [{ do: 'outputs' }]],
    [
      'is complete',
      { resources: ['A', 'B', 'C', 'D'].map(done), outputs: 'done' },
      [{ do: 'enter', status: 'CREATE_COMPLETE' }],
    ],
    [
      'cleans up after an update',
      { status: 'UPDATE_IN_PROGRESS', resources: ['A', 'B', 'C', 'D'].map(done), outputs: 'done' },
      [{ do: 'enter', status: 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS' }],
    ],
  ])('%s', (_, situation, steps) => {
    expect(plan(situation)).toEqual(steps);
  });
});

describe('a failure', () => {
  const halfWay = [
    done('A'),
    failed('B', 'create', { change: 'created' }),
    resource('C', { state: 'creating', change: 'created' }),
  ];
  test.each<[string, Partial<StackSituation>, Step[]]>([
    [
      'cancels what is under way, and rolls back',
      { resources: halfWay },
      [
        { do: 'cancel', key: 'C' },
        {
          do: 'enter',
          status: 'ROLLBACK_IN_PROGRESS',
          reason: 'The following resource(s) failed to create: [B, C]. Rollback requested by user.',
        },
      ],
    ],
    ['lets what is under way finish where all is to be kept', { resources: halfWay, onFailure: 'keep' }, []],
    [
      'stays where all is to be kept',
      { resources: [done('A'), failed('B', 'create')], onFailure: 'keep' },
      [{ do: 'enter', status: 'CREATE_FAILED', reason: 'The following resource(s) failed to create: [B]. ' }],
    ],
    [
      'deletes the stack where that was asked for',
      { resources: [failed('B', 'create')], onFailure: 'delete' },
      [{ do: 'enter', status: 'DELETE_IN_PROGRESS', reason: 'The following resource(s) failed to create: [B]. ' }],
    ],
    [
      'of a nested stack is nobody’s request',
      { resources: [failed('B', 'create')], isNested: true },
      [{ do: 'enter', status: 'ROLLBACK_IN_PROGRESS', reason: 'The following resource(s) failed to create: [B]. ' }],
    ],
    [
      'of an update names what failed how',
      { status: 'UPDATE_IN_PROGRESS', resources: [failed('B', 'create'), failed('C', 'update')] },
      [
        {
          do: 'enter',
          status: 'UPDATE_ROLLBACK_IN_PROGRESS',
          reason: 'The following resource(s) failed to create: [B]. The following resource(s) failed to update: [C]. ',
        },
      ],
    ],
    [
      'of the outputs is one',
      { resources: ['A', 'B', 'C', 'D'].map(done), outputs: { failed: 'no export' } },
      [{ do: 'enter', status: 'ROLLBACK_IN_PROGRESS', reason: 'no export. Rollback requested by user.' }],
    ],
    [
      'is also a cancelled update',
      { status: 'UPDATE_IN_PROGRESS', cancelled: 'User Initiated', resources: [done('A')] },
      [{ do: 'enter', status: 'UPDATE_ROLLBACK_IN_PROGRESS', reason: 'User Initiated' }],
    ],
  ])('%s', (_, situation, steps) => {
    expect(plan(situation)).toEqual(steps);
  });
});

describe('the way back of an update', () => {
  const back = (resources: PlannedResource[]) => plan({ status: 'UPDATE_ROLLBACK_IN_PROGRESS', resources });
  test.each<[string, PlannedResource[], Step[]]>([
    ['retires what is new', [done('New'), resource('A', { change: 'updated' })], [{ do: 'retire', key: 'New' }]],
    [
      'begins with what others need',
      [resource('A', { change: 'updated' }), resource('B', { change: 'replaced' })],
      [{ do: 'undo', key: 'A' }],
    ],
    [
      'leaves alone what was not changed',
      [resource('A', { change: 'same' }), resource('B', { change: 'updated' })],
      [{ do: 'undo', key: 'B' }],
    ],
    [
      'waits',
      [resource('A', { change: 'updated', undone: true, state: 'updating' }), resource('B', { change: 'updated' })],
      [],
    ],
    [
      'is stuck',
      [failed('A', 'update', { change: 'updated', undone: true }), resource('B', { change: 'updated' })],
      [{ do: 'enter', status: 'UPDATE_ROLLBACK_FAILED', reason: 'The following resource(s) failed to update: [A]. ' }],
    ],
    [
      'ends in a cleanup',
      [resource('A', { change: 'updated', undone: true })],
      [{ do: 'enter', status: 'UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS' }],
    ],
  ])('%s', (_, resources, steps) => {
    expect(back(resources)).toEqual(steps);
  });
});

describe('the cleanup', () => {
  const cleanup = (resources: PlannedResource[], held = false) =>
    plan({ status: 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS', resources, held });
  test.each<[string, PlannedResource[], Step[]]>([
    ['retires what the template has no more', [resource('Gone'), done('A')], [{ do: 'retire', key: 'Gone' }]],
    ['retires what was replaced', [resource('A', { change: 'replaced' })], [{ do: 'retire-replaced', key: 'A' }]],
    ['tells nested stacks first', [resource('A', { nested: 'awaits-commit' }), old('X')], [{ do: 'commit', key: 'A' }]],
    ['deletes leftovers, dependents first', [done('A'), old('X'), old('Y', ['X'])], [{ do: 'delete', key: 'Y/old' }]],
    ['lets go of what is to be kept', [old('X', [], { keep: true })], [{ do: 'keep', key: 'X/old' }]],
    ['waits for nested stacks to be clean', [resource('A', { nested: 'cleaning' })], []],
    [
      'leaves behind what cannot be deleted',
      [failed('X', 'delete', { obsolete: true })],
      [{ do: 'enter', status: 'UPDATE_COMPLETE' }],
    ],
    [
      'does not stop at a circle of leftovers',
      [old('X', ['Y']), old('Y', ['X'])],
      [
        { do: 'delete', key: 'X/old' },
        { do: 'delete', key: 'Y/old' },
      ],
    ],
  ])('%s', (_, resources, steps) => {
    expect(cleanup(resources)).toEqual(steps);
  });

  test('of a nested stack waits for its parent', () => {
    expect(cleanup([old('X')], true)).toEqual([]);
  });
});

describe('deletion', () => {
  const removal = (
    resources: PlannedResource[],
    status: 'DELETE_IN_PROGRESS' | 'ROLLBACK_IN_PROGRESS' = 'DELETE_IN_PROGRESS',
  ) => plan({ status, resources });
  const gone = (id: string) => resource(id, { state: 'deleted' });
  test.each<[string, PlannedResource[], Step[]]>([
    [
      'begins with what nothing needs',
      [resource('A'), resource('B', { dependsOn: ['A'] }), resource('C', { dependsOn: ['A'] })],
      [
        { do: 'delete', key: 'B' },
        { do: 'delete', key: 'C' },
      ],
    ],
    ['waits for dependents', [resource('A'), resource('B', { dependsOn: ['A'], state: 'deleting' })], []],
    ['goes on', [resource('A'), { ...gone('B'), dependsOn: ['A'] }], [{ do: 'delete', key: 'A' }]],
    [
      'does not pull away what a stuck one needs',
      [resource('A'), failed('B', 'delete', { dependsOn: ['A'] })],
      [{ do: 'enter', status: 'DELETE_FAILED', reason: 'The following resource(s) failed to delete: [B]. ' }],
    ],
    ['takes what failed to be created', [failed('A', 'create')], [{ do: 'delete', key: 'A' }]],
    ['is complete', [gone('A')], [{ do: 'enter', status: 'DELETE_COMPLETE' }]],
  ])('%s', (_, resources, steps) => {
    expect(removal(resources)).toEqual(steps);
  });

  test('of a rolled back creation has its own ends', () => {
    expect(removal([gone('A')], 'ROLLBACK_IN_PROGRESS')).toEqual([{ do: 'enter', status: 'ROLLBACK_COMPLETE' }]);
    expect(removal([failed('A', 'delete')], 'ROLLBACK_IN_PROGRESS')).toEqual([
      { do: 'enter', status: 'ROLLBACK_FAILED', reason: 'The following resource(s) failed to delete: [A]. ' },
    ]);
  });
});

test('whatever the situation, there is a next step or something to wait for', () => {
  const anyResource = (index: number) =>
    fc.record({
      key: fc.constant(`R${index}`),
      logicalId: fc.constant(`R${index}`),
      dependsOn: fc.subarray(Array.from({ length: 5 }, (_, other) => `R${other}`)),
      state: fc.constantFrom('settled', 'creating', 'updating', 'deleting', 'failed', 'deleted'),
      failedTo: fc.constantFrom('create', 'update', 'delete'),
      change: fc.constantFrom('none', 'same', 'created', 'updated', 'replaced'),
      undone: fc.boolean(),
      obsolete: fc.boolean(),
      keep: fc.boolean(),
    });
  const situation = fc.record({
    status: fc.constantFrom(
      'CREATE_IN_PROGRESS',
      'UPDATE_IN_PROGRESS',
      'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS',
      'ROLLBACK_IN_PROGRESS',
      'UPDATE_ROLLBACK_IN_PROGRESS',
      'UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS',
      'DELETE_IN_PROGRESS',
    ),
    goal: fc.constant(
      new Map([
        ['R0', []],
        ['R1', ['R0']],
        ['R2', ['R0', 'R1']],
      ]),
    ),
    resources: fc.tuple(...[0, 1, 2, 3, 4].map(anyResource)),
    outputs: fc.constantFrom('pending', 'done'),
    onFailure: fc.constantFrom('rollback', 'keep', 'delete'),
    held: fc.constant(false),
    isNested: fc.boolean(),
  });
  fc.assert(
    fc.property(situation, (one) => {
      const steps = planStack(one as StackSituation);
      const busy = one.resources.some(
        ({ state }) => state === 'creating' || state === 'updating' || state === 'deleting',
      );
      if (!busy) expect(steps).not.toEqual([]);
    }),
    { numRuns: 2000 },
  );
});
