import type { KeyType } from '@aws-sdk/client-ec2';
import { resource } from '../../../cloudformation/resource-handler.ts';

interface KeyPairProperties {
  readonly KeyName: string;
  readonly KeyType?: KeyType;
  readonly PublicKeyMaterial?: string;
  readonly Tags?: unknown;
}

const parameterOf = (id: string | undefined) => `/ec2/keypair/${id}`;

/** AWS::EC2::KeyPair. The private half of a pair that is made here is in a parameter of Systems Manager, as at AWS. */
export const keyPair = resource<KeyPairProperties>({
  create({ KeyName, KeyType, PublicKeyMaterial, Tags }, context) {
    const TagSpecifications = [{ ResourceType: 'key-pair' as const, Tags: context.tags(Tags) }];
    if (PublicKeyMaterial !== undefined) {
      const brought = { KeyName, PublicKeyMaterial: Buffer.from(PublicKeyMaterial), TagSpecifications };
      const { KeyPairId, KeyFingerprint } = context.ec2.importKeyPair(brought);
      return { id: KeyName, attributes: { KeyPairId, KeyFingerprint } };
    }
    const made = context.ec2.createKeyPair({ KeyName, KeyType, TagSpecifications });
    const { KeyPairId, KeyFingerprint, KeyMaterial = '' } = made;
    context.ssm.putParameter({ Name: parameterOf(KeyPairId), Type: 'SecureString', Value: KeyMaterial });
    return { id: KeyName, attributes: { KeyPairId, KeyFingerprint } };
  },
  delete(KeyName, { PublicKeyMaterial }, { ec2, ssm }) {
    const { KeyPairId } = ec2.deleteKeyPair({ KeyName });
    if (PublicKeyMaterial === undefined && KeyPairId) ssm.deleteParameter({ Name: parameterOf(KeyPairId) });
  },
});
