import type { Tag } from '@aws-sdk/client-iam';
import { resource } from '../../../cloudformation/resource-handler.ts';
import { changePolicies, documentText, gone, type OwnerProperties } from './policy-owners.ts';

interface RoleProperties extends OwnerProperties {
  readonly RoleName?: string;
  readonly AssumeRolePolicyDocument: unknown;
  readonly Path?: string;
  readonly Description?: string;
  readonly MaxSessionDuration?: number;
  readonly PermissionsBoundary?: string;
  readonly Tags?: Tag[];
}

/** AWS::IAM::Role. `Ref` is the name. */
export const role = resource<RoleProperties>({
  create(properties, context) {
    const { ManagedPolicyArns: _arns, Policies: _policies, AssumeRolePolicyDocument: trust, ...input } = properties;
    const RoleName = properties.RoleName ?? context.physicalName({ max: 64 });
    const { Role: made } = context.iam.createRole({
      ...input,
      RoleName,
      AssumeRolePolicyDocument: documentText(trust),
      Tags: context.tags(properties.Tags),
    });
    changePolicies(context, { kind: 'role', name: RoleName }, { before: {}, after: properties });
    return { id: RoleName, attributes: { Arn: made?.Arn, RoleId: made?.RoleId } };
  },

  update(RoleName, after, before, context) {
    const { iam } = context;
    iam.updateAssumeRolePolicy({ RoleName, PolicyDocument: documentText(after.AssumeRolePolicyDocument) });
    iam.updateRole({
      RoleName,
      Description: after.Description ?? '',
      MaxSessionDuration: after.MaxSessionDuration ?? 3600,
    });
    const { PermissionsBoundary } = after;
    if (PermissionsBoundary) iam.putRolePermissionsBoundary({ RoleName, PermissionsBoundary });
    else if (before.PermissionsBoundary) iam.deleteRolePermissionsBoundary({ RoleName });
    changePolicies(context, { kind: 'role', name: RoleName }, { before, after });
    const tags = context.tags(after.Tags);
    const stale = (before.Tags ?? []).flatMap(({ Key }) => (tags.some((tag) => tag.Key === Key) ? [] : (Key ?? [])));
    if (stale.length > 0) iam.untagRole({ RoleName, TagKeys: stale });
    if (tags.length > 0) iam.tagRole({ RoleName, Tags: tags });
    return undefined;
  },

  delete(RoleName, properties, context) {
    gone(() => {
      context.iam.getRole({ RoleName });
      changePolicies(context, { kind: 'role', name: RoleName }, { before: properties, after: {} });
      context.iam.deleteRole({ RoleName });
    });
  },
});
