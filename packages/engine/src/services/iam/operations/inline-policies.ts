import type { Context } from '../../../kernel/context.ts';
import { inlineNotFound, malformedDocument } from '../errors.ts';
import { type InlinePolicy, inlineKey, inlinePolicies, type Owner, ownerId } from '../model.ts';
import { byName, checkName, encodeDocument, pageOf } from '../names.ts';
import { documentProblem } from '../policy-document.ts';
import { type Op, requireOwner } from './find-rows.ts';

interface Named {
  readonly PolicyName: string;
}

function put(
  context: Context,
  owner: Owner,
  { PolicyName, PolicyDocument }: Named & { PolicyDocument: string },
): object {
  checkName(PolicyName, 'policyName');
  const problem = documentProblem(PolicyDocument, 'identity');
  if (problem) throw malformedDocument(problem);
  context.store
    .table(inlinePolicies)
    .put(inlineKey(owner, PolicyName), { ...owner, policyName: PolicyName, document: PolicyDocument });
  context.emit({
    type: 'iam/inline-policy-put',
    subject: ownerId(owner),
    message: `the ${owner.kind} ${owner.name} has the policy ${PolicyName}`,
    data: { ...owner, policyName: PolicyName },
  });
  return {};
}

function find({ store }: Context, owner: Owner, { PolicyName }: Named): InlinePolicy {
  const found = store.table(inlinePolicies).get(inlineKey(owner, PolicyName));
  if (!found) throw inlineNotFound(owner.kind, PolicyName);
  return found;
}

function get(context: Context, owner: Owner, input: Named) {
  const { policyName, document } = find(context, owner, input);
  return { PolicyName: policyName, PolicyDocument: encodeDocument(document) };
}

function remove(context: Context, owner: Owner, input: Named): object {
  const { policyName } = find(context, owner, input);
  context.store.table(inlinePolicies).delete(inlineKey(owner, policyName));
  return {};
}

function list(context: Context, owner: Owner, paging: { Marker?: string; MaxItems?: number }) {
  const held = context.store.table(inlinePolicies).by('owner', ownerId(owner));
  const { items, next } = pageOf(held.sort(byName(({ policyName }) => policyName)), paging);
  return { PolicyNames: items.map(({ policyName }) => policyName), ...next };
}

export const putRolePolicy: Op<'PutRolePolicy'> = (input, context) =>
  put(context, requireOwner.role(context, input.RoleName), input);
export const putUserPolicy: Op<'PutUserPolicy'> = (input, context) =>
  put(context, requireOwner.user(context, input.UserName), input);
export const putGroupPolicy: Op<'PutGroupPolicy'> = (input, context) =>
  put(context, requireOwner.group(context, input.GroupName), input);

export const getRolePolicy: Op<'GetRolePolicy'> = (input, context) => {
  const owner = requireOwner.role(context, input.RoleName);
  return { RoleName: owner.name, ...get(context, owner, input) };
};
export const getUserPolicy: Op<'GetUserPolicy'> = (input, context) => {
  const owner = requireOwner.user(context, input.UserName);
  return { UserName: owner.name, ...get(context, owner, input) };
};
export const getGroupPolicy: Op<'GetGroupPolicy'> = (input, context) => {
  const owner = requireOwner.group(context, input.GroupName);
  return { GroupName: owner.name, ...get(context, owner, input) };
};

export const deleteRolePolicy: Op<'DeleteRolePolicy'> = (input, context) =>
  remove(context, requireOwner.role(context, input.RoleName), input);
export const deleteUserPolicy: Op<'DeleteUserPolicy'> = (input, context) =>
  remove(context, requireOwner.user(context, input.UserName), input);
export const deleteGroupPolicy: Op<'DeleteGroupPolicy'> = (input, context) =>
  remove(context, requireOwner.group(context, input.GroupName), input);

export const listRolePolicies: Op<'ListRolePolicies'> = ({ RoleName, ...paging }, context) =>
  list(context, requireOwner.role(context, RoleName), paging);
export const listUserPolicies: Op<'ListUserPolicies'> = ({ UserName, ...paging }, context) =>
  list(context, requireOwner.user(context, UserName), paging);
export const listGroupPolicies: Op<'ListGroupPolicies'> = ({ GroupName, ...paging }, context) =>
  list(context, requireOwner.group(context, GroupName), paging);
