import type { Context } from '../../../kernel/context.ts';
import { exists, mustDeleteKeys, mustDeleteProfile, mustLeaveGroups, mustNameUser } from '../errors.ts';
import { accessKeys, loginProfiles, memberships, nameKey, type User, users } from '../model.ts';
import { arnOf, byName, checkName, checkPath, pageOf, uniqueId } from '../names.ts';
import { checkNoPolicies, requireBoundary } from './attachments.ts';
import { type Op, requireUser } from './find-rows.ts';

export const createUser: Op<'CreateUser'> = (input, context) => {
  const name = input.UserName;
  checkName(name, 'userName', 64);
  const path = checkPath(input.Path);
  const rows = context.store.table(users);
  if (rows.get(nameKey(name))) throw exists('user', name);
  const user = rows.put(nameKey(name), {
    Path: path,
    UserName: name,
    UserId: uniqueId(context, 'AIDA'),
    Arn: arnOf(context, 'user', path, name),
    CreateDate: new Date(context.now),
    ...(input.PermissionsBoundary ? requireBoundary(context, input.PermissionsBoundary) : {}),
    ...(input.Tags?.length ? { Tags: input.Tags } : {}),
  });
  context.emit({ type: 'iam/user-created', subject: user.Arn, message: `the user ${name} was created` });
  return { User: user };
};

/** The user named, or the caller. */
export function userOrCaller(context: Context, name: string | undefined): User {
  if (name !== undefined) return requireUser(context, name);
  const { kind, arn } = context.caller;
  if (kind !== 'user') throw mustNameUser();
  return requireUser(context, arn.slice(arn.lastIndexOf('/') + 1));
}

export const getUser: Op<'GetUser'> = ({ UserName }, context) => {
  const { caller, now } = context;
  if (UserName === undefined && caller.kind === 'root')
    return {
      User: { Path: '/', UserName: undefined, UserId: caller.userId, Arn: caller.arn, CreateDate: new Date(now) },
    };
  return { User: userOrCaller(context, UserName) };
};

export const listUsers: Op<'ListUsers'> = ({ PathPrefix = '/', ...paging }, { store }) => {
  const found = store.table(users).list(({ Path }) => Path.startsWith(PathPrefix));
  const { items, next } = pageOf(found.sort(byName(({ UserName }) => UserName)), paging);
  return { Users: items.map(({ Tags: _tags, PermissionsBoundary: _boundary, ...user }) => user), ...next };
};

export const deleteUser: Op<'DeleteUser'> = ({ UserName }, context) => {
  const user = requireUser(context, UserName);
  const isTheirs = ({ userName }: { readonly userName: string }) => nameKey(userName) === nameKey(UserName);
  if (context.store.table(accessKeys).list(isTheirs).length > 0) throw mustDeleteKeys();
  if (context.store.table(loginProfiles).get(nameKey(UserName))) throw mustDeleteProfile();
  if (context.store.table(memberships).list(isTheirs).length > 0) throw mustLeaveGroups();
  checkNoPolicies(context, { kind: 'user', name: user.UserName });
  context.store.table(users).delete(nameKey(UserName));
  context.emit({ type: 'iam/user-deleted', subject: user.Arn, message: `the user ${user.UserName} was deleted` });
  return {};
};

export const putUserPermissionsBoundary: Op<'PutUserPermissionsBoundary'> = (
  { UserName, PermissionsBoundary },
  context,
) => {
  const user = requireUser(context, UserName);
  context.store.table(users).put(nameKey(UserName), { ...user, ...requireBoundary(context, PermissionsBoundary) });
  return {};
};

export const deleteUserPermissionsBoundary: Op<'DeleteUserPermissionsBoundary'> = ({ UserName }, context) => {
  const { PermissionsBoundary: _boundary, ...user } = requireUser(context, UserName);
  context.store.table(users).put(nameKey(UserName), user);
  return {};
};
