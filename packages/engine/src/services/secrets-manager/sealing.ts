import { createCipheriv, createDecipheriv, createHash } from 'node:crypto';
import { isAwsError } from '../../kernel/aws-error.ts';
import type { Context } from '../../kernel/context.ts';
import { bothValues, decryptionFailed, encryptionFailed } from './errors.ts';
import type { Secret, Version } from './model.ts';

/** A secret's value as requests give it, and answers too. */
export interface Value {
  readonly SecretString?: string | undefined;
  readonly SecretBinary?: Uint8Array | undefined;
}

/** A data key seals one value only, so its nonce need not vary. */
const nonce = Buffer.alloc(12);
const tag_bytes = 16;
const defaultKey = 'alias/aws/secretsmanager';

const bytesOf = ({ SecretString, SecretBinary }: Value): Buffer | undefined =>
  SecretString !== undefined
    ? Buffer.from(SecretString)
    : SecretBinary === undefined
      ? undefined
      : Buffer.from(SecretBinary);

/** Whether there is a value at all. */
export function hasValue(value: Value): boolean {
  if (value.SecretString !== undefined && value.SecretBinary !== undefined) throw bothValues();
  return bytesOf(value) !== undefined;
}

const contextOf = (arn: string, id: string) => ({ SecretARN: arn, SecretVersionId: id });

export const digestOf = (value: Value): string =>
  createHash('sha256')
    .update(value.SecretString === undefined ? 'binary:' : 'string:')
    .update(bytesOf(value) ?? '')
    .digest('base64');

/** A version with its value encrypted, as https://docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html describes. */
export function sealVersion(
  secret: Pick<Secret, 'arn' | 'kmsKeyId'>,
  id: string,
  value: Value,
  context: Context,
): Omit<Version, 'stages'> {
  const { Plaintext, CiphertextBlob } = refusing(encryptionFailed, () =>
    context.kms.generateDataKey({
      KeyId: secret.kmsKeyId ?? defaultKey,
      KeySpec: 'AES_256',
      EncryptionContext: contextOf(secret.arn, id),
    }),
  );
  const cipher = createCipheriv('aes-256-gcm', Plaintext ?? Buffer.alloc(0), nonce);
  const text = Buffer.concat([cipher.update(bytesOf(value) ?? Buffer.alloc(0)), cipher.final()]);
  return {
    id,
    createdAt: new Date(context.now),
    kind: value.SecretString === undefined ? 'binary' : 'string',
    sealed: Buffer.concat([cipher.getAuthTag(), text]).toString('base64'),
    dataKey: Buffer.from(CiphertextBlob ?? []).toString('base64'),
    digest: digestOf(value),
  };
}

export function openVersion(arn: string, version: Version, context: Context): Value {
  const { Plaintext } = refusing(decryptionFailed, () =>
    context.kms.decrypt({
      CiphertextBlob: new Uint8Array(Buffer.from(version.dataKey, 'base64')),
      EncryptionContext: contextOf(arn, version.id),
    }),
  );
  const sealed = Buffer.from(version.sealed, 'base64');
  const cipher = createDecipheriv('aes-256-gcm', Plaintext ?? Buffer.alloc(0), nonce);
  cipher.setAuthTag(sealed.subarray(0, tag_bytes));
  const text = Buffer.concat([cipher.update(sealed.subarray(tag_bytes)), cipher.final()]);
  return version.kind === 'string' ? { SecretString: text.toString() } : { SecretBinary: new Uint8Array(text) };
}

/** What KMS refuses is told as this service's failure, with KMS's reason. */
function refusing<T>(refusal: (reason: string) => Error, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!isAwsError(error)) throw error;
    throw refusal(`${error.code}: ${error.message}`);
  }
}
