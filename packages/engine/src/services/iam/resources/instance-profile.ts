import { resource } from '../../../cloudformation/resource-handler.ts';
import { gone } from './policy-owners.ts';

interface InstanceProfileProperties {
  readonly InstanceProfileName?: string;
  readonly Path?: string;
  readonly Roles: readonly string[];
}

/** AWS::IAM::InstanceProfile. `Ref` is the name. */
export const instanceProfile = resource<InstanceProfileProperties>({
  create({ InstanceProfileName, Path, Roles }, context) {
    const name = InstanceProfileName ?? context.physicalName({ max: 128 });
    const { InstanceProfile: made } = context.iam.createInstanceProfile({ InstanceProfileName: name, Path });
    for (const RoleName of Roles) context.iam.addRoleToInstanceProfile({ InstanceProfileName: name, RoleName });
    return { id: name, attributes: { Arn: made?.Arn } };
  },

  update(InstanceProfileName, { Roles }, before, { iam }) {
    for (const RoleName of before.Roles)
      if (!Roles.includes(RoleName)) gone(() => iam.removeRoleFromInstanceProfile({ InstanceProfileName, RoleName }));
    for (const RoleName of Roles)
      if (!before.Roles.includes(RoleName)) iam.addRoleToInstanceProfile({ InstanceProfileName, RoleName });
    return undefined;
  },

  delete(InstanceProfileName, { Roles }, { iam }) {
    for (const RoleName of Roles) gone(() => iam.removeRoleFromInstanceProfile({ InstanceProfileName, RoleName }));
    gone(() => iam.deleteInstanceProfile({ InstanceProfileName }));
  },
});
