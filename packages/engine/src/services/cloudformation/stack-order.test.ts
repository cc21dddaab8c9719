import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Lab } from '../../testing/lab.ts';
import { stackResources } from './model.ts';
import { startWorld, statusOf, story, templateOf, things, topic } from './testing/world.ts';

/**
 * Random templates, changes, slownesses, failures and crashes. Whatever happens, the order follows the graph, and a failure ends where
 * everything began.
 */
interface Part {
  readonly id: string;
  readonly needs: readonly string[];
  readonly version: number;
  /** Whether a new version needs a new resource. */
  readonly fixed: boolean;
}

const part = (index: number) =>
  fc.record({
    id: fc.constant(`R${index}`),
    needs: fc.subarray(Array.from({ length: index }, (_, other) => `R${other}`)),
    version: fc.constant(1),
    fixed: fc.boolean(),
  });
const parts = fc
  .integer({ min: 1, max: 7 })
  .chain((count) => fc.tuple(...Array.from({ length: count }, (_, index) => part(index))));

/** What becomes of each part in an update, and what is new. */
const evolution = fc.record({
  fates: fc.array(fc.constantFrom('same', 'changed', 'changed', 'removed'), { minLength: 7, maxLength: 7 }),
  added: fc.integer({ min: 0, max: 3 }),
});
const weather = fc.record({
  slow_ms: fc.array(fc.constantFrom(0, 0, 300, 2_000, 7_000), { minLength: 12, maxLength: 12 }),
  failing: fc.integer({ min: 0, max: 9 }),
  late: fc.boolean(),
  crashAt_ms: fc.option(fc.integer({ min: 100, max: 20_000 })),
});
type Weather = typeof weather extends fc.Arbitrary<infer Of> ? Of : never;
type Evolution = typeof evolution extends fc.Arbitrary<infer Of> ? Of : never;

const label = ({ id, version }: Part) => `${id}v${version}`;
const numberOf = (name: string) => Number(/^R(\d+)/.exec(name)?.[1] ?? 0);

function body(all: readonly Part[]): string {
  const there = new Set(all.map(({ id }) => id));
  const resources = all.map((one) => {
    const refs = one.needs.filter((id) => there.has(id)).map((id) => ({ Ref: id }));
    const name = one.fixed ? { TopicName: label(one) } : {};
    const more = one.fixed ? [] : [label(one)];
    return [one.id, topic({ ...name, DisplayName: { 'Fn::Join': ['+', [label(one), ...more, ...refs]] } })];
  });
  return templateOf({ Resources: Object.fromEntries(resources.reverse()) });
}

function evolve(all: readonly Part[], { fates, added }: Evolution): Part[] {
  const kept = all.flatMap((one, index) => {
    if (fates[index] === 'removed') return [];
    return [fates[index] === 'changed' ? { ...one, version: 2 } : one];
  });
  const fresh = Array.from({ length: added }, (_, index) => ({
    id: `R${all.length + index}`,
    needs: kept.slice(index).map(({ id }) => id),
    version: 1,
    fixed: index % 2 === 0,
  }));
  return [...kept, ...fresh].length > 0 ? [...kept, ...fresh] : [...all];
}

/** A world that is slow here and there, and in which the part of one number fails from the moment it is told to. */
function stormyWorld({ slow_ms, failing, late }: Weather) {
  const storm = { on: false, spares: new Set<string>() };
  const reason = (name: string) =>
    storm.on && numberOf(name) === failing && !storm.spares.has(name) ? 'out of luck' : undefined;
  const faults = {
    slow_ms: (name: string) => slow_ms[numberOf(name)] ?? 0,
    ...(late ? { settle: reason } : { create: reason, update: reason }),
  };
  return { lab: startWorld({ faults }), storm };
}

/** Lets time pass until the stack rests, with a crash on the way. */
function settle(lab: Lab, { crashAt_ms }: Weather): Lab {
  if (crashAt_ms === null) {
    lab.advance('10m');
    return lab;
  }
  lab.advance(crashAt_ms);
  const again = lab.restart();
  again.advance('10m');
  return again;
}

const madeThings = (lab: Lab) =>
  lab.context.store
    .table(things)
    .list()
    .map(({ id, name }) => [id, name])
    .sort();
