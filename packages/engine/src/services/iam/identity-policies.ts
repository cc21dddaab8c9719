import type { Caller } from '../../kernel/caller.ts';
import type { Context } from '../../kernel/context.ts';
import type { NamedPolicy } from '../../policy/evaluate.ts';
import { awsManagedDocument } from './aws-managed-policies.ts';
import {
  attachments,
  inlinePolicies,
  memberships,
  nameKey,
  type Owner,
  ownerId,
  policies,
  type Role,
  roles,
  type User,
  users,
} from './model.ts';

/** What IAM knows of somebody who makes a request. */
export interface Identity {
  /** Of the user or role itself. */
  readonly arn: string;
  readonly policies: readonly NamedPolicy[];
  readonly boundary?: NamedPolicy;
  readonly tags: Readonly<Record<string, string>>;
  /** Policies of AWS's that are attached, and whose documents are not known here: they allow nothing. */
  readonly unknown: readonly string[];
}

/** The user or role behind a caller, with all that its policies say. Undefined: there is none any more. */
export function identityOf(context: Context, caller: Caller): Identity | undefined {
  const own = context.in({ account: caller.account });
  const name = /:(?:assumed-role\/([^/]+)\/|user\/(?:.*\/)?([^/]+)$)/.exec(caller.arn);
  const role = name?.[1] === undefined ? undefined : own.store.table(roles).get(nameKey(name[1]));
  if (role) return describe(own, role, [{ kind: 'role', name: role.RoleName }]);
  const user = name?.[2] === undefined ? undefined : own.store.table(users).get(nameKey(name[2]));
  return user && describe(own, user, [{ kind: 'user', name: user.UserName }, ...groupsOf(own, user.UserName)]);
}

const groupsOf = ({ store }: Context, userName: string): Owner[] =>
  store
    .table(memberships)
    .list((member) => nameKey(member.userName) === nameKey(userName))
    .map(({ groupName }) => ({ kind: 'group', name: groupName }));

function describe(context: Context, identity: Role | User, owners: readonly Owner[]): Identity {
  const attached = owners.flatMap((owner) => context.store.table(attachments).by('owner', ownerId(owner)));
  const managed = attached.map(({ policyArn }) => managedPolicy(context, policyArn));
  const inline = owners.flatMap((owner) => context.store.table(inlinePolicies).by('owner', ownerId(owner)));
  const boundaryArn = identity.PermissionsBoundary?.PermissionsBoundaryArn;
  const boundary = boundaryArn === undefined ? undefined : managedPolicy(context, boundaryArn);
  return {
    arn: identity.Arn,
    policies: [
      ...inline.map(({ policyName, document }) => ({ name: policyName, document })),
      ...managed.filter(({ document }) => document !== ''),
    ],
    ...(boundary ? { boundary: boundary.document === '' ? { ...boundary, document: nothing } : boundary } : {}),
    tags: Object.fromEntries((identity.Tags ?? []).map(({ Key = '', Value = '' }) => [Key, Value])),
    unknown: managed.filter(({ document }) => document === '').map(({ name }) => name),
  };
}

const nothing = '{"Version":"2012-10-17","Statement":[]}';

/** A managed policy's default version; an empty document where it is AWS's, and not known here. */
function managedPolicy({ store }: Context, arn: string): NamedPolicy {
  const own = store.table(policies).get(arn);
  const version = own?.versions.find(({ id }) => id === own.defaultVersionId);
  return { name: arn, document: version?.document ?? awsManagedDocument(arn) ?? '' };
}
