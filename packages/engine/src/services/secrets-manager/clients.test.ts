import { CreateSecretCommand, GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { expect, test } from 'vitest';
import { startLab } from '../../testing/lab.ts';
import { seededKeyMaterial } from '../../testing/seeded-key-material.ts';
import { requestHandler } from '../../wire/request-handler.ts';
import { kms } from '../kms/index.ts';
import { secretsManager } from './index.ts';

test('the SDK stores bytes, reads them, and sees errors as AWS’s', async () => {
  const { kernel } = startLab({ services: () => [kms({ material: seededKeyMaterial() }), secretsManager()] });
  const options = {
    kernel,
    onBug(error: unknown) {
      throw error;
    },
  };
  const client = new SecretsManagerClient({
    region: 'eu-central-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
    requestHandler: requestHandler(options) as never,
  });
  await client.send(new CreateSecretCommand({ Name: 'app/key', SecretBinary: Buffer.from([0, 255, 7]) }));
  const { SecretBinary } = await client.send(new GetSecretValueCommand({ SecretId: 'app/key' }));
  expect([...(SecretBinary ?? [])]).toEqual([0, 255, 7]);
  await expect(client.send(new GetSecretValueCommand({ SecretId: 'no' }))).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
    message: "Secrets Manager can't find the specified secret.",
  });
});
