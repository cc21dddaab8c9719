import type { DataKeySpec, EncryptionAlgorithmSpec } from '@aws-sdk/client-kms';
import type { Context } from '../../../kernel/context.ts';
import {
  decryptWith,
  decryptWithPair,
  type EncryptionContext,
  encryptWith,
  encryptWithPair,
  keyIdOf,
} from '../ciphers.ts';
import { dryRun, incorrectKey, invalidCiphertext, unsupportedAlgorithm, validation } from '../errors.ts';
import { requireKey, requireUsable } from '../lookup.ts';
import { type Handler, type Key, keys } from '../model.ts';
import type { KeyMaterial } from '../ports.ts';
import { requireKeyOrManaged } from './keys.ts';

const symmetric = 'SYMMETRIC_DEFAULT';

function seal(
  key: Key,
  plaintext: Uint8Array,
  algorithm: EncryptionAlgorithmSpec,
  context: EncryptionContext,
  material: KeyMaterial,
): Buffer {
  if ((key.metadata.KeySpec === symmetric) !== (algorithm === symmetric))
    throw unsupportedAlgorithm(key.metadata.KeySpec, algorithm);
  return algorithm === symmetric
    ? encryptWith(key, plaintext, context, material.random(12))
    : encryptWithPair(key, plaintext, algorithm);
}

export const encrypt =
  (material: KeyMaterial): Handler<'Encrypt'> =>
  ({ KeyId, Plaintext, EncryptionContext = {}, EncryptionAlgorithm = symmetric, DryRun }, context) => {
    const key = requireUsable(requireKeyOrManaged(context, KeyId, material), 'ENCRYPT_DECRYPT', 'Encrypt');
    const CiphertextBlob = seal(key, Plaintext, EncryptionAlgorithm, EncryptionContext, material);
    if (DryRun) throw dryRun();
    return { CiphertextBlob: plain(CiphertextBlob), KeyId: key.metadata.Arn, EncryptionAlgorithm };
  };

/** Bytes with a buffer of their own, as the SDK types them. */
export const plain = (bytes: Uint8Array): Uint8Array<ArrayBuffer> => new Uint8Array(bytes);

interface Sealed {
  readonly KeyId: string | undefined;
  readonly ciphertext: Uint8Array;
  readonly algorithm: EncryptionAlgorithmSpec;
  readonly context: EncryptionContext;
}

/** What a ciphertext holds, with the key that encrypted it: named by it, or, of a pair, by the request. */
function open({ KeyId, ciphertext, algorithm, context: given }: Sealed, context: Context, operation: string) {
  if (algorithm !== symmetric) {
    if (KeyId === undefined) throw validation('KeyId is required with asymmetric keys.');
    const key = requireUsable(requireKey(context, KeyId), 'ENCRYPT_DECRYPT', operation);
    return { key, plaintext: decryptWithPair(key, ciphertext, algorithm) };
  }
  const wanted = KeyId === undefined ? undefined : requireKey(context, KeyId);
  if (wanted) requireUsable(wanted, 'ENCRYPT_DECRYPT', operation);
  const id = keyIdOf(ciphertext);
  if (wanted && wanted.metadata.KeyId !== id) throw incorrectKey();
  const found = wanted ?? context.store.table(keys).get(id);
  if (!found) throw invalidCiphertext();
  const key = requireUsable(found, 'ENCRYPT_DECRYPT', operation);
  return { key, plaintext: decryptWith(key, ciphertext, given) };
}

export const decrypt: Handler<'Decrypt'> = (input, context) => {
  const { CiphertextBlob, KeyId, EncryptionContext = {}, EncryptionAlgorithm = symmetric, Recipient, DryRun } = input;
  if (Recipient) throw validation('Attestation documents of enclaves are not supported here');
  if (CiphertextBlob === undefined) throw invalidCiphertext();
  const { key, plaintext } = open(
    { KeyId, ciphertext: CiphertextBlob, algorithm: EncryptionAlgorithm, context: EncryptionContext },
    context,
    'Decrypt',
  );
  if (DryRun) throw dryRun();
  return { KeyId: key.metadata.Arn, Plaintext: plain(plaintext), EncryptionAlgorithm };
};

