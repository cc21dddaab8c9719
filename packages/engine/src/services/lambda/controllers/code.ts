import { type Controller, watch } from '../../../kernel/controller.ts';
import { scopeKey } from '../../../kernel/scope.ts';
import { codeUses, functions, versions } from '../model.ts';
import type { LambdaPorts } from '../ports.ts';

/** Notes which code each function runs, or has kept as a version. */
export const codeUseController: Controller = {
  name: 'lambda/code-use',
  watches: [watch(functions, ({ name }) => name), watch(versions, ({ functionName }) => functionName)],
  reconcile(name, { store, scope }) {
    const user = `${scopeKey(scope)}/${name}`;
    const row = store.table(functions).get(name);
    const builds = [
      ...(row ? [row.latest, row.serving ?? row.latest] : []),
      ...store.table(versions).by('function', name),
    ];
    const used = new Set(builds.map(({ digest }) => digest));
    const uses = store.table(codeUses);
    for (const use of uses.by('user', user)) if (!used.has(use.digest)) uses.delete(`${user}@${use.digest}`);
    for (const digest of used) if (!uses.get(`${user}@${digest}`)) uses.put(`${user}@${digest}`, { user, digest });
    return undefined;
  },
};

/** Removes code that no function of any account or region runs any more. */
export const codeController = ({ blobs }: LambdaPorts): Controller => ({
  name: 'lambda/code',
  watches: [watch(codeUses, ({ digest }) => digest)],
  reconcile(digest, { store, after }) {
    if (store.table(codeUses).by('digest', digest).length === 0) after(() => blobs.delete(digest));
    return undefined;
  },
});
