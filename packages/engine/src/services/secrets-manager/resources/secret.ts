import type { GetRandomPasswordRequest } from '@aws-sdk/client-secrets-manager';
import { type Properties, type ResourceContext, resource } from '../../../cloudformation/resource-handler.ts';
import { isAwsError } from '../../../kernel/aws-error.ts';

interface Generation extends GetRandomPasswordRequest {
  readonly GenerateStringKey?: string;
  readonly SecretStringTemplate?: string;
}

interface SecretProperties {
  readonly Name?: string;
  readonly Description?: string;
  readonly KmsKeyId?: string;
  readonly SecretString?: string;
  readonly GenerateSecretString?: Generation;
  readonly ReplicaRegions?: { readonly Region: string; readonly KmsKeyId?: string }[];
  readonly Tags?: unknown;
}

/** The value that the template gives, or rules by which it is made; with neither the secret has none yet. */
function secretText({ SecretString, GenerateSecretString }: SecretProperties, { secretsManager }: ResourceContext) {
  if (SecretString !== undefined || !GenerateSecretString) return SecretString;
  const { GenerateStringKey, SecretStringTemplate, ...rules } = GenerateSecretString;
  const { RandomPassword = '' } = secretsManager.getRandomPassword(rules);
  if (GenerateStringKey === undefined) return RandomPassword;
  return JSON.stringify({ ...JSON.parse(SecretStringTemplate ?? '{}'), [GenerateStringKey]: RandomPassword });
}

/** AWS::SecretsManager::Secret. `Ref` is the ARN; a generated value is made anew only where the rules for it change. */
export const secret = resource<SecretProperties>({
  create(properties, context) {
    const { ARN = '' } = context.secretsManager.createSecret({
      Name: properties.Name ?? context.physicalName({ max: 64 }),
      Description: properties.Description,
      KmsKeyId: properties.KmsKeyId,
      SecretString: secretText(properties, context),
      ClientRequestToken: context.ids.uuid('secretsmanager/token'),
      AddReplicaRegions: properties.ReplicaRegions,
      Tags: context.tags(properties.Tags),
    });
    return { id: ARN, attributes: { Id: ARN } };
  },

  update(SecretId, properties, previous, context) {
    const { secretsManager } = context;
    const isSame =
      properties.SecretString === previous.SecretString &&
      JSON.stringify(properties.GenerateSecretString) === JSON.stringify(previous.GenerateSecretString);
    secretsManager.updateSecret({
      SecretId,
      Description: properties.Description ?? '',
      KmsKeyId: properties.KmsKeyId,
      SecretString: isSame ? undefined : secretText(properties, context),
      ClientRequestToken: context.ids.uuid('secretsmanager/token'),
    });
    const Tags = context.tags(properties.Tags);
    const TagKeys = context
      .tags(previous.Tags)
      .map(({ Key }) => Key)
      .filter((name) => !Tags.some(({ Key }) => Key === name));
    if (TagKeys.length > 0) secretsManager.untagResource({ SecretId, TagKeys });
    secretsManager.tagResource({ SecretId, Tags });
    return undefined;
  },

  delete(SecretId, _, { secretsManager }) {
    try {
      secretsManager.deleteSecret({ SecretId, ForceDeleteWithoutRecovery: true });
    } catch (error) {
      if (!isAwsError(error, 'ResourceNotFoundException')) throw error;
    }
  },
});

interface PolicyProperties {
  readonly SecretId: string;
  readonly ResourcePolicy: Properties;
  readonly BlockPublicPolicy?: boolean;
}

const put = ({ SecretId, ResourcePolicy }: PolicyProperties, { secretsManager }: ResourceContext) =>
  secretsManager.putResourcePolicy({ SecretId, ResourcePolicy: JSON.stringify(ResourcePolicy) });

/** AWS::SecretsManager::ResourcePolicy. `Ref` is the secret's ARN. */
export const resourcePolicy = resource<PolicyProperties>({
  create(properties, context) {
    const { ARN = '' } = put(properties, context);
    return { id: ARN, attributes: { Id: ARN } };
  },
  update(_, properties, __, context) {
    put(properties, context);
    return undefined;
  },
  delete(SecretId, _, { secretsManager }) {
    try {
      secretsManager.deleteResourcePolicy({ SecretId });
    } catch (error) {
      if (!isAwsError(error, 'ResourceNotFoundException')) throw error;
    }
  },
});
