import type { Context } from '../../../kernel/context.ts';
import { awsManagedArn } from '../aws-managed-policies.ts';
import {
  invalidArn,
  mustDeletePolicies,
  mustDetach,
  policyNotAttachable,
  policyNotFound,
  quotaExceeded,
} from '../errors.ts';
import {
  type Attachment,
  attachmentKey,
  attachments,
  inlinePolicies,
  type Owner,
  ownerId,
  policies,
} from '../model.ts';
import { pageOf } from '../names.ts';
import { type Op, requireOwner } from './find-rows.ts';

/** IAM's default quota of managed policies for each role, user and group. */
const attachments_max = 10;

/** An ARN that can be attached: a customer's policy that is there, or any of AWS's. */
function requireAttachable({ store }: Context, arn: string): void {
  if (!/^arn:aws[\w-]*:iam::(?:aws|\d{12}):policy\//.test(arn)) throw invalidArn(arn);
  if (!awsManagedArn.test(arn) && !store.table(policies).get(arn)) throw policyNotAttachable(arn);
}

export function requireBoundary(context: Context, arn: string) {
  requireAttachable(context, arn);
  return {
    PermissionsBoundary: { PermissionsBoundaryType: 'PermissionsBoundaryPolicy' as const, PermissionsBoundaryArn: arn },
  };
}

function attach(context: Context, owner: Owner, policyArn: string): object {
  requireAttachable(context, policyArn);
  const rows = context.store.table(attachments);
  const held = rows.by('owner', ownerId(owner));
  if (held.some((attachment) => attachment.policyArn === policyArn)) return {};
  if (held.length >= attachments_max)
    throw quotaExceeded(`PoliciesPer${owner.kind.charAt(0).toUpperCase()}${owner.kind.slice(1)}`, attachments_max);
  rows.put(attachmentKey(owner, policyArn), { ...owner, policyArn });
  context.emit({
    type: 'iam/policy-attached',
    subject: policyArn,
    message: `${nameOf(policyArn)} was attached to the ${owner.kind} ${owner.name}`,
    data: { ...owner },
  });
  return {};
}

function detach(context: Context, owner: Owner, policyArn: string): object {
  const rows = context.store.table(attachments);
  if (!rows.get(attachmentKey(owner, policyArn))) throw policyNotFound(policyArn);
  rows.delete(attachmentKey(owner, policyArn));
  context.emit({
    type: 'iam/policy-detached',
    subject: policyArn,
    message: `${nameOf(policyArn)} was detached from the ${owner.kind} ${owner.name}`,
    data: { ...owner },
  });
  return {};
}

export const nameOf = (policyArn: string): string => policyArn.slice(policyArn.lastIndexOf('/') + 1);

const pathOf = ({ policyArn }: Attachment): string => policyArn.replace(/^.*?:policy(\/.*\/|\/).*$/, '$1');

function listAttached(
  context: Context,
  owner: Owner,
  { PathPrefix = '/', ...paging }: { PathPrefix?: string; Marker?: string; MaxItems?: number },
) {
  const held = context.store.table(attachments).by('owner', ownerId(owner));
  const { items, next } = pageOf(
    held.filter((attachment) => pathOf(attachment).startsWith(PathPrefix)),
    paging,
  );
  return {
    AttachedPolicies: items.map(({ policyArn }) => ({ PolicyName: nameOf(policyArn), PolicyArn: policyArn })),
    ...next,
  };
}

/** Nothing can be deleted that still has policies. */
export function checkNoPolicies({ store }: Context, owner: Owner): void {
  if (store.table(attachments).by('owner', ownerId(owner)).length > 0) throw mustDetach();
  if (store.table(inlinePolicies).by('owner', ownerId(owner)).length > 0) throw mustDeletePolicies();
}

export const attachRolePolicy: Op<'AttachRolePolicy'> = ({ RoleName, PolicyArn }, context) =>
  attach(context, requireOwner.role(context, RoleName), PolicyArn);
export const attachUserPolicy: Op<'AttachUserPolicy'> = ({ UserName, PolicyArn }, context) =>
  attach(context, requireOwner.user(context, UserName), PolicyArn);
export const attachGroupPolicy: Op<'AttachGroupPolicy'> = ({ GroupName, PolicyArn }, context) =>
  attach(context, requireOwner.group(context, GroupName), PolicyArn);

export const detachRolePolicy: Op<'DetachRolePolicy'> = ({ RoleName, PolicyArn }, context) =>
  detach(context, requireOwner.role(context, RoleName), PolicyArn);
export const detachUserPolicy: Op<'DetachUserPolicy'> = ({ UserName, PolicyArn }, context) =>
  detach(context, requireOwner.user(context, UserName), PolicyArn);
export const detachGroupPolicy: Op<'DetachGroupPolicy'> = ({ GroupName, PolicyArn }, context) =>
  detach(context, requireOwner.group(context, GroupName), PolicyArn);

export const listAttachedRolePolicies: Op<'ListAttachedRolePolicies'> = ({ RoleName, ...paging }, context) =>
  listAttached(context, requireOwner.role(context, RoleName), paging);
export const listAttachedUserPolicies: Op<'ListAttachedUserPolicies'> = ({ UserName, ...paging }, context) =>
  listAttached(context, requireOwner.user(context, UserName), paging);
export const listAttachedGroupPolicies: Op<'ListAttachedGroupPolicies'> = ({ GroupName, ...paging }, context) =>
  listAttached(context, requireOwner.group(context, GroupName), paging);
