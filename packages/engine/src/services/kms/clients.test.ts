import { CreateAliasCommand, CreateKeyCommand, DecryptCommand, EncryptCommand, KMSClient } from '@aws-sdk/client-kms';
import { expect, test } from 'vitest';
import { startLab } from '../../testing/lab.ts';
import { seededKeyMaterial } from '../../testing/seeded-key-material.ts';
import { requestHandler } from '../../wire/request-handler.ts';
import { kms } from './index.ts';

test('the SDK encrypts by alias, decrypts without a key id, and sees errors as AWS’s', async () => {
  const { kernel } = startLab({ services: () => [kms({ material: seededKeyMaterial() })] });
  const options = {
    kernel,
    onBug(error: unknown) {
      throw error;
    },
  };
  const client = new KMSClient({
    region: 'eu-central-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
    requestHandler: requestHandler(options) as never,
  });
  const { KeyMetadata } = await client.send(new CreateKeyCommand({}));
  await client.send(new CreateAliasCommand({ AliasName: 'alias/app', TargetKeyId: KeyMetadata?.KeyId }));
  const { CiphertextBlob } = await client.send(
    new EncryptCommand({ KeyId: 'alias/app', Plaintext: Buffer.from('grüße'), EncryptionContext: { a: 'b' } }),
  );
  const read = (EncryptionContext: Record<string, string>) =>
    client.send(new DecryptCommand({ CiphertextBlob, EncryptionContext }));
  const { Plaintext = new Uint8Array(), KeyId } = await read({ a: 'b' });
  expect([Buffer.from(Plaintext).toString(), KeyId]).toEqual(['grüße', KeyMetadata?.Arn]);
  await expect(read({ a: 'c' })).rejects.toMatchObject({ name: 'InvalidCiphertextException' });
});
