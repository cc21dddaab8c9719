import { resource } from '../../../cloudformation/resource-handler.ts';
import { gone } from './policy-owners.ts';

interface ServiceLinkedRoleProperties {
  readonly AWSServiceName: string;
  readonly CustomSuffix?: string;
  readonly Description?: string;
}

/** AWS::IAM::ServiceLinkedRole. `Ref` is the role's name. */
export const serviceLinkedRole = resource<ServiceLinkedRoleProperties>({
  create(properties, { iam }) {
    const { Role: made } = iam.createServiceLinkedRole(properties);
    return { id: made?.RoleName ?? '', attributes: { RoleName: made?.RoleName } };
  },
  update(RoleName, { Description = '' }, _before, { iam }) {
    iam.updateRoleDescription({ RoleName, Description });
    return undefined;
  },
  delete(RoleName, _properties, { iam }) {
    gone(() => iam.deleteServiceLinkedRole({ RoleName }));
  },
});
