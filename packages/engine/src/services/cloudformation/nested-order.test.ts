import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Lab } from '../../testing/lab.ts';
import { startWorld, statusOf, templateOf, things, topic } from './testing/world.ts';

/**
 * A stack of nested stacks, each fed by the one before, updated while one resource somewhere fails, things are slow and the engine crashes:
 * all stacks end together, in the new state or in the old one.
 */
const scenario = fc.record({
  children: fc.array(
    fc.array(fc.constantFrom('same', 'changed', 'replaced', 'removed', 'added'), { minLength: 1, maxLength: 3 }),
    {
      minLength: 1,
      maxLength: 3,
    },
  ),
  failing: fc.tuple(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 3 })),
  late: fc.boolean(),
  slow_ms: fc.array(fc.constantFrom(0, 0, 400, 3_000), { minLength: 3, maxLength: 3 }),
  crashAt_ms: fc.option(fc.integer({ min: 0, max: 8_000 })),
  grandchild: fc.boolean(),
});
type Fate = 'same' | 'changed' | 'replaced' | 'removed' | 'added';

const nested = (url: string, parameters: object, more: object = {}) => ({
  Type: 'AWS::CloudFormation::Stack',
  Properties: { TemplateURL: `s3://templates/${url}`, Parameters: parameters },
  ...more,
});

/** One child's template, before (version 1) or after (version 2) the update. */
function childBody(child: number, fates: readonly Fate[], version: 1 | 2): string {
  const resources = fates.flatMap((fate, index) => {
    if ((version === 1 && fate === 'added') || (version === 2 && fate === 'removed')) return [];
    const now = fate === 'changed' || fate === 'replaced' ? version : 1;
    const name = `c${child}p${index}v${now}`;
    return [[`P${index}`, topic(fate === 'replaced' ? { TopicName: name } : { DisplayName: name })]];
  });
  const last = topic(
    { DisplayName: { 'Fn::Join': ['', [`c${child}end+`, { Ref: 'In' }]] } },
    { DependsOn: resources.map(([id]) => id) },
  );
  return templateOf({
    Parameters: { In: { Type: 'String' } },
    Resources: { ...Object.fromEntries(resources), Last: last },
    Outputs: { Out: { Value: { 'Fn::Join': ['', resources.slice(0, 1).flatMap(([id]) => ['at ', { Ref: id }])] } } },
  });
}

function rootBody(children: readonly (readonly Fate[])[], version: 1 | 2, grandchild: boolean): string {
  const stacks = children.map((_, child) => {
    const input = child === 0 ? 'none' : { 'Fn::GetAtt': [`Child${child - 1}`, 'Outputs.Out'] };
    return [`Child${child}`, nested(`c${child}v${version}.json`, { In: input })];
  });
  const resources = Object.fromEntries(stacks);
  return grandchild
    ? templateOf({ Resources: { Middle: nested(`middle-v${version}.json`, {}) } })
    : templateOf({ Resources: resources });
}

type Scenario = typeof scenario extends fc.Arbitrary<infer Of> ? Of : never;

/** A world with the templates of both versions, in which one part fails from the moment the storm is on. */
function stormyWorld({ children, failing: [child, part], late, slow_ms }: Scenario) {
  const objects: Record<string, string> = {};
  for (const version of [1, 2] as const) {
    objects[`templates/middle-v${version}.json`] = rootBody(children, version, false);
    for (const [index, fates] of children.entries())
      objects[`templates/c${index}v${version}.json`] = childBody(index, fates, version);
  }
  const storm = { on: false, spares: new Set<string>() };
  const reason = (name: string) =>
    storm.on && name.startsWith(`c${child}p${part}v`) && !storm.spares.has(name) ? 'out of luck' : undefined;
  const faults = {
    slow_ms: (name: string) => slow_ms[Number(/p(\d)/.exec(name)?.[1] ?? 0)] ?? 0,
    ...(late ? { settle: reason } : { create: reason, update: reason }),
  };
  return { lab: startWorld({ objects, faults }), storm };
}

const look = (lab: Lab) => ({
  things: lab.context.store
    .table(things)
    .list()
    .map(({ id, name }) => `${id} ${name}`)
    .sort(),
  statuses: lab.cloudFormation.describeStacks({}).Stacks?.map(({ StackStatus }) => StackStatus) ?? [],
});

/** Whether there was anything to update. */
function update(lab: Lab, TemplateBody: string): boolean {
  try {
    lab.cloudFormation.updateStack({ StackName: 'app', TemplateBody });
    return true;
  } catch (error) {
    expect(String(error)).toContain('No updates are to be performed');
    return false;
  }
}

function settle(lab: Lab, crashAt_ms: number | null): Lab {
  if (crashAt_ms !== null) lab.advance(crashAt_ms);
  const there = crashAt_ms === null ? lab : lab.restart();
  there.advance('10m');
  return there;
}

/** The names of all things after the update. */
const namesAfter = (children: readonly (readonly Fate[])[]) =>
  children
    .flatMap((fates, index) => [
      ...fates.flatMap((fate, at) =>
        fate === 'removed' ? [] : [`c${index}p${at}v${fate === 'changed' || fate === 'replaced' ? 2 : 1}`],
      ),
      `c${index}end`,
    ])
    .sort();

test('nested stacks end together, where they were to go or where they came from', () => {
  const ends = { back: 0, on: 0 };
  fc.assert(
    fc.property(scenario, (one) => {
      const { lab, storm } = stormyWorld(one);
      lab.cloudFormation.createStack({ StackName: 'app', TemplateBody: rootBody(one.children, 1, one.grandchild) });
      lab.advance('10m');
      const before = look(lab);
      expect(new Set(before.statuses)).toEqual(new Set(['CREATE_COMPLETE']));
      storm.on = true;
      storm.spares = new Set(
        lab.context.store
          .table(things)
          .list()
          .map(({ name }) => name),
      );
      if (!update(lab, rootBody(one.children, 2, one.grandchild))) return;
      const there = settle(lab, one.crashAt_ms);
      const after = look(there);
      for (const status of after.statuses) expect(status).toMatch(/_COMPLETE$/);
      const back = statusOf(there, 'app') === 'UPDATE_ROLLBACK_COMPLETE';
      ends[back ? 'back' : 'on'] += 1;
      if (back) expect(after.things).toEqual(before.things);
      else
        expect(after.things.map((line) => line.split(' ')[1]?.split('+')[0]).sort()).toEqual(namesAfter(one.children));
      there.cloudFormation.deleteStack({ StackName: 'app' });
      there.advance('10m');
      expect(look(there)).toEqual({ things: [], statuses: [] });
    }),
    // Always the same worlds: of sixty others, some sixty would hardly ever go back, or on.
    { numRuns: 60, seed: 20_260_105 },
  );
  expect([ends.back > 5, ends.on > 5]).toEqual([true, true]);
});
