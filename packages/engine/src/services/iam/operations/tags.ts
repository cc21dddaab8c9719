import type { Tag } from '@aws-sdk/client-iam';
import { instanceProfiles, nameKey, policies, roles, users } from '../model.ts';
import { pageOf } from '../names.ts';
import { type Op, requirePolicy, requireProfile, requireRole, requireUser } from './find-rows.ts';

/** Tags with others put over them. */
export const mergeTags = (before: readonly Tag[] = [], added: readonly Tag[]): Tag[] => [
  ...new Map([...before, ...added].map(({ Key, Value }) => [Key, { Key, Value }])).values(),
];

export const withoutTags = (before: readonly Tag[] = [], keys: readonly string[]): Tag[] =>
  before.filter(({ Key }) => !keys.includes(Key ?? ''));

function listOf(tags: readonly Tag[] | undefined, paging: { Marker?: string; MaxItems?: number }) {
  const { items, next } = pageOf(tags ?? [], paging);
  return { Tags: items, ...next };
}

export const tagRole: Op<'TagRole'> = ({ RoleName, Tags }, context) => {
  const role = requireRole(context, RoleName);
  context.store.table(roles).put(nameKey(RoleName), { ...role, Tags: mergeTags(role.Tags, Tags) });
  return {};
};
export const untagRole: Op<'UntagRole'> = ({ RoleName, TagKeys }, context) => {
  const role = requireRole(context, RoleName);
  context.store.table(roles).put(nameKey(RoleName), { ...role, Tags: withoutTags(role.Tags, TagKeys) });
  return {};
};
export const listRoleTags: Op<'ListRoleTags'> = ({ RoleName, ...paging }, context) =>
  listOf(requireRole(context, RoleName).Tags, paging);

export const tagUser: Op<'TagUser'> = ({ UserName, Tags }, context) => {
  const user = requireUser(context, UserName);
  context.store.table(users).put(nameKey(UserName), { ...user, Tags: mergeTags(user.Tags, Tags) });
  return {};
};
export const untagUser: Op<'UntagUser'> = ({ UserName, TagKeys }, context) => {
  const user = requireUser(context, UserName);
  context.store.table(users).put(nameKey(UserName), { ...user, Tags: withoutTags(user.Tags, TagKeys) });
  return {};
};
export const listUserTags: Op<'ListUserTags'> = ({ UserName, ...paging }, context) =>
  listOf(requireUser(context, UserName).Tags, paging);

export const tagPolicy: Op<'TagPolicy'> = ({ PolicyArn, Tags }, context) => {
  const policy = requirePolicy(context, PolicyArn);
  context.store.table(policies).put(PolicyArn, { ...policy, tags: mergeTags(policy.tags, Tags) });
  return {};
};
export const untagPolicy: Op<'UntagPolicy'> = ({ PolicyArn, TagKeys }, context) => {
  const policy = requirePolicy(context, PolicyArn);
  context.store.table(policies).put(PolicyArn, { ...policy, tags: withoutTags(policy.tags, TagKeys) });
  return {};
};
export const listPolicyTags: Op<'ListPolicyTags'> = ({ PolicyArn, ...paging }, context) =>
  listOf(requirePolicy(context, PolicyArn).tags, paging);

export const tagInstanceProfile: Op<'TagInstanceProfile'> = ({ InstanceProfileName: name, Tags }, context) => {
  const profile = requireProfile(context, name);
  context.store.table(instanceProfiles).put(nameKey(name), { ...profile, Tags: mergeTags(profile.Tags, Tags) });
  return {};
};
export const untagInstanceProfile: Op<'UntagInstanceProfile'> = ({ InstanceProfileName: name, TagKeys }, context) => {
  const profile = requireProfile(context, name);
  context.store.table(instanceProfiles).put(nameKey(name), { ...profile, Tags: withoutTags(profile.Tags, TagKeys) });
  return {};
};
export const listInstanceProfileTags: Op<'ListInstanceProfileTags'> = ({ InstanceProfileName, ...paging }, context) =>
  listOf(requireProfile(context, InstanceProfileName).Tags, paging);
