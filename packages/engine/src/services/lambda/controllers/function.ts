import { type Controller, watch } from '../../../kernel/controller.ts';
import { functions } from '../model.ts';

/** AWS says nothing of how long a function without a VPC takes; it is about this. */
const change_ms = 500;

/** Puts what was created or changed in place: then, and not before, `$LATEST` runs it. */
export const functionController: Controller = {
  name: 'lambda/function',
  watches: [watch(functions, ({ name }) => name)],
  reconcile(name, context) {
    const row = context.store.table(functions).get(name);
    if (!row) return undefined;
    const { configuration, digest } = row.latest;
    if (configuration.State !== 'Pending' && configuration.LastUpdateStatus !== 'InProgress') return undefined;
    const doneAt = row.changedAt + change_ms;
    if (context.now < doneAt) return doneAt;
    const {
      StateReason: _,
      StateReasonCode: __,
      LastUpdateStatusReason: ___,
      LastUpdateStatusReasonCode: ____,
      ...settled
    } = configuration;
    const latest = {
      digest,
      configuration: { ...settled, State: 'Active' as const, LastUpdateStatus: 'Successful' as const },
    };
    context.store.table(functions).put(name, { ...row, latest, serving: latest });
    return undefined;
  },
};
