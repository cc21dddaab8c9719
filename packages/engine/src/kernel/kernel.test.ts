import { expect, test } from 'vitest';
import { startLab } from '../testing/lab.ts';
import { AwsError } from './aws-error.ts';
import { watch } from './controller.ts';
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
