import { defineService, type Service } from '../../kernel/service.ts';
import { keyController } from './controllers/key.ts';
import { createAlias, deleteAlias, listAliases, updateAlias } from './operations/aliases.ts';
import {
  decrypt,
  encrypt,
  generateDataKey,
  generateDataKeyWithoutPlaintext,
  generateRandom,
  reEncrypt,
} from './operations/encryption.ts';
import { createGrant, listGrants, retireGrant, revokeGrant } from './operations/grants.ts';
import {
  cancelKeyDeletion,
  createKey,
  describeKey,
  disableKey,
  enableKey,
  listKeys,
  scheduleKeyDeletion,
  updateKeyDescription,
} from './operations/keys.ts';
import { getKeyPolicy, listKeyPolicies, putKeyPolicy } from './operations/policies.ts';
import {
  disableKeyRotation,
  enableKeyRotation,
  getKeyRotationStatus,
  listKeyRotations,
  rotateKeyOnDemand,
} from './operations/rotation.ts';
import { generateMac, getPublicKey, sign, verify, verifyMac } from './operations/signing.ts';
import { listResourceTags, tagResource, untagResource } from './operations/tags.ts';
import type { KeyMaterial } from './ports.ts';
import { alias, key } from './resources/key.ts';

/** Key Management Service. */
export const kms = ({ material }: { readonly material: KeyMaterial }): Service =>
  defineService('kms', {
    operations: {
      CancelKeyDeletion: cancelKeyDeletion,
      CreateAlias: createAlias,
      CreateGrant: createGrant,
      CreateKey: createKey(material),
      Decrypt: decrypt,
      DeleteAlias: deleteAlias,
      DescribeKey: describeKey(material),
      DisableKey: disableKey,
      DisableKeyRotation: disableKeyRotation,
      EnableKey: enableKey,
      EnableKeyRotation: enableKeyRotation,
      Encrypt: encrypt(material),
      GenerateDataKey: generateDataKey(material),
      GenerateDataKeyWithoutPlaintext: generateDataKeyWithoutPlaintext(material),
      GenerateMac: generateMac,
      GenerateRandom: generateRandom(material),
      GetKeyPolicy: getKeyPolicy,
      GetKeyRotationStatus: getKeyRotationStatus,
      GetPublicKey: getPublicKey,
      ListAliases: listAliases,
      ListGrants: listGrants,
      ListKeyPolicies: listKeyPolicies,
      ListKeyRotations: listKeyRotations,
      ListKeys: listKeys,
      ListResourceTags: listResourceTags,
      PutKeyPolicy: putKeyPolicy,
      ReEncrypt: reEncrypt(material),
      RetireGrant: retireGrant,
      RevokeGrant: revokeGrant,
      RotateKeyOnDemand: rotateKeyOnDemand(material),
      ScheduleKeyDeletion: scheduleKeyDeletion,
      Sign: sign,
      TagResource: tagResource,
      UntagResource: untagResource,
      UpdateAlias: updateAlias,
      UpdateKeyDescription: updateKeyDescription,
      Verify: verify,
      VerifyMac: verifyMac,
    },
    controllers: [keyController(material)],
    resources: { 'AWS::KMS::Alias': alias, 'AWS::KMS::Key': key },
  });
