import type { Context } from '../../../kernel/context.ts';
import { type Controller, watch } from '../../../kernel/controller.ts';
import { aliases, grants, type Key, keys } from '../model.ts';
import { planKey } from '../plan-key.ts';
import type { KeyMaterial } from '../ports.ts';
import { rotated } from '../rotation.ts';

/** Deletes keys whose waiting period is over, and rotates those that are due. */
export const keyController = (material: KeyMaterial): Controller => ({
  name: 'kms/key',
  watches: [watch(keys, (_, id) => id)],
  reconcile(id, context) {
    const key = context.store.table(keys).get(id);
    const plan = key && planKey(key, context.now);
    if (!key || !plan) return undefined;
    if ('wakeAt' in plan) return plan.wakeAt;
    if (plan.step === 'delete') remove(key, context);
    else context.store.table(keys).put(id, rotated(key, 'AUTOMATIC', context.now, material));
    return undefined;
  },
});

function remove({ metadata }: Key, context: Context): void {
  const { store } = context;
  store.table(keys).delete(metadata.KeyId);
  for (const { AliasName } of store.table(aliases).by('key', metadata.KeyId)) store.table(aliases).delete(AliasName);
  for (const { GrantId } of store.table(grants).by('key', metadata.KeyId)) store.table(grants).delete(GrantId);
  context.emit({
    type: 'kms/key-deleted',
    subject: metadata.Arn,
    message: `the key ${metadata.KeyId} is deleted: what it encrypted can be read no more`,
    data: { keyId: metadata.KeyId },
  });
}
