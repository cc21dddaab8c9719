import { credentials } from '../../../kernel/caller.ts';
import type { Context } from '../../../kernel/context.ts';
import { exists } from '../errors.ts';
import {
  accessKeys,
  attachmentKey,
  attachments,
  groups,
  inlineKey,
  inlinePolicies,
  loginProfiles,
  type Membership,
  membershipKey,
  memberships,
  nameKey,
  type Owner,
  ownerId,
  type User,
  users,
} from '../model.ts';
import { arnOf, checkName, checkPath } from '../names.ts';
import { type Op, requireGroup, requireUser } from './find-rows.ts';

/** A user keeps its id, its keys, its groups and its policies under another name or path; its ARN is another. */
export const updateUser: Op<'UpdateUser'> = ({ UserName, NewUserName, NewPath }, context) => {
  const user = requireUser(context, UserName);
  const name = NewUserName ?? user.UserName;
  checkName(name, 'newUserName', 64);
  const path = NewPath === undefined ? user.Path : checkPath(NewPath);
  const rows = context.store.table(users);
  if (nameKey(name) !== nameKey(UserName) && rows.get(nameKey(name))) throw exists('user', name);
  rows.delete(nameKey(UserName));
  const renamed = { ...user, UserName: name, Path: path, Arn: arnOf(context, 'user', path, name) };
  rows.put(nameKey(name), renamed);
  movePolicies(context, { kind: 'user', name: user.UserName }, name);
  moveMemberships(context, ({ userName }) => nameKey(userName) === nameKey(UserName), { userName: name });
  moveKeys(context, user, renamed);
  const profile = context.store.table(loginProfiles).get(nameKey(UserName));
  context.store.table(loginProfiles).delete(nameKey(UserName));
  if (profile) context.store.table(loginProfiles).put(nameKey(name), { ...profile, userName: name });
  return {};
};

export const updateGroup: Op<'UpdateGroup'> = ({ GroupName, NewGroupName, NewPath }, context) => {
  const group = requireGroup(context, GroupName);
  const name = NewGroupName ?? group.GroupName;
  checkName(name, 'newGroupName');
  const path = NewPath === undefined ? group.Path : checkPath(NewPath);
  const rows = context.store.table(groups);
  if (nameKey(name) !== nameKey(GroupName) && rows.get(nameKey(name))) throw exists('group', name);
  rows.delete(nameKey(GroupName));
  rows.put(nameKey(name), { ...group, GroupName: name, Path: path, Arn: arnOf(context, 'group', path, name) });
  movePolicies(context, { kind: 'group', name: group.GroupName }, name);
  moveMemberships(context, ({ groupName }) => nameKey(groupName) === nameKey(GroupName), { groupName: name });
  return {};
};

function movePolicies({ store }: Context, from: Owner, name: string): void {
  const [inline, attached] = [store.table(inlinePolicies), store.table(attachments)];
  const to = { ...from, name };
  for (const row of inline.by('owner', ownerId(from))) {
    inline.delete(inlineKey(from, row.policyName));
    inline.put(inlineKey(to, row.policyName), { ...row, name });
  }
  for (const row of attached.by('owner', ownerId(from))) {
    attached.delete(attachmentKey(from, row.policyArn));
    attached.put(attachmentKey(to, row.policyArn), { ...row, name });
  }
}

function moveMemberships({ store }: Context, isMeant: (row: Membership) => boolean, to: Partial<Membership>): void {
  const rows = store.table(memberships);
  for (const row of rows.list(isMeant)) {
    rows.delete(membershipKey(row));
    rows.put(membershipKey({ ...row, ...to }), { ...row, ...to });
  }
}

/** All keys of a user, those of its sessions too, act as the user under its new ARN from now on. */
function moveKeys({ store }: Context, from: User, to: User): void {
  const [keys, issued] = [store.table(accessKeys), store.table(credentials)];
  for (const key of keys.list(({ userName }) => nameKey(userName) === nameKey(from.UserName)))
    keys.put(key.accessKeyId, { ...key, userName: to.UserName });
  for (const credential of issued.list(({ caller }) => caller.kind === 'user' && caller.arn === from.Arn))
    issued.put(credential.accessKeyId, { ...credential, caller: { ...credential.caller, arn: to.Arn } });
}
