import type { Context } from '../../../kernel/context.ts';
import { invalidMetadata, privateKeysNotHere, samlProviderExists, samlProviderNotFound } from '../errors.ts';
import { type SamlProvider, samlProviders } from '../model.ts';
import { arnOf, checkName, pageOf } from '../names.ts';
import type { Op } from './find-rows.ts';
import { mergeTags, withoutTags } from './tags.ts';

function requireProvider({ store }: Context, arn: string): SamlProvider {
  const found = store.table(samlProviders).get(arn);
  if (!found) throw samlProviderNotFound(arn);
  return found;
}

function checkMetadata(document: string): void {
  if (!/<(?:\w+:)?EntityDescriptor[\s>]/.test(document)) throw invalidMetadata();
}

/** When the metadata end, as they say themselves. */
function validUntil({ metadata }: SamlProvider): { ValidUntil?: Date } {
  const [, text] = /validUntil="([^"]+)"/.exec(metadata) ?? [];
  return text === undefined || Number.isNaN(Date.parse(text)) ? {} : { ValidUntil: new Date(text) };
}

export const createSAMLProvider: Op<'CreateSAMLProvider'> = (input, context) => {
  const { Name, SAMLMetadataDocument, Tags = [], AssertionEncryptionMode } = input;
  if (input.AddPrivateKey !== undefined) throw privateKeysNotHere();
  checkName(Name, 'name');
  checkMetadata(SAMLMetadataDocument);
  const arn = arnOf(context, 'saml-provider', '/', Name);
  const rows = context.store.table(samlProviders);
  if (rows.get(arn)) throw samlProviderExists(Name);
  rows.put(arn, {
    arn,
    id: context.ids.alphanumeric('iam/saml-provider', 21),
    metadata: SAMLMetadataDocument,
    createdAt: new Date(context.now),
    tags: Tags,
    ...(AssertionEncryptionMode ? { encryption: AssertionEncryptionMode } : {}),
  });
  return { SAMLProviderArn: arn, ...(Tags.length > 0 ? { Tags } : {}) };
};

export const getSAMLProvider: Op<'GetSAMLProvider'> = ({ SAMLProviderArn }, context) => {
  const found = requireProvider(context, SAMLProviderArn);
  return {
    SAMLProviderUUID: found.id,
    SAMLMetadataDocument: found.metadata,
    CreateDate: found.createdAt,
    ...validUntil(found),
    Tags: [...found.tags],
    ...(found.encryption ? { AssertionEncryptionMode: found.encryption } : {}),
  };
};

export const updateSAMLProvider: Op<'UpdateSAMLProvider'> = (input, context) => {
  if (input.AddPrivateKey !== undefined || input.RemovePrivateKey !== undefined) throw privateKeysNotHere();
  const known = requireProvider(context, input.SAMLProviderArn);
  const { SAMLMetadataDocument: metadata = known.metadata, AssertionEncryptionMode: encryption } = input;
  checkMetadata(metadata);
  context.store.table(samlProviders).put(known.arn, { ...known, metadata, ...(encryption ? { encryption } : {}) });
  return { SAMLProviderArn: known.arn };
};

export const listSAMLProviders: Op<'ListSAMLProviders'> = (_, { store }) => ({
  SAMLProviderList: store
    .table(samlProviders)
    .list()
    .map((provider) => ({ Arn: provider.arn, CreateDate: provider.createdAt, ...validUntil(provider) })),
});

export const deleteSAMLProvider: Op<'DeleteSAMLProvider'> = ({ SAMLProviderArn }, context) => {
  context.store.table(samlProviders).delete(requireProvider(context, SAMLProviderArn).arn);
  return {};
};

export const tagSAMLProvider: Op<'TagSAMLProvider'> = ({ SAMLProviderArn, Tags }, context) => {
  const known = requireProvider(context, SAMLProviderArn);
  context.store.table(samlProviders).put(known.arn, { ...known, tags: mergeTags(known.tags, Tags) });
  return {};
};

export const untagSAMLProvider: Op<'UntagSAMLProvider'> = ({ SAMLProviderArn, TagKeys }, context) => {
  const known = requireProvider(context, SAMLProviderArn);
  context.store.table(samlProviders).put(known.arn, { ...known, tags: withoutTags(known.tags, TagKeys) });
  return {};
};

export const listSAMLProviderTags: Op<'ListSAMLProviderTags'> = ({ SAMLProviderArn, ...paging }, context) => {
  const { items, next } = pageOf(requireProvider(context, SAMLProviderArn).tags, paging);
  return { Tags: items, ...next };
};
