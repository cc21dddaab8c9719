import type {
  EncryptionAlgorithmSpec,
  KeySpec,
  KeyUsageType,
  MacAlgorithmSpec,
  SigningAlgorithmSpec,
} from '@aws-sdk/client-kms';
import { notImplemented, validation } from './errors.ts';
import type { KeyMaterial } from './ports.ts';

const rsaSigning: SigningAlgorithmSpec[] = [
  'RSASSA_PKCS1_V1_5_SHA_256',
  'RSASSA_PKCS1_V1_5_SHA_384',
  'RSASSA_PKCS1_V1_5_SHA_512',
  'RSASSA_PSS_SHA_256',
  'RSASSA_PSS_SHA_384',
  'RSASSA_PSS_SHA_512',
];
const rsaEncryption: EncryptionAlgorithmSpec[] = ['RSAES_OAEP_SHA_1', 'RSAES_OAEP_SHA_256'];

/** What a kind of key is for (the first where the request leaves it open), and the algorithms it has. */
interface SpecFacts {
  readonly usages: readonly KeyUsageType[];
  readonly signing?: SigningAlgorithmSpec[];
  readonly encryption?: EncryptionAlgorithmSpec[];
  readonly mac?: MacAlgorithmSpec;
  /** Length of the secret, of keys that are bytes. */
  readonly bytes?: number;
}

const rsa: SpecFacts = { usages: ['SIGN_VERIFY', 'ENCRYPT_DECRYPT'], signing: rsaSigning, encryption: rsaEncryption };
const ecc = (algorithm: SigningAlgorithmSpec): SpecFacts => ({ usages: ['SIGN_VERIFY'], signing: [algorithm] });
const hmac = (mac: MacAlgorithmSpec, bytes: number): SpecFacts => ({ usages: ['GENERATE_VERIFY_MAC'], mac, bytes });

/** Source: https://docs.aws.amazon.com/kms/latest/developerguide/symm-asymm-choose-key-spec.html */
const specs: { readonly [Spec in KeySpec]?: SpecFacts } = {
  SYMMETRIC_DEFAULT: { usages: ['ENCRYPT_DECRYPT'], encryption: ['SYMMETRIC_DEFAULT'], bytes: 32 },
  RSA_2048: rsa,
  RSA_3072: rsa,
  RSA_4096: rsa,
  ECC_NIST_P256: ecc('ECDSA_SHA_256'),
  ECC_NIST_P384: ecc('ECDSA_SHA_384'),
  ECC_NIST_P521: ecc('ECDSA_SHA_512'),
  ECC_SECG_P256K1: ecc('ECDSA_SHA_256'),
  HMAC_224: hmac('HMAC_SHA_224', 28),
  HMAC_256: hmac('HMAC_SHA_256', 32),
  HMAC_384: hmac('HMAC_SHA_384', 48),
  HMAC_512: hmac('HMAC_SHA_512', 64),
};

export function factsOf(spec: KeySpec): SpecFacts {
  const facts = specs[spec];
  if (!facts) throw notImplemented(`the key spec ${spec}`);
  return facts;
}

/** The usage of a new key; all but symmetric keys must say theirs. */
export function usageOf(spec: KeySpec, usage: KeyUsageType | undefined): KeyUsageType {
  const { usages } = factsOf(spec);
  if (usage === undefined && spec !== 'SYMMETRIC_DEFAULT')
    throw validation('You must specify a KeyUsage value for all KMS keys except for symmetric encryption keys.');
  const wanted = usage ?? 'ENCRYPT_DECRYPT';
  if (!usages.includes(wanted)) throw validation(`KeyUsage ${wanted} is not compatible with KeySpec ${spec}`);
  return wanted;
}

/** The algorithms that a key of this kind and use shows. */
export function algorithmsOf(spec: KeySpec, usage: KeyUsageType) {
  const { encryption, signing, mac } = factsOf(spec);
  if (usage === 'ENCRYPT_DECRYPT') return { EncryptionAlgorithms: encryption ?? [] };
  return usage === 'SIGN_VERIFY' ? { SigningAlgorithms: signing ?? [] } : { MacAlgorithms: mac ? [mac] : [] };
}

/** A fresh secret for a kind of key, in base64. */
export function makeMaterial(spec: KeySpec, material: KeyMaterial): string {
  const { bytes } = factsOf(spec);
  return (bytes === undefined ? material.privateKey(spec) : material.random(bytes)).toString('base64');
}
