import type { Context } from '../../../kernel/context.ts';
import type { Handler, OperationName } from '../../../kernel/operation.ts';
import { notFound, policyNotFound, profileNotFound } from '../errors.ts';
import {
  type Group,
  groups,
  type InstanceProfile,
  instanceProfiles,
  type ManagedPolicy,
  nameKey,
  type Owner,
  policies,
  type Role,
  roles,
  type User,
  users,
} from '../model.ts';

export type Sdk = typeof import('@aws-sdk/client-iam');
export type Op<Name extends OperationName<Sdk>> = Handler<Sdk, Name, Context>;

export function requireRole({ store }: Context, name: string): Role {
  const found = store.table(roles).get(nameKey(name));
  if (!found) throw notFound('role', name);
  return found;
}

export function requireUser({ store }: Context, name: string): User {
  const found = store.table(users).get(nameKey(name));
  if (!found) throw notFound('user', name);
  return found;
}

export function requireGroup({ store }: Context, name: string): Group {
  const found = store.table(groups).get(nameKey(name));
  if (!found) throw notFound('group', name);
  return found;
}

export function requireProfile({ store }: Context, name: string): InstanceProfile {
  const found = store.table(instanceProfiles).get(nameKey(name));
  if (!found) throw profileNotFound(name);
  return found;
}

/** A customer's policy; AWS's own are in no table. */
export function requirePolicy({ store }: Context, arn: string): ManagedPolicy {
  const found = store.table(policies).get(arn);
  if (!found) throw policyNotFound(arn);
  return found;
}

/** What policies belong to, by its kind; refuses one that is not there. */
export const requireOwner = {
  role: (context: Context, name: string): Owner => ({ kind: 'role', name: requireRole(context, name).RoleName }),
  user: (context: Context, name: string): Owner => ({ kind: 'user', name: requireUser(context, name).UserName }),
  group: (context: Context, name: string): Owner => ({ kind: 'group', name: requireGroup(context, name).GroupName }),
};
