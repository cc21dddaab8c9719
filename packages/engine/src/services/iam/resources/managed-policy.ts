import { type Made, type ResourceContext, resource } from '../../../cloudformation/resource-handler.ts';
import { ownersIn, ownersLeft, type Recipients } from './policy.ts';
import { documentText, gone, policiesOf } from './policy-owners.ts';

interface ManagedPolicyProperties extends Recipients {
  readonly ManagedPolicyName?: string;
  readonly PolicyDocument: unknown;
  readonly Path?: string;
  readonly Description?: string;
}

const versions_max = 5;

function attributesOf(PolicyArn: string, { iam }: ResourceContext): Made['attributes'] {
  const { Policy: made = {} } = iam.getPolicy({ PolicyArn });
  return {
    PolicyArn,
    PolicyId: made.PolicyId,
    DefaultVersionId: made.DefaultVersionId,
    IsAttachable: made.IsAttachable,
    AttachmentCount: made.AttachmentCount,
    PermissionsBoundaryUsageCount: made.PermissionsBoundaryUsageCount,
    CreateDate: made.CreateDate?.toISOString(),
    UpdateDate: made.UpdateDate?.toISOString(),
  };
}

/** AWS::IAM::ManagedPolicy. `Ref` is the ARN. A change of the document is a new version; the oldest makes room for it. */
export const managedPolicy = resource<ManagedPolicyProperties>({
  create(properties, context) {
    const { Policy: made } = context.iam.createPolicy({
      PolicyName: properties.ManagedPolicyName ?? context.physicalName({ max: 128 }),
      PolicyDocument: documentText(properties.PolicyDocument),
      ...(properties.Path ? { Path: properties.Path } : {}),
      ...(properties.Description ? { Description: properties.Description } : {}),
    });
    const arn = made?.Arn ?? '';
    for (const owner of ownersIn(properties)) policiesOf(context, owner).attach(arn);
    return { id: arn, attributes: attributesOf(arn, context) };
  },

  update(PolicyArn, after, before, context) {
    const { iam } = context;
    const document = documentText(after.PolicyDocument);
    if (document !== documentText(before.PolicyDocument)) {
      const { Versions = [] } = iam.listPolicyVersions({ PolicyArn });
      const oldest = Versions.filter(({ IsDefaultVersion }) => !IsDefaultVersion).at(-1)?.VersionId;
      if (Versions.length >= versions_max && oldest) iam.deletePolicyVersion({ PolicyArn, VersionId: oldest });
      iam.createPolicyVersion({ PolicyArn, PolicyDocument: document, SetAsDefault: true });
    }
    for (const owner of ownersIn(after)) policiesOf(context, owner).attach(PolicyArn);
    for (const owner of ownersLeft(before, after)) gone(() => policiesOf(context, owner).detach(PolicyArn));
    return attributesOf(PolicyArn, context);
  },

  delete(PolicyArn, properties, context) {
    const { iam } = context;
    for (const owner of ownersIn(properties)) gone(() => policiesOf(context, owner).detach(PolicyArn));
    gone(() => {
      for (const { VersionId = '', IsDefaultVersion } of iam.listPolicyVersions({ PolicyArn }).Versions ?? [])
        if (!IsDefaultVersion) iam.deletePolicyVersion({ PolicyArn, VersionId });
      iam.deletePolicy({ PolicyArn });
    });
  },
});
