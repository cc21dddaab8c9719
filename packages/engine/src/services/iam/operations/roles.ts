import type * as Shapes from '@aws-sdk/client-iam';
import { exists, malformedDocument, mustLeaveProfiles, outOfRange, protectedRole } from '../errors.ts';
import { instanceProfiles, nameKey, type Role, roles } from '../model.ts';
import { arnOf, byName, checkName, checkPath, encodeDocument, pageOf, uniqueId } from '../names.ts';
import { documentProblem } from '../policy-document.ts';
import { checkNoPolicies, requireBoundary } from './attachments.ts';
import { type Op, requireRole } from './find-rows.ts';

export const createRole: Op<'CreateRole'> = (input, context) => {
  const { RoleName: name, AssumeRolePolicyDocument: trust, MaxSessionDuration = 3600 } = input;
  checkName(name, 'roleName', 64);
  const path = checkPath(input.Path);
  checkTrust(trust);
  checkSession(MaxSessionDuration);
  const rows = context.store.table(roles);
  if (rows.get(nameKey(name))) throw exists('role', name);
  const role = rows.put(nameKey(name), {
    Path: path,
    RoleName: name,
    RoleId: uniqueId(context, 'AROA'),
    Arn: arnOf(context, 'role', path, name),
    CreateDate: new Date(context.now),
    AssumeRolePolicyDocument: trust,
    MaxSessionDuration,
    ...(input.Description === undefined ? {} : { Description: input.Description }),
    ...(input.PermissionsBoundary ? requireBoundary(context, input.PermissionsBoundary) : {}),
    ...(input.Tags?.length ? { Tags: input.Tags } : {}),
  });
  context.emit({ type: 'iam/role-created', subject: role.Arn, message: `the role ${name} was created` });
  return { Role: roleShape(role) };
};

/** As answers have it. */
export const roleShape = (role: Role): Shapes.Role => ({
  ...role,
  AssumeRolePolicyDocument: encodeDocument(role.AssumeRolePolicyDocument),
});

export const getRole: Op<'GetRole'> = ({ RoleName }, context) => ({
  Role: { ...roleShape(requireRole(context, RoleName)), RoleLastUsed: {} },
});

/** Lists say less of each role than reading it does: no tags, no boundary. */
export const listRoles: Op<'ListRoles'> = ({ PathPrefix = '/', ...paging }, { store }) => {
  const found = store.table(roles).list(({ Path }) => Path.startsWith(PathPrefix));
  const { items, next } = pageOf(found.sort(byName(({ RoleName }) => RoleName)), paging);
  return { Roles: items.map(({ Tags: _tags, PermissionsBoundary: _boundary, ...role }) => roleShape(role)), ...next };
};

export const deleteRole: Op<'DeleteRole'> = ({ RoleName }, context) => {
  const role = requireRole(context, RoleName);
  refuseProtected(role);
  checkNoPolicies(context, { kind: 'role', name: role.RoleName });
  const isHeld = context.store
    .table(instanceProfiles)
    .list(({ roleName }) => roleName !== undefined && nameKey(roleName) === nameKey(RoleName));
  if (isHeld.length > 0) throw mustLeaveProfiles();
  context.store.table(roles).delete(nameKey(RoleName));
  context.emit({ type: 'iam/role-deleted', subject: role.Arn, message: `the role ${role.RoleName} was deleted` });
  return {};
};

export const updateRole: Op<'UpdateRole'> = ({ RoleName, Description, MaxSessionDuration }, context) => {
  const role = requireRole(context, RoleName);
  refuseProtected(role);
  if (MaxSessionDuration !== undefined) checkSession(MaxSessionDuration);
  context.store.table(roles).put(nameKey(RoleName), {
    ...role,
    ...(Description === undefined ? {} : { Description }),
    ...(MaxSessionDuration === undefined ? {} : { MaxSessionDuration }),
  });
  return {};
};

export const updateRoleDescription: Op<'UpdateRoleDescription'> = ({ RoleName, Description }, context) => {
  const role = { ...requireRole(context, RoleName), Description };
  context.store.table(roles).put(nameKey(RoleName), role);
  return { Role: roleShape(role) };
};

export const updateAssumeRolePolicy: Op<'UpdateAssumeRolePolicy'> = ({ RoleName, PolicyDocument }, context) => {
  const role = requireRole(context, RoleName);
  refuseProtected(role);
  checkTrust(PolicyDocument);
  context.store.table(roles).put(nameKey(RoleName), { ...role, AssumeRolePolicyDocument: PolicyDocument });
  context.emit({
    type: 'iam/trust-changed',
    subject: role.Arn,
    message: `who may assume the role ${role.RoleName} was changed`,
  });
  return {};
};

export const putRolePermissionsBoundary: Op<'PutRolePermissionsBoundary'> = (
  { RoleName, PermissionsBoundary },
  context,
) => {
  const role = requireRole(context, RoleName);
  context.store.table(roles).put(nameKey(RoleName), { ...role, ...requireBoundary(context, PermissionsBoundary) });
  return {};
};

export const deleteRolePermissionsBoundary: Op<'DeleteRolePermissionsBoundary'> = ({ RoleName }, context) => {
  const { PermissionsBoundary: _boundary, ...role } = requireRole(context, RoleName);
  context.store.table(roles).put(nameKey(RoleName), role);
  return {};
};

/** A service-linked role is changed by its service only. */
export function refuseProtected({ Path, RoleName }: Role): void {
  if (Path.startsWith('/aws-service-role/')) throw protectedRole(RoleName);
}

function checkTrust(document: string): void {
  const problem = documentProblem(document, 'trust');
  if (problem) throw malformedDocument(problem);
}

function checkSession(seconds: number): void {
  const range = { min: 3600, max: 43_200 };
  if (seconds < range.min || seconds > range.max) throw outOfRange(seconds, 'maxSessionDuration', range);
}
