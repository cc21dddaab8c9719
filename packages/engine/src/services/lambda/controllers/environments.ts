import { type Controller, watch } from '../../../kernel/controller.ts';
import { endEnvironment } from '../invocations/environment.ts';
import { environments, functions, versions } from '../model.ts';
import type { Desk } from '../ports.ts';
import { planEnvironments } from './plan-environments.ts';

/** Ends environments that nobody needs any more: idle for long, or of a build that is not run any more. */
export const environmentsController = (desk: Desk): Controller => ({
  name: 'lambda/environments',
  watches: [
    watch(environments, ({ functionName }) => functionName),
    watch(functions, ({ name }) => name),
    watch(versions, ({ functionName }) => functionName),
  ],
  reconcile(name, context) {
    const { store } = context;
    const serving = store.table(functions).get(name)?.serving;
    const builds = [...(serving ? [serving] : []), ...store.table(versions).by('function', name)];
    const revisions = new Set(builds.map(({ configuration }) => configuration.RevisionId));
    const { end, lookAgainAt } = planEnvironments(
      store.table(environments).by('function', name),
      revisions,
      context.now,
    );
    for (const environment of end) endEnvironment(context, desk, environment);
    return lookAgainAt;
  },
});
