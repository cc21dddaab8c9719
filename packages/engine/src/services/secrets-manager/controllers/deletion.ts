import { type Controller, watch } from '../../../kernel/controller.ts';
import { secrets } from '../model.ts';
import { forget } from '../operations/secrets.ts';

/** Forgets secrets whose recovery window is over. */
export const deletionController: Controller = {
  name: 'secretsmanager/deletion',
  watches: [watch(secrets, ({ deletionAt }, name) => (deletionAt ? name : undefined))],
  reconcile(name, context) {
    const secret = context.store.table(secrets).get(name);
    const at = secret?.deletionAt?.getTime();
    if (!secret || at === undefined) return undefined;
    if (context.now < at) return at;
    forget(secret, context);
    return undefined;
  },
};