const rows = (lab: Lab) =>
  lab.context.store
    .table(stackResources)
    .list(({ state }) => state !== 'deleted')
    .map(({ logicalId, physicalId, properties, attributes, dependsOn, obsolete }) => ({
      logicalId,
      physicalId,
      properties,
      attributes,
      dependsOn,
      obsolete,
    }))
    .sort((a, b) => (a.logicalId < b.logicalId ? -1 : 1));

function expectOrder(
  lines: readonly string[],
  all: readonly Part[],
  first: string,
  then: string,
  reverse: boolean,
): void {
  for (const { id, needs } of all)
    for (const needed of needs) {
      const [earlier, later] = reverse ? [id, needed] : [needed, id];
      const done = lines.indexOf(`${earlier} ${first}`);
      const begun = lines.indexOf(`${later} ${then}`);
      if (done >= 0 && begun >= 0) expect(done).toBeLessThan(begun);
    }
}

const runs = { numRuns: 60 };

test('creation follows the graph, and deletion follows it backwards', () => {
  fc.assert(
    fc.property(parts, weather, (all, climate) => {
      const { lab } = stormyWorld(climate);
      const { StackId = '' } = lab.cloudFormation.createStack({ StackName: 'app', TemplateBody: body(all) });
      const there = settle(lab, climate);
      expect(statusOf(there, 'app')).toBe('CREATE_COMPLETE');
      expectOrder(story(there, 'app'), all, 'CREATE_COMPLETE', 'CREATE_IN_PROGRESS', false);
      there.cloudFormation.deleteStack({ StackName: 'app' });
      expect(statusOf(there, StackId)).toBe('DELETE_COMPLETE');
      expectOrder(story(there, StackId), all, 'DELETE_COMPLETE', 'DELETE_IN_PROGRESS', true);
      expect(madeThings(there)).toEqual([]);
    }),
    runs,
  );
});

test('a creation in which one resource fails leaves nothing', () => {
  fc.assert(
    fc.property(parts, weather, (all, climate) => {
      const { lab, storm } = stormyWorld(climate);
      storm.on = true;
      lab.cloudFormation.createStack({ StackName: 'app', TemplateBody: body(all) });
      const there = settle(lab, climate);
      const hit = all.some(({ id }) => numberOf(id) === climate.failing);
      expect(statusOf(there, 'app')).toBe(hit ? 'ROLLBACK_COMPLETE' : 'CREATE_COMPLETE');
      if (hit) expect([madeThings(there), rows(there)]).toEqual([[], []]);
    }),
    runs,
  );
});

test('an update gives what a new stack would have, or, where one resource fails, what was there before', () => {
  fc.assert(
    fc.property(parts, evolution, weather, (all, change, climate) => {
      const { lab, storm } = stormyWorld(climate);
      lab.cloudFormation.createStack({ StackName: 'app', TemplateBody: body(all) });
      lab.advance('10m');
      const before = [madeThings(lab), rows(lab)];
      const next = evolve(all, change);
      storm.on = true;
      // The way back is spared: what was there has been possible before.
      storm.spares = new Set(
        lab.context.store
          .table(things)
          .list()
          .map(({ name }) => name),
      );
      try {
        lab.cloudFormation.updateStack({ StackName: 'app', TemplateBody: body(next) });
      } catch (error) {
        expect(String(error)).toContain('No updates are to be performed');
        return;
      }
      const there = settle(lab, climate);
      const status = statusOf(there, 'app');
      expect(status).toMatch(/^UPDATE_(ROLLBACK_)?COMPLETE$/);
      if (status === 'UPDATE_ROLLBACK_COMPLETE') {
        expect([madeThings(there), rows(there)]).toEqual(before);
        const lines = story(there, 'app');
        const back = lines.slice(lines.findIndex((line) => line.startsWith('app UPDATE_ROLLBACK_IN_PROGRESS')));
        expectOrder(back, all, 'UPDATE_COMPLETE', 'UPDATE_IN_PROGRESS', false);
      } else
        expect(
          madeThings(there)
            .map(([, name]) => name?.split('+')[0])
            .sort(),
        ).toEqual(next.map(label).sort());
    }),
    runs,
  );
});
