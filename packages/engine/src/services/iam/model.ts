import type * as Sdk from '@aws-sdk/client-iam';
import type { Known } from '../../kernel/known.ts';
import { table } from '../../kernel/store.ts';

type Named<T, K extends keyof T> = Known<T, K | ('Path' & keyof T) | ('Arn' & keyof T) | ('CreateDate' & keyof T)>;

/** Its trust policy is kept as plain text; only answers have it URL-encoded. */
export type Role = Named<Sdk.Role, 'RoleName' | 'RoleId' | 'AssumeRolePolicyDocument'>;
export type User = Named<Sdk.User, 'UserName' | 'UserId'>;
export type Group = Named<Sdk.Group, 'GroupName' | 'GroupId'>;
/** Its roles are looked up on reading, by `roleName`. */
export type InstanceProfile = Named<Omit<Sdk.InstanceProfile, 'Roles'>, 'InstanceProfileName' | 'InstanceProfileId'> & {
  readonly roleName?: string;
};

export interface PolicyVersion {
  readonly id: string;
  readonly document: string;
  readonly createdAt: Date;
}

/** A customer's managed policy with its versions, oldest first. Counts of attachments are made on reading. */
export interface ManagedPolicy {
  readonly name: string;
  readonly id: string;
  readonly arn: string;
  readonly path: string;
  readonly description?: string;
  readonly versions: readonly PolicyVersion[];
  readonly defaultVersionId: string;
  /** Version ids are never used twice. */
  readonly versionsMade: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly tags: readonly Sdk.Tag[];
}

/** What policies belong to, and the name of its kind in AWS's sentences. */
export type OwnerKind = 'role' | 'user' | 'group';
export interface Owner {
  readonly kind: OwnerKind;
  readonly name: string;
}

export interface InlinePolicy extends Owner {
  readonly policyName: string;
  readonly document: string;
}

export interface Attachment extends Owner {
  readonly policyArn: string;
}

export interface Membership {
  readonly groupName: string;
  readonly userName: string;
}

export interface AccessKey {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly userName: string;
  readonly status: 'Active' | 'Inactive';
  readonly createdAt: Date;
}

/** An OpenID Connect provider; its address is without the scheme. */
export interface OpenIdProvider {
  readonly arn: string;
  readonly url: string;
  readonly clientIds: readonly string[];
  readonly thumbprints: readonly string[];
  readonly createdAt: Date;
  readonly tags: readonly Sdk.Tag[];
}

export interface SamlProvider {
  readonly arn: string;
  readonly id: string;
  readonly metadata: string;
  readonly encryption?: Sdk.AssertionEncryptionModeType;
  readonly createdAt: Date;
  readonly tags: readonly Sdk.Tag[];
}

/** A user's password for the console, of which only a digest is kept. */
export interface LoginProfile {
  readonly userName: string;
  readonly digest: string;
  readonly createdAt: Date;
  readonly mustReset: boolean;
}

const ownerIndex = { owner: (row: Owner) => ownerId(row) };

export const roles = table<Role>('iam/roles', { scope: 'account' });
export const users = table<User>('iam/users', { scope: 'account' });
export const groups = table<Group>('iam/groups', { scope: 'account' });
export const policies = table<ManagedPolicy>('iam/policies', { scope: 'account' });
export const instanceProfiles = table<InstanceProfile>('iam/instance-profiles', { scope: 'account' });
export const accessKeys = table<AccessKey>('iam/access-keys', { scope: 'account' });
export const memberships = table<Membership>('iam/memberships', { scope: 'account' });
export const aliases = table<{ readonly alias: string }>('iam/account-aliases', { scope: 'account' });
export const openIdProviders = table<OpenIdProvider>('iam/openid-providers', { scope: 'account' });
export const samlProviders = table<SamlProvider>('iam/saml-providers', { scope: 'account' });
export const loginProfiles = table<LoginProfile>('iam/login-profiles', { scope: 'account' });
/** Under the id `account`. */
export const passwordPolicies = table<Sdk.PasswordPolicy>('iam/password-policies', { scope: 'account' });
export const inlinePolicies = table<InlinePolicy, 'owner'>('iam/inline-policies', {
  scope: 'account',
  indexes: ownerIndex,
});
export const attachments = table<Attachment, 'owner' | 'policy'>('iam/attachments', {
  scope: 'account',
  indexes: { ...ownerIndex, policy: ({ policyArn }) => policyArn },
});

/** Names are told apart without regard to case, and keep theirs. */
export const nameKey = (name: string): string => name.toLowerCase();
export const ownerId = ({ kind, name }: Owner): string => `${kind}/${nameKey(name)}`;
export const inlineKey = (owner: Owner, policyName: string): string => `${ownerId(owner)}/${policyName}`;
export const attachmentKey = (owner: Owner, policyArn: string): string => `${ownerId(owner)}|${policyArn}`;
export const membershipKey = ({ groupName, userName }: Membership): string =>
  `${nameKey(groupName)}|${nameKey(userName)}`;