export const reEncrypt =
  (material: KeyMaterial): Handler<'ReEncrypt'> =>
  (input, context) => {
    const { SourceEncryptionAlgorithm = symmetric, DestinationEncryptionAlgorithm = symmetric, DryRun } = input;
    if (input.CiphertextBlob === undefined) throw invalidCiphertext();
    const { key: source, plaintext } = open(
      {
        KeyId: input.SourceKeyId,
        ciphertext: input.CiphertextBlob,
        algorithm: SourceEncryptionAlgorithm,
        context: input.SourceEncryptionContext ?? {},
      },
      context,
      'ReEncrypt',
    );
    const given = requireKeyOrManaged(context, input.DestinationKeyId, material);
    const key = requireUsable(given, 'ENCRYPT_DECRYPT', 'ReEncrypt');
    const sealed = seal(
      key,
      plaintext,
      DestinationEncryptionAlgorithm,
      input.DestinationEncryptionContext ?? {},
      material,
    );
    if (DryRun) throw dryRun();
    return {
      CiphertextBlob: plain(sealed),
      SourceKeyId: source.metadata.Arn,
      KeyId: key.metadata.Arn,
      SourceEncryptionAlgorithm,
      DestinationEncryptionAlgorithm,
    };
  };

interface DataKeyRequest {
  readonly KeyId: string;
  readonly KeySpec?: DataKeySpec | undefined;
  readonly NumberOfBytes?: number | undefined;
  readonly EncryptionContext?: EncryptionContext | undefined;
  readonly DryRun?: boolean | undefined;
}

function makeDataKey(request: DataKeyRequest, operation: string, context: Context, material: KeyMaterial) {
  const { KeyId, KeySpec, NumberOfBytes, EncryptionContext = {}, DryRun } = request;
  const key = requireUsable(requireKeyOrManaged(context, KeyId, material), 'ENCRYPT_DECRYPT', operation);
  if (key.metadata.KeySpec !== symmetric) throw unsupportedAlgorithm(key.metadata.KeySpec, symmetric);
  if ((KeySpec === undefined) === (NumberOfBytes === undefined))
    throw validation('Please specify either number of bytes or key spec.');
  const plaintext = material.random(NumberOfBytes ?? (KeySpec === 'AES_128' ? 16 : 32));
  const sealed = encryptWith(key, plaintext, EncryptionContext, material.random(12));
  if (DryRun) throw dryRun();
  return { KeyId: key.metadata.Arn, CiphertextBlob: plain(sealed), Plaintext: plain(plaintext) };
}

export const generateDataKey =
  (material: KeyMaterial): Handler<'GenerateDataKey'> =>
  (input, context) =>
    makeDataKey(input, 'GenerateDataKey', context, material);

export const generateDataKeyWithoutPlaintext =
  (material: KeyMaterial): Handler<'GenerateDataKeyWithoutPlaintext'> =>
  (input, context) => {
    const { Plaintext: _, ...shown } = makeDataKey(input, 'GenerateDataKeyWithoutPlaintext', context, material);
    return shown;
  };

export const generateRandom =
  (material: KeyMaterial): Handler<'GenerateRandom'> =>
  ({ NumberOfBytes }) => {
    if (NumberOfBytes === undefined) throw validation('NumberOfBytes is required.');
    const bound = NumberOfBytes < 1 ? 'greater than or equal to 1' : 'less than or equal to 1024';
    if (NumberOfBytes < 1 || NumberOfBytes > 1024)
      throw validation(
        `1 validation error detected: Value '${NumberOfBytes}' at 'numberOfBytes' failed to satisfy constraint: Member must have value ${bound}`,
      );
    return { Plaintext: plain(material.random(NumberOfBytes)) };
  };
