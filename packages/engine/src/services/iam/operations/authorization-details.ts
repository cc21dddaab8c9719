import type * as Shapes from '@aws-sdk/client-iam';
import type { Context } from '../../../kernel/context.ts';
import { awsManagedArn } from '../aws-managed-policies.ts';
import {
  attachments,
  groups,
  inlinePolicies,
  memberships,
  nameKey,
  type Owner,
  ownerId,
  policies,
  roles,
  users,
} from '../model.ts';
import { byName, encodeDocument, pageOf } from '../names.ts';
import { nameOf } from './attachments.ts';
import type { Op } from './find-rows.ts';
import { listInstanceProfilesForRole } from './instance-profiles.ts';
import { getPolicy } from './policies.ts';
import { getPolicyVersion, listPolicyVersions } from './policy-versions.ts';
import { roleShape } from './roles.ts';

/** One of the four kinds that the answer has lists of. */
type Entry =
  | { readonly user: Shapes.UserDetail }
  | { readonly group: Shapes.GroupDetail }
  | { readonly role: Shapes.RoleDetail }
  | { readonly policy: Shapes.ManagedPolicyDetail };

/** Everybody, everything they may, and how it hangs together, in pages over all of it. */
export const getAccountAuthorizationDetails: Op<'GetAccountAuthorizationDetails'> = (
  { Filter, ...paging },
  context,
) => {
  const wants = (kind: Shapes.EntityType) => !Filter || Filter.length === 0 || Filter.includes(kind);
  const entries: Entry[] = [
    ...(wants('User') ? userDetails(context) : []).map((user) => ({ user })),
    ...(wants('Group') ? groupDetails(context) : []).map((group) => ({ group })),
    ...(wants('Role') ? roleDetails(context) : []).map((role) => ({ role })),
    ...policyArns(context, wants).map((arn) => ({ policy: policyDetail(context, arn) })),
  ];
  const { items, next } = pageOf(entries, paging);
  return {
    UserDetailList: items.flatMap((entry) => ('user' in entry ? entry.user : [])),
    GroupDetailList: items.flatMap((entry) => ('group' in entry ? entry.group : [])),
    RoleDetailList: items.flatMap((entry) => ('role' in entry ? entry.role : [])),
    Policies: items.flatMap((entry) => ('policy' in entry ? entry.policy : [])),
    ...next,
  };
};

const inlineOf = ({ store }: Context, owner: Owner): Shapes.PolicyDetail[] =>
  store
    .table(inlinePolicies)
    .by('owner', ownerId(owner))
    .map(({ policyName, document }) => ({ PolicyName: policyName, PolicyDocument: encodeDocument(document) }));

const attachedTo = ({ store }: Context, owner: Owner): Shapes.AttachedPolicy[] =>
  store
    .table(attachments)
    .by('owner', ownerId(owner))
    .map(({ policyArn }) => ({ PolicyName: nameOf(policyArn), PolicyArn: policyArn }));

const userDetails = (context: Context): Shapes.UserDetail[] =>
  context.store
    .table(users)
    .list()
    .sort(byName(({ UserName }) => UserName))
    .map((user) => ({
      ...user,
      UserPolicyList: inlineOf(context, { kind: 'user', name: user.UserName }),
      GroupList: context.store
        .table(memberships)
        .list(({ userName }) => nameKey(userName) === nameKey(user.UserName))
        .map(({ groupName }) => groupName),
      AttachedManagedPolicies: attachedTo(context, { kind: 'user', name: user.UserName }),
    }));

const groupDetails = (context: Context): Shapes.GroupDetail[] =>
  context.store
    .table(groups)
    .list()
    .sort(byName(({ GroupName }) => GroupName))
    .map((group) => ({
      ...group,
      GroupPolicyList: inlineOf(context, { kind: 'group', name: group.GroupName }),
      AttachedManagedPolicies: attachedTo(context, { kind: 'group', name: group.GroupName }),
    }));

const roleDetails = (context: Context): Shapes.RoleDetail[] =>
  context.store
    .table(roles)
    .list()
    .sort(byName(({ RoleName }) => RoleName))
    .map((role) => {
      const { Description: _, MaxSessionDuration: __, ...shape } = roleShape(role);
      return {
        ...shape,
        InstanceProfileList: listInstanceProfilesForRole({ RoleName: role.RoleName }, context).InstanceProfiles,
        RolePolicyList: inlineOf(context, { kind: 'role', name: role.RoleName }),
        AttachedManagedPolicies: attachedTo(context, { kind: 'role', name: role.RoleName }),
        RoleLastUsed: {},
      };
    });

/** The account's own policies, and those of AWS's that somebody has. */
function policyArns({ store }: Context, wants: (kind: Shapes.EntityType) => boolean): string[] {
  const own = wants('LocalManagedPolicy')
    ? store
        .table(policies)
        .list()
        .map(({ arn }) => arn)
    : [];
  const attached = store
    .table(attachments)
    .list()
    .map(({ policyArn }) => policyArn);
  const aws = wants('AWSManagedPolicy') ? [...new Set(attached.filter((arn) => awsManagedArn.test(arn)))] : [];
  return [...own, ...aws].sort();
}

function policyDetail(context: Context, PolicyArn: string): Shapes.ManagedPolicyDetail {
  const { Tags: _, ...shape } = getPolicy({ PolicyArn }, context).Policy ?? {};
  const { Versions = [] } = listPolicyVersions({ PolicyArn }, context);
  const PolicyVersionList = Versions.flatMap(
    ({ VersionId = '' }) => getPolicyVersion({ PolicyArn, VersionId }, context).PolicyVersion ?? [],
  );
  return { ...shape, PolicyVersionList };
}
