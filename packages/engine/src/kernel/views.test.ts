import { expect, test } from 'vitest';
import { Store, table } from './store.ts';
import { isLasting, type View } from './views.ts';

const boats = table<{ readonly harbour: string }, 'harbour'>('test/boats', {
  indexes: { harbour: ({ harbour }) => harbour },
});
const harbours = table<{ readonly name: string }>('test/harbours');
const others = table<{ readonly name: string }>('test/others');

const crowded: View<{ name: string; boats: number }> = {
  name: 'test/crowded',
  reads: [harbours, boats],
  make(store, id) {
    const harbour = store.table(harbours).get(id);
    return harbour && { name: harbour.name, boats: store.table(boats).by('harbour', id).length };
  },
};

function harbourStore() {
  const store = new Store();
  const scoped = store.in({ account: '000000000000', region: 'us-east-1' });
  scoped.table(harbours).put('kiel', { name: 'Kiel' });
  return { store, scoped };
}

test('a view is made once while nothing that it reads has changed, and anew after that', () => {
  const { scoped } = harbourStore();
  const first = scoped.view(crowded, 'kiel');
  expect(first).toEqual({ name: 'Kiel', boats: 0 });
  scoped.table(others).put('x', { name: 'x' });
  expect(scoped.view(crowded, 'kiel')).toBe(first);
  expect(isLasting(first ?? {})).toBe(true);
  scoped.table(boats).put('anna', { harbour: 'kiel' });
  expect(scoped.view(crowded, 'kiel')).toEqual({ name: 'Kiel', boats: 1 });
});

test('what was undone is not seen in a view', () => {
  const { store, scoped } = harbourStore();
  const mark = store.mark();
  scoped.table(boats).put('anna', { harbour: 'kiel' });
  expect(scoped.view(crowded, 'kiel')?.boats).toBe(1);
  store.undoTo(mark);
  expect(scoped.view(crowded, 'kiel')?.boats).toBe(0);
});

test('a view of what is not there is undefined, until it is; scopes have views of their own', () => {
  const { store, scoped } = harbourStore();
  expect(scoped.view(crowded, 'bergen')).toBeUndefined();
  scoped.table(harbours).put('bergen', { name: 'Bergen' });
  expect(scoped.view(crowded, 'bergen')?.name).toBe('Bergen');
  expect(store.in({ account: '000000000000', region: 'eu-west-1' }).view(crowded, 'kiel')).toBeUndefined();
});

test('nobody can change what a view shows', () => {
  const { scoped } = harbourStore();
  const seen = scoped.view(crowded, 'kiel') as { boats: number };
  expect(() => {
    seen.boats = 9;
  }).toThrow(TypeError);
});
