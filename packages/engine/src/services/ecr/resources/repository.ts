import { type Properties, resource } from '../../../cloudformation/resource-handler.ts';

interface RepositoryProperties {
  readonly RepositoryName?: string;
  readonly ImageTagMutability?: 'MUTABLE' | 'IMMUTABLE';
  readonly ImageScanningConfiguration?: { readonly ScanOnPush?: boolean };
  readonly EncryptionConfiguration?: { readonly EncryptionType: 'AES256' | 'KMS'; readonly KmsKey?: string };
  readonly LifecyclePolicy?: { readonly LifecyclePolicyText?: string };
  readonly RepositoryPolicyText?: Properties | string;
  readonly EmptyOnDelete?: boolean;
  readonly Tags?: unknown;
}

const text = (policy: Properties | string) => (typeof policy === 'string' ? policy : JSON.stringify(policy));

/** AWS::ECR::Repository */
export const repository = resource<RepositoryProperties>({
  create(properties, context) {
    const { ecr } = context;
    const made = ecr.createRepository({
      repositoryName: properties.RepositoryName ?? context.physicalName({ max: 256, lowerCase: true }),
      imageTagMutability: properties.ImageTagMutability,
      imageScanningConfiguration: { scanOnPush: properties.ImageScanningConfiguration?.ScanOnPush ?? false },
      encryptionConfiguration: properties.EncryptionConfiguration && {
        encryptionType: properties.EncryptionConfiguration.EncryptionType,
        kmsKey: properties.EncryptionConfiguration.KmsKey,
      },
      tags: context.tags(properties.Tags),
    }).repository;
    const id = made?.repositoryName ?? '';
    if (properties.LifecyclePolicy?.LifecyclePolicyText)
      ecr.putLifecyclePolicy({
        repositoryName: id,
        lifecyclePolicyText: properties.LifecyclePolicy.LifecyclePolicyText,
      });
    if (properties.RepositoryPolicyText)
      ecr.setRepositoryPolicy({ repositoryName: id, policyText: text(properties.RepositoryPolicyText) });
    // The address that templates know: ECS and AWS both read it so.
    const { account, region } = context.scope;
    return {
      id,
      attributes: { Arn: made?.repositoryArn, RepositoryUri: `${account}.dkr.ecr.${region}.amazonaws.com/${id}` },
    };
  },
  update(id, now, before, { ecr }) {
    if (now.ImageTagMutability !== before.ImageTagMutability)
      ecr.putImageTagMutability({ repositoryName: id, imageTagMutability: now.ImageTagMutability ?? 'MUTABLE' });
    ecr.putImageScanningConfiguration({
      repositoryName: id,
      imageScanningConfiguration: { scanOnPush: now.ImageScanningConfiguration?.ScanOnPush ?? false },
    });
    if (now.LifecyclePolicy?.LifecyclePolicyText)
      ecr.putLifecyclePolicy({ repositoryName: id, lifecyclePolicyText: now.LifecyclePolicy.LifecyclePolicyText });
    else if (before.LifecyclePolicy) ecr.deleteLifecyclePolicy({ repositoryName: id });
    if (now.RepositoryPolicyText)
      ecr.setRepositoryPolicy({ repositoryName: id, policyText: text(now.RepositoryPolicyText) });
    else if (before.RepositoryPolicyText) ecr.deleteRepositoryPolicy({ repositoryName: id });
    return undefined;
  },
  delete: (repositoryName, { EmptyOnDelete }, { ecr }) =>
    void ecr.deleteRepository({ repositoryName, force: EmptyOnDelete ?? false }),
});
