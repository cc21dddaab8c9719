import type { Tag } from '@aws-sdk/client-iam';
import type { Context } from '../../../kernel/context.ts';
import { invalidProviderUrl, openIdProviderExists, openIdProviderNotFound } from '../errors.ts';
import { type OpenIdProvider, openIdProviders } from '../model.ts';
import { arnOf, pageOf } from '../names.ts';
import type { Op } from './find-rows.ts';
import { mergeTags, withoutTags } from './tags.ts';

const arnOfUrl = (context: Context, url: string): string => arnOf(context, 'oidc-provider', '/', url);

function requireProvider({ store }: Context, arn: string): OpenIdProvider {
  const found = store.table(openIdProviders).get(arn);
  if (!found) throw openIdProviderNotFound(arn);
  return found;
}

/** Writes what changed. */
function change(context: Context, arn: string, changes: (known: OpenIdProvider) => Partial<OpenIdProvider>): object {
  const known = requireProvider(context, arn);
  context.store.table(openIdProviders).put(arn, { ...known, ...changes(known) });
  return {};
}

/** The provider's ARN has its address without the scheme, and so has what is told of it. */
export const createOpenIDConnectProvider: Op<'CreateOpenIDConnectProvider'> = (input, context) => {
  const { Url, ClientIDList = [], ThumbprintList = [], Tags = [] } = input;
  if (!/^https:\/\/[^/?#\s]+(?:\/[^?#\s]*)?$/.test(Url)) throw invalidProviderUrl();
  const url = Url.replace('https://', '').replace(/\/$/, '');
  const arn = arnOfUrl(context, url);
  const rows = context.store.table(openIdProviders);
  if (rows.get(arn)) throw openIdProviderExists(Url);
  rows.put(arn, {
    arn,
    url,
    clientIds: [...new Set(ClientIDList)],
    thumbprints: ThumbprintList,
    createdAt: new Date(context.now),
    tags: Tags,
  });
  return { OpenIDConnectProviderArn: arn, ...(Tags.length > 0 ? { Tags } : {}) };
};

export const getOpenIDConnectProvider: Op<'GetOpenIDConnectProvider'> = (
  { OpenIDConnectProviderArn: arn },
  context,
) => {
  const { url, clientIds, thumbprints, createdAt, tags } = requireProvider(context, arn);
  return {
    Url: url,
    ClientIDList: [...clientIds],
    ThumbprintList: [...thumbprints],
    CreateDate: createdAt,
    Tags: [...tags] as Tag[],
  };
};

export const listOpenIDConnectProviders: Op<'ListOpenIDConnectProviders'> = (_, { store }) => ({
  OpenIDConnectProviderList: store
    .table(openIdProviders)
    .list()
    .map(({ arn }) => ({ Arn: arn })),
});

/** Deleting what is gone succeeds (API reference). */
export const deleteOpenIDConnectProvider: Op<'DeleteOpenIDConnectProvider'> = (
  { OpenIDConnectProviderArn: arn },
  { store },
) => {
  store.table(openIdProviders).delete(arn);
  return {};
};

export const updateOpenIDConnectProviderThumbprint: Op<'UpdateOpenIDConnectProviderThumbprint'> = (input, context) =>
  change(context, input.OpenIDConnectProviderArn, () => ({ thumbprints: input.ThumbprintList }));

/** Adding one that is there, and removing one that is not, change nothing. */
export const addClientIDToOpenIDConnectProvider: Op<'AddClientIDToOpenIDConnectProvider'> = (input, context) =>
  change(context, input.OpenIDConnectProviderArn, ({ clientIds }) => ({
    clientIds: [...new Set([...clientIds, input.ClientID])],
  }));
export const removeClientIDFromOpenIDConnectProvider: Op<'RemoveClientIDFromOpenIDConnectProvider'> = (
  input,
  context,
) =>
  change(context, input.OpenIDConnectProviderArn, ({ clientIds }) => ({
    clientIds: clientIds.filter((id) => id !== input.ClientID),
  }));

export const tagOpenIDConnectProvider: Op<'TagOpenIDConnectProvider'> = (input, context) =>
  change(context, input.OpenIDConnectProviderArn, ({ tags }) => ({ tags: mergeTags(tags, input.Tags) }));
export const untagOpenIDConnectProvider: Op<'UntagOpenIDConnectProvider'> = (input, context) =>
  change(context, input.OpenIDConnectProviderArn, ({ tags }) => ({ tags: withoutTags(tags, input.TagKeys) }));
export const listOpenIDConnectProviderTags: Op<'ListOpenIDConnectProviderTags'> = (
  { OpenIDConnectProviderArn: arn, ...paging },
  context,
) => {
  const { items, next } = pageOf(requireProvider(context, arn).tags, paging);
  return { Tags: items, ...next };
};
