import { AwsError } from '../../../kernel/aws-error.ts';
import { checkPolicy } from '../key-policy.ts';
import { putKey, requireKeyById } from '../lookup.ts';
import type { Handler } from '../model.ts';
import { requireChangeable } from './keys.ts';

const only = 'default';

function checkName(name: string | undefined): void {
  if (name !== undefined && name !== only) throw new AwsError('NotFoundException', 'No such policy exists');
}

export const getKeyPolicy: Handler<'GetKeyPolicy'> = ({ KeyId, PolicyName }, context) => {
  checkName(PolicyName);
  return { Policy: requireKeyById(context, KeyId).policy, PolicyName: only };
};

export const putKeyPolicy: Handler<'PutKeyPolicy'> = ({ KeyId, PolicyName, Policy }, context) => {
  checkName(PolicyName);
  putKey(context, { ...requireChangeable(context, KeyId), policy: checkPolicy(Policy) });
  return {};
};

export const listKeyPolicies: Handler<'ListKeyPolicies'> = ({ KeyId }, context) => {
  requireKeyById(context, KeyId);
  return { PolicyNames: [only], Truncated: false };
};
