import type { Tag } from '@aws-sdk/client-iam';
import { resource } from '../../../cloudformation/resource-handler.ts';
import { gone } from './policy-owners.ts';

interface OpenIdProperties {
  readonly Url?: string;
  readonly ClientIdList?: string[];
  readonly ThumbprintList?: string[];
  readonly Tags?: Tag[];
}

const keysLeft = (before: readonly { Key: string }[], after: readonly { Key: string }[]): string[] =>
  before.map(({ Key }) => Key).filter((key) => !after.some(({ Key }) => Key === key));

/** AWS::IAM::OIDCProvider. `Ref` is the ARN. */
export const openIdProvider = resource<OpenIdProperties>({
  create(properties, context) {
    const { OpenIDConnectProviderArn: arn = '' } = context.iam.createOpenIDConnectProvider({
      Url: properties.Url ?? '',
      ClientIDList: properties.ClientIdList,
      ThumbprintList: properties.ThumbprintList,
      Tags: context.tags(properties.Tags),
    });
    return { id: arn, attributes: { Arn: arn } };
  },

  update(OpenIDConnectProviderArn, after, before, context) {
    const { iam } = context;
    const [wanted, known] = [after.ClientIdList ?? [], before.ClientIdList ?? []];
    for (const ClientID of wanted)
      if (!known.includes(ClientID)) iam.addClientIDToOpenIDConnectProvider({ OpenIDConnectProviderArn, ClientID });
    for (const ClientID of known)
      if (!wanted.includes(ClientID))
        iam.removeClientIDFromOpenIDConnectProvider({ OpenIDConnectProviderArn, ClientID });
    const ThumbprintList = after.ThumbprintList ?? [];
    iam.updateOpenIDConnectProviderThumbprint({ OpenIDConnectProviderArn, ThumbprintList });
    const Tags = context.tags(after.Tags);
    const TagKeys = keysLeft(context.tags(before.Tags), Tags);
    if (TagKeys.length > 0) iam.untagOpenIDConnectProvider({ OpenIDConnectProviderArn, TagKeys });
    iam.tagOpenIDConnectProvider({ OpenIDConnectProviderArn, Tags });
    return undefined;
  },

  delete(OpenIDConnectProviderArn, _, { iam }) {
    iam.deleteOpenIDConnectProvider({ OpenIDConnectProviderArn });
  },
});

interface SamlProperties {
  readonly Name?: string;
  readonly SamlMetadataDocument?: string;
  readonly AssertionEncryptionMode?: 'Allowed' | 'Required';
  readonly AddPrivateKey?: string;
  readonly Tags?: Tag[];
}

/** AWS::IAM::SAMLProvider. `Ref` is the ARN. */
export const samlProvider = resource<SamlProperties>({
  create(properties, context) {
    const { SAMLProviderArn: arn = '' } = context.iam.createSAMLProvider({
      Name: properties.Name ?? context.physicalName({ max: 128 }),
      SAMLMetadataDocument: properties.SamlMetadataDocument ?? '',
      AssertionEncryptionMode: properties.AssertionEncryptionMode,
      AddPrivateKey: properties.AddPrivateKey,
      Tags: context.tags(properties.Tags),
    });
    const { SAMLProviderUUID } = context.iam.getSAMLProvider({ SAMLProviderArn: arn });
    return { id: arn, attributes: { Arn: arn, SamlProviderUUID: SAMLProviderUUID } };
  },

  update(SAMLProviderArn, after, before, context) {
    const { iam } = context;
    iam.updateSAMLProvider({
      SAMLProviderArn,
      SAMLMetadataDocument: after.SamlMetadataDocument,
      AssertionEncryptionMode: after.AssertionEncryptionMode,
    });
    const Tags = context.tags(after.Tags);
    const TagKeys = keysLeft(context.tags(before.Tags), Tags);
    if (TagKeys.length > 0) iam.untagSAMLProvider({ SAMLProviderArn, TagKeys });
    iam.tagSAMLProvider({ SAMLProviderArn, Tags });
    return undefined;
  },

  delete(SAMLProviderArn, _, { iam }) {
    gone(() => iam.deleteSAMLProvider({ SAMLProviderArn }));
  },
});
