import { expect, test } from 'vitest';
import { labScope, startLab } from '../testing/lab.ts';
import { memoryJournal } from '../testing/memory.ts';
import { AwsError } from './aws-error.ts';
import { rootCaller } from './caller.ts';
import { VirtualClock } from './clock.ts';
import { watch } from './controller.ts';
import { seededIds } from './ids.ts';
import { Kernel } from './kernel.ts';
import { defineService, type Service } from './service.ts';
import { table } from './store.ts';

interface Thing {
  readonly name: string;
  readonly wanted: number;
  readonly have: number;
}
const things = table<Thing, 'wanted'>('test/things', { indexes: { wanted: (thing) => String(thing.wanted) } });

/** A service that brings `have` up to `wanted`, one a second. */
function counting(log: string[] = []): Service {
  return defineService('sts', {
    operations: {
      GetCallerIdentity: (_input, context) => {
        context.store.table(things).put('a', { name: 'a', wanted: 3, have: 0 });
        context.after(() => log.push('after'));
        context.emit({ type: 'test/asked', subject: 'a', message: 'asked' });
        return {};
      },
      GetSessionToken: (_input, context) => {
        context.store.table(things).put('b', { name: 'b', wanted: 1, have: 1 });
        throw new AwsError('Refused', 'no');
      },
    },
    controllers: [
      {
        name: 'sts/things',
        watches: [watch(things, (thing) => thing.name)],
        reconcile(name, { store, now }) {
          const thing = store.table(things).get(name);
          if (!thing || thing.have >= thing.wanted) return undefined;
          log.push(`${name} ${thing.have}`);
          if (log.filter((line) => line === `${name} ${thing.have}`).length < 2) return now + 1000;
          store.table(things).put(name, { ...thing, have: thing.have + 1 });
          return undefined;
        },
      },
    ],
  });
}

const have = (lab: ReturnType<typeof startLab>) => lab.context.store.table(things).get('a')?.have;

test('a turn runs controllers until quiet, then effects; timers look again', () => {
  const log: string[] = [];
  const lab = startLab({ services: () => [counting(log)] });
  lab.sts.getCallerIdentity({});
  expect(log).toEqual(['a 0', 'after']);
  lab.advance('3s');
  expect(have(lab)).toBe(3);
  expect(lab.events('test/asked')).toMatchObject([{ subject: 'a', actor: { kind: 'root' } }]);
});

test('a refused request leaves nothing behind', () => {
  const lab = startLab({ services: () => [counting()] });
  expect(() => lab.sts.getSessionToken({})).toThrow('no');
  expect(lab.context.store.table(things).list()).toEqual([]);
});

test('after a crash every controller sees every key once', () => {
  const lab = startLab({ services: () => [counting()] });
  lab.sts.getCallerIdentity({});
  lab.advance('1s');
  expect(have(lab)).toBe(1);
  const again = lab.restart();
  again.advance('2s');
  expect(have(again)).toBe(3);
  expect(have(lab)).toBe(1);
});

test('an index follows its rows, and an undone write', () => {
  const lab = startLab({ services: () => [counting()] });
  const rows = lab.context.store.table(things);
  lab.sts.getCallerIdentity({});
  expect(rows.by('wanted', '3').map((thing) => thing.name)).toEqual(['a']);
  expect(() => lab.sts.getSessionToken({})).toThrow();
  expect(rows.by('wanted', '1')).toEqual([]);
});

test('an attempt that fails leaves no row, no event and no effect, and the turn goes on', () => {
  const log: string[] = [];
  const lab = startLab({ services: () => [counting()] });
  lab.context.turn((context) => {
    const attempt = () =>
      context.attempt(() => {
        context.store.table(things).put('c', { name: 'c', wanted: 0, have: 0 });
        context.emit({ type: 'test/attempted', subject: 'c', message: 'attempted' });
        context.after(() => log.push('effect'));
        throw new AwsError('Refused', 'no');
      });
    expect(attempt).toThrow('no');
    context.emit({ type: 'test/after', subject: 'c', message: 'after' });
  });
  expect(lab.context.store.table(things).get('c')).toBeUndefined();
  expect(lab.events().map(({ type, sequence }) => [type, sequence])).toEqual([['test/after', 1]]);
  expect(log).toEqual([]);
});

test('an operation nobody wrote says so', () => {
  const lab = startLab({ services: () => [counting()] });
  expect(() => lab.sts.assumeRole({ RoleArn: 'x', RoleSessionName: 'y' })).toThrow(
    'sts.AssumeRole is not implemented here',
  );
});

test('a turn that cannot be written is undone, in memory too', () => {
  const journal = memoryJournal();
  let full = false;
  const commit: typeof journal.commit = (rows, events) => {
    if (full) throw new Error('the disk is full');
    journal.commit(rows, events);
  };
  const lab = startLab({ services: () => [counting()], journal: { ...journal, commit } });
  full = true;
  expect(() => lab.sts.getCallerIdentity({})).toThrow('the disk is full');
  expect(lab.context.store.table(things).list()).toEqual([]);
  full = false;
  lab.sts.getCallerIdentity({});
  expect(lab.events().map((event) => event.sequence)).toEqual([1]);
});

test('a controller that fails looks again, and what it wrote is undone', () => {
  const bugs: unknown[] = [];
  let broken = true;
  const service: Service = {
    ...counting(),
    controllers: [
      {
        name: 'sts/things',
        watches: [watch(things, (thing) => thing.name)],
        reconcile(name, { store }) {
          const thing = store.table(things).get(name);
          if (!thing || thing.have === 9) return undefined;
          store.table(things).put(name, { ...thing, have: 9 });
          if (broken) throw new Error('a bug');
          return undefined;
        },
      },
    ],
  };
  const clock = new VirtualClock();
  const kernel = new Kernel({
    clock,
    ids: seededIds(1),
    journal: memoryJournal(),
    services: [service],
    onBug: (bug) => bugs.push(bug),
  });
  kernel.start();
  kernel.request('sts', 'GetCallerIdentity', {}, { scope: labScope, caller: rootCaller(labScope.account) });
  const of = () => kernel.in(labScope).store.table(things).get('a')?.have;
  expect([bugs.length, of()]).toEqual([1, 0]);
  broken = false;
  clock.advance(10_000);
  expect([bugs.length, of()]).toEqual([1, 9]);
});
