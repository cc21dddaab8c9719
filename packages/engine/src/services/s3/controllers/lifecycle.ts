import { isAwsError } from '../../../kernel/aws-error.ts';
import type { Context } from '../../../kernel/context.ts';
import { type Controller, watch } from '../../../kernel/controller.ts';
import { asService } from '../../../kernel/create-context.ts';
import { lifecycleRulesOf } from '../lifecycle/expiration.ts';
import { isEnabled, midnight, planLifecycle, type Step } from '../lifecycle/plan-lifecycle.ts';
import { buckets, objects, uploads, versionKey } from '../model.ts';
import { notify } from '../notifications/notify.ts';
import { removeObject } from '../operations/deletions.ts';

/** Looks at each bucket that has rules at every midnight UTC: nothing is due in between. */
export const lifecycleController: Controller = {
  name: 's3/lifecycle',
  watches: [watch(buckets, ({ name }) => name)],
  reconcile(name, context) {
    const bucket = context.store.table(buckets).get(name);
    const rules = bucket ? lifecycleRulesOf(bucket).filter(isEnabled) : [];
    if (!bucket || rules.length === 0) return undefined;
    const contents = {
      versions: context.store.table(objects).by('bucket', name),
      uploads: context.store.table(uploads).by('bucket', name),
    };
    const own = asService(context.in({ account: bucket.account, region: bucket.region }), 's3');
    for (const step of planLifecycle(rules, contents, context.now)) take(step, own);
    return midnight(context.now + 1);
  },
};

function take(step: Step, context: Context): void {
  if (step.kind === 'abort') context.store.table(uploads).delete(step.upload.id);
  else if (step.kind === 'transition') {
    const moved = { ...step.version, storageClass: step.to };
    context.store.table(objects).put(versionKey(moved), moved);
    notify(context, { name: 'LifecycleTransition' }, moved);
  } else remove(step, context);
}

/** What is locked stays: the rule tries again tomorrow. */
function remove({ kind, version }: Step & { kind: 'expire' | 'remove' }, context: Context): void {
  const { bucket: Bucket, key: Key, versionId } = version;
  const VersionId = kind === 'remove' ? versionId : undefined;
  try {
    context.attempt(() => removeObject(context, { Bucket, Key, VersionId }, 'Lifecycle Expiration'));
  } catch (error) {
    if (!isAwsError(error, 'AccessDenied')) throw error;
  }
}
