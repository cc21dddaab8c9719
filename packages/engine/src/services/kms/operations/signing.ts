import {
  constants,
  createHmac,
  createPrivateKey,
  createPublicKey,
  sign as signWith,
  timingSafeEqual,
  verify as verifyWith,
} from 'node:crypto';
import {
  dryRun,
  invalidDigest,
  invalidMac,
  invalidSignature,
  notImplemented,
  unsupported,
  unsupportedAlgorithm,
} from '../errors.ts';
import { requireKey, requireUsable } from '../lookup.ts';
import type { Handler, Key } from '../model.ts';
import { plain } from './encryption.ts';

/** `RSASSA_PSS_SHA_256`: sha256. */
const hashOf = (algorithm: string): string => `sha${algorithm.slice(-3)}`;

function signer({ metadata, materials: [material = ''] }: Key, algorithm: string) {
  if (!metadata.SigningAlgorithms?.includes(algorithm as never))
    throw unsupportedAlgorithm(metadata.KeySpec, algorithm);
  const key = createPrivateKey({ key: Buffer.from(material, 'base64'), format: 'der', type: 'pkcs8' });
  if (!algorithm.includes('PSS')) return { key };
  return { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST };
}

function checkType(type: string | undefined, message: Uint8Array, algorithm: string): void {
  if (type !== 'DIGEST') return;
  if (message.byteLength !== Number(algorithm.slice(-3)) / 8) throw invalidDigest(algorithm);
  // node:crypto signs messages, not digests of them.
  throw notImplemented('MessageType DIGEST');
}

export const sign: Handler<'Sign'> = ({ KeyId, Message, MessageType, SigningAlgorithm, DryRun }, context) => {
  const key = requireUsable(requireKey(context, KeyId), 'SIGN_VERIFY', 'Sign');
  const how = signer(key, SigningAlgorithm);
  checkType(MessageType, Message, SigningAlgorithm);
  if (DryRun) throw dryRun();
  const Signature = plain(signWith(hashOf(SigningAlgorithm), Message, how));
  return { KeyId: key.metadata.Arn, Signature, SigningAlgorithm };
};

export const verify: Handler<'Verify'> = (input, context) => {
  const { KeyId, Message, MessageType, SigningAlgorithm, Signature, DryRun } = input;
  const key = requireUsable(requireKey(context, KeyId), 'SIGN_VERIFY', 'Verify');
  const { key: pair, ...how } = signer(key, SigningAlgorithm);
  checkType(MessageType, Message, SigningAlgorithm);
  if (DryRun) throw dryRun();
  if (!verifyWith(hashOf(SigningAlgorithm), Message, { key: createPublicKey(pair), ...how }, Signature))
    throw invalidSignature();
  return { KeyId: key.metadata.Arn, SignatureValid: true, SigningAlgorithm };
};

export const getPublicKey: Handler<'GetPublicKey'> = ({ KeyId }, context) => {
  const { metadata, materials } = requireKey(context, KeyId);
  const { Arn, KeySpec, KeyUsage, SigningAlgorithms, EncryptionAlgorithms } = metadata;
  if (!/^(RSA|ECC)_/.test(KeySpec))
    throw unsupported(`${Arn} key spec is ${KeySpec} which is not valid for GetPublicKey.`);
  const pair = createPrivateKey({ key: Buffer.from(materials[0] ?? '', 'base64'), format: 'der', type: 'pkcs8' });
  const PublicKey = plain(createPublicKey(pair).export({ type: 'spki', format: 'der' }));
  const CustomerMasterKeySpec = KeySpec as NonNullable<typeof metadata.CustomerMasterKeySpec>;
  return { KeyId: Arn, PublicKey, CustomerMasterKeySpec, KeySpec, KeyUsage, SigningAlgorithms, EncryptionAlgorithms };
};

function macOf({ metadata, materials: [material = ''] }: Key, message: Uint8Array, algorithm: string): Buffer {
  if (!metadata.MacAlgorithms?.includes(algorithm as never)) throw unsupportedAlgorithm(metadata.KeySpec, algorithm);
  return createHmac(hashOf(algorithm), Buffer.from(material, 'base64')).update(message).digest();
}

export const generateMac: Handler<'GenerateMac'> = ({ KeyId, Message, MacAlgorithm, DryRun }, context) => {
  const key = requireUsable(requireKey(context, KeyId), 'GENERATE_VERIFY_MAC', 'GenerateMac');
  const Mac = plain(macOf(key, Message, MacAlgorithm));
  if (DryRun) throw dryRun();
  return { KeyId: key.metadata.Arn, Mac, MacAlgorithm };
};

export const verifyMac: Handler<'VerifyMac'> = ({ KeyId, Message, MacAlgorithm, Mac, DryRun }, context) => {
  const key = requireUsable(requireKey(context, KeyId), 'GENERATE_VERIFY_MAC', 'VerifyMac');
  const right = macOf(key, Message, MacAlgorithm);
  if (right.length !== Mac.byteLength || !timingSafeEqual(right, Mac)) throw invalidMac();
  if (DryRun) throw dryRun();
  return { KeyId: key.metadata.Arn, MacValid: true, MacAlgorithm };
};
