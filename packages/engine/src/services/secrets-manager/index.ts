import { defineService, type Service } from '../../kernel/service.ts';
import { deletionController } from './controllers/deletion.ts';
import { describeSecret, listSecrets, listSecretVersionIds } from './operations/describing.ts';
import {
  deleteResourcePolicy,
  getResourcePolicy,
  putResourcePolicy,
  rotateSecret,
  tagResource,
  untagResource,
} from './operations/policies.ts';
import { createSecret, deleteSecret, restoreSecret, updateSecret } from './operations/secrets.ts';
import {
  batchGetSecretValue,
  getRandomPassword,
  getSecretValue,
  putSecretValue,
  updateSecretVersionStage,
} from './operations/values.ts';
import { resourcePolicy, secret } from './resources/secret.ts';

/** Secrets Manager. */
export const secretsManager = (): Service =>
  defineService('secretsManager', {
    operations: {
      BatchGetSecretValue: batchGetSecretValue,
      CreateSecret: createSecret,
      DeleteResourcePolicy: deleteResourcePolicy,
      DeleteSecret: deleteSecret,
      DescribeSecret: describeSecret,
      GetRandomPassword: getRandomPassword,
      GetResourcePolicy: getResourcePolicy,
      GetSecretValue: getSecretValue,
      ListSecretVersionIds: listSecretVersionIds,
      ListSecrets: listSecrets,
      PutResourcePolicy: putResourcePolicy,
      PutSecretValue: putSecretValue,
      RestoreSecret: restoreSecret,
      RotateSecret: rotateSecret,
      TagResource: tagResource,
      UntagResource: untagResource,
      UpdateSecret: updateSecret,
      UpdateSecretVersionStage: updateSecretVersionStage,
    },
    controllers: [deletionController],
    resources: { 'AWS::SecretsManager::ResourcePolicy': resourcePolicy, 'AWS::SecretsManager::Secret': secret },
  });
