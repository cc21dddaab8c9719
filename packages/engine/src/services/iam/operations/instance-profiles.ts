import type * as Shapes from '@aws-sdk/client-iam';
import type { Context } from '../../../kernel/context.ts';
import { mustLeaveProfiles, notFound, profileExists, quotaExceeded } from '../errors.ts';
import { type InstanceProfile, instanceProfiles, nameKey, roles } from '../model.ts';
import { arnOf, byName, checkName, checkPath, pageOf, uniqueId } from '../names.ts';
import { type Op, requireProfile, requireRole } from './find-rows.ts';
import { refuseProtected, roleShape } from './roles.ts';

export const createInstanceProfile: Op<'CreateInstanceProfile'> = (input, context) => {
  const name = input.InstanceProfileName;
  checkName(name, 'instanceProfileName');
  const path = checkPath(input.Path);
  const rows = context.store.table(instanceProfiles);
  if (rows.get(nameKey(name))) throw profileExists(name);
  const profile = rows.put(nameKey(name), {
    Path: path,
    InstanceProfileName: name,
    InstanceProfileId: uniqueId(context, 'AIPA'),
    Arn: arnOf(context, 'instance-profile', path, name),
    CreateDate: new Date(context.now),
    ...(input.Tags?.length ? { Tags: input.Tags } : {}),
  });
  return { InstanceProfile: profileShape(profile, context) };
};

function profileShape({ roleName, ...profile }: InstanceProfile, { store }: Context): Shapes.InstanceProfile {
  const role = roleName === undefined ? undefined : store.table(roles).get(nameKey(roleName));
  return { ...profile, Roles: role ? [roleShape(role)] : [] };
}

export const getInstanceProfile: Op<'GetInstanceProfile'> = ({ InstanceProfileName }, context) => ({
  InstanceProfile: profileShape(requireProfile(context, InstanceProfileName), context),
});

function listWhere(
  context: Context,
  isMeant: (profile: InstanceProfile) => boolean,
  paging: { Marker?: string; MaxItems?: number },
) {
  const found = context.store.table(instanceProfiles).list(isMeant);
  const { items, next } = pageOf(found.sort(byName(({ InstanceProfileName }) => InstanceProfileName)), paging);
  return { InstanceProfiles: items.map((profile) => profileShape(profile, context)), ...next };
}

export const listInstanceProfiles: Op<'ListInstanceProfiles'> = ({ PathPrefix = '/', ...paging }, context) =>
  listWhere(context, ({ Path }) => Path.startsWith(PathPrefix), paging);

export const listInstanceProfilesForRole: Op<'ListInstanceProfilesForRole'> = ({ RoleName, ...paging }, context) => {
  requireRole(context, RoleName);
  return listWhere(
    context,
    ({ roleName }) => roleName !== undefined && nameKey(roleName) === nameKey(RoleName),
    paging,
  );
};

export const addRoleToInstanceProfile: Op<'AddRoleToInstanceProfile'> = (
  { InstanceProfileName, RoleName },
  context,
) => {
  const profile = requireProfile(context, InstanceProfileName);
  const role = requireRole(context, RoleName);
  refuseProtected(role);
  if (profile.roleName !== undefined) throw quotaExceeded('InstanceSessionsPerInstanceProfile', 1);
  context.store.table(instanceProfiles).put(nameKey(InstanceProfileName), { ...profile, roleName: role.RoleName });
  return {};
};

export const removeRoleFromInstanceProfile: Op<'RemoveRoleFromInstanceProfile'> = (
  { InstanceProfileName, RoleName },
  context,
) => {
  const { roleName, ...profile } = requireProfile(context, InstanceProfileName);
  if (roleName === undefined || nameKey(roleName) !== nameKey(RoleName)) throw notFound('role', RoleName);
  context.store.table(instanceProfiles).put(nameKey(InstanceProfileName), profile);
  return {};
};

export const deleteInstanceProfile: Op<'DeleteInstanceProfile'> = ({ InstanceProfileName }, context) => {
  if (requireProfile(context, InstanceProfileName).roleName !== undefined) throw mustLeaveProfiles();
  context.store.table(instanceProfiles).delete(nameKey(InstanceProfileName));
  return {};
};
