import { exists, mustLeaveGroups } from '../errors.ts';
import { groups, membershipKey, memberships, nameKey, users } from '../model.ts';
import { arnOf, byName, checkName, checkPath, pageOf, uniqueId } from '../names.ts';
import { checkNoPolicies } from './attachments.ts';
import { type Op, requireGroup, requireUser } from './find-rows.ts';

export const createGroup: Op<'CreateGroup'> = ({ GroupName: name, Path }, context) => {
  checkName(name, 'groupName');
  const path = checkPath(Path);
  const rows = context.store.table(groups);
  if (rows.get(nameKey(name))) throw exists('group', name);
  const group = rows.put(nameKey(name), {
    Path: path,
    GroupName: name,
    GroupId: uniqueId(context, 'AGPA'),
    Arn: arnOf(context, 'group', path, name),
    CreateDate: new Date(context.now),
  });
  return { Group: group };
};

export const getGroup: Op<'GetGroup'> = ({ GroupName, ...paging }, context) => {
  const group = requireGroup(context, GroupName);
  const members = context.store
    .table(memberships)
    .list(({ groupName }) => nameKey(groupName) === nameKey(GroupName))
    .flatMap(({ userName }) => context.store.table(users).get(nameKey(userName)) ?? []);
  const { items, next } = pageOf(members, paging);
  return { Group: group, Users: items, ...next };
};

export const listGroups: Op<'ListGroups'> = ({ PathPrefix = '/', ...paging }, { store }) => {
  const found = store.table(groups).list(({ Path }) => Path.startsWith(PathPrefix));
  const { items, next } = pageOf(found.sort(byName(({ GroupName }) => GroupName)), paging);
  return { Groups: items, ...next };
};

export const listGroupsForUser: Op<'ListGroupsForUser'> = ({ UserName, ...paging }, context) => {
  requireUser(context, UserName);
  const found = context.store
    .table(memberships)
    .list(({ userName }) => nameKey(userName) === nameKey(UserName))
    .flatMap(({ groupName }) => context.store.table(groups).get(nameKey(groupName)) ?? []);
  const { items, next } = pageOf(found, paging);
  return { Groups: items, ...next };
};

export const deleteGroup: Op<'DeleteGroup'> = ({ GroupName }, context) => {
  const group = requireGroup(context, GroupName);
  const members = context.store.table(memberships).list(({ groupName }) => nameKey(groupName) === nameKey(GroupName));
  if (members.length > 0) throw mustLeaveGroups();
  checkNoPolicies(context, { kind: 'group', name: group.GroupName });
  context.store.table(groups).delete(nameKey(GroupName));
  return {};
};

export const addUserToGroup: Op<'AddUserToGroup'> = (input, context) => {
  const groupName = requireGroup(context, input.GroupName).GroupName;
  const userName = requireUser(context, input.UserName).UserName;
  context.store.table(memberships).put(membershipKey({ groupName, userName }), { groupName, userName });
  return {};
};

export const removeUserFromGroup: Op<'RemoveUserFromGroup'> = ({ GroupName, UserName }, context) => {
  requireGroup(context, GroupName);
  requireUser(context, UserName);
  context.store.table(memberships).delete(membershipKey({ groupName: GroupName, userName: UserName }));
  return {};
};
