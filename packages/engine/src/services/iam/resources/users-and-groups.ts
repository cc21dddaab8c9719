import type { Tag } from '@aws-sdk/client-iam';
import { resource } from '../../../cloudformation/resource-handler.ts';
import { changePolicies, gone, type OwnerProperties } from './policy-owners.ts';

interface GroupProperties extends OwnerProperties {
  readonly GroupName?: string;
  readonly Path?: string;
}

/** AWS::IAM::Group. `Ref` is the name. */
export const group = resource<GroupProperties>({
  create(properties, context) {
    const GroupName = properties.GroupName ?? context.physicalName({ max: 128 });
    const { Group: made } = context.iam.createGroup({ GroupName, Path: properties.Path });
    changePolicies(context, { kind: 'group', name: GroupName }, { before: {}, after: properties });
    return { id: GroupName, attributes: { Arn: made?.Arn } };
  },
  update(name, after, before, context) {
    changePolicies(context, { kind: 'group', name }, { before, after });
    return undefined;
  },
  delete(GroupName, properties, context) {
    gone(() => {
      context.iam.getGroup({ GroupName });
      changePolicies(context, { kind: 'group', name: GroupName }, { before: properties, after: {} });
      context.iam.deleteGroup({ GroupName });
    });
  },
});

interface UserProperties extends OwnerProperties {
  readonly UserName?: string;
  readonly Path?: string;
  readonly Groups?: readonly string[];
  readonly PermissionsBoundary?: string;
  readonly LoginProfile?: { readonly Password: string; readonly PasswordResetRequired?: boolean };
  readonly Tags?: Tag[];
}

/** AWS::IAM::User. `Ref` is the name. */
export const user = resource<UserProperties>({
  create(properties, context) {
    const UserName = properties.UserName ?? context.physicalName({ max: 64 });
    const { Path, PermissionsBoundary, LoginProfile } = properties;
    const { User: made } = context.iam.createUser({
      UserName,
      Path,
      PermissionsBoundary,
      Tags: context.tags(properties.Tags),
    });
    if (LoginProfile) context.iam.createLoginProfile({ UserName, ...LoginProfile });
    changePolicies(context, { kind: 'user', name: UserName }, { before: {}, after: properties });
    for (const GroupName of properties.Groups ?? []) context.iam.addUserToGroup({ GroupName, UserName });
    return { id: UserName, attributes: { Arn: made?.Arn } };
  },

  update(UserName, after, before, context) {
    const { iam } = context;
    changePolicies(context, { kind: 'user', name: UserName }, { before, after });
    for (const GroupName of after.Groups ?? []) iam.addUserToGroup({ GroupName, UserName });
    for (const GroupName of before.Groups ?? [])
      if (!after.Groups?.includes(GroupName)) gone(() => iam.removeUserFromGroup({ GroupName, UserName }));
    const { PermissionsBoundary } = after;
    if (PermissionsBoundary) iam.putUserPermissionsBoundary({ UserName, PermissionsBoundary });
    else if (before.PermissionsBoundary) iam.deleteUserPermissionsBoundary({ UserName });
    iam.tagUser({ UserName, Tags: context.tags(after.Tags) });
    return undefined;
  },

  delete(UserName, properties, context) {
    const { iam } = context;
    gone(() => {
      iam.getUser({ UserName });
      changePolicies(context, { kind: 'user', name: UserName }, { before: properties, after: {} });
      for (const GroupName of properties.Groups ?? []) gone(() => iam.removeUserFromGroup({ GroupName, UserName }));
      if (properties.LoginProfile) gone(() => iam.deleteLoginProfile({ UserName }));
      iam.deleteUser({ UserName });
    });
  },
});

interface AdditionProperties {
  readonly GroupName: string;
  readonly Users: readonly string[];
}

/** AWS::IAM::UserToGroupAddition */
export const userToGroupAddition = resource<AdditionProperties>({
  create({ GroupName, Users }, context) {
    for (const UserName of Users) context.iam.addUserToGroup({ GroupName, UserName });
    const id = context.physicalName();
    return { id, attributes: { Id: id } };
  },
  update(_id, after, before, { iam }) {
    for (const UserName of after.Users) iam.addUserToGroup({ GroupName: after.GroupName, UserName });
    for (const UserName of before.Users)
      if (after.GroupName !== before.GroupName || !after.Users.includes(UserName))
        gone(() => iam.removeUserFromGroup({ GroupName: before.GroupName, UserName }));
    return undefined;
  },
  delete(_id, { GroupName, Users }, { iam }) {
    for (const UserName of Users) gone(() => iam.removeUserFromGroup({ GroupName, UserName }));
  },
});

interface AccessKeyProperties {
  readonly UserName: string;
  readonly Status?: 'Active' | 'Inactive';
}

/** AWS::IAM::AccessKey. `Ref` is the key's id; the secret is an attribute, as on AWS. */
export const accessKey = resource<AccessKeyProperties>({
  create({ UserName, Status }, { iam }) {
    const { AccessKey: made } = iam.createAccessKey({ UserName });
    const AccessKeyId = made?.AccessKeyId ?? '';
    if (Status === 'Inactive') iam.updateAccessKey({ UserName, AccessKeyId, Status });
    return { id: AccessKeyId, attributes: { SecretAccessKey: made?.SecretAccessKey, Id: AccessKeyId } };
  },
  update(AccessKeyId, { UserName, Status = 'Active' }, _before, { iam }) {
    iam.updateAccessKey({ UserName, AccessKeyId, Status });
    return undefined;
  },
  delete(AccessKeyId, { UserName }, { iam }) {
    gone(() => iam.deleteAccessKey({ UserName, AccessKeyId }));
  },
});
