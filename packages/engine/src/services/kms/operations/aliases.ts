import type { Context } from '../../../kernel/context.ts';
import { page } from '../../../kernel/page.ts';
import {
  aliasExists,
  aliasNotFound,
  aliasWithoutPrefix,
  invalidMarker,
  pendingDeletion,
  reservedAlias,
} from '../errors.ts';
import { aliasArn, requireKeyById } from '../lookup.ts';
import { type Alias, aliases, type Handler, type Key } from '../model.ts';

function checkName(name: string): void {
  if (!name.startsWith('alias/')) throw aliasWithoutPrefix();
  if (name.startsWith('alias/aws/')) throw reservedAlias();
}

function requireTarget(context: Context, id: string): Key {
  const key = requireKeyById(context, id);
  if (key.metadata.KeyState === 'PendingDeletion') throw pendingDeletion(key.metadata.Arn);
  return key;
}

function requireAlias(context: Context, name: string): Alias {
  const alias = context.store.table(aliases).get(name);
  if (!alias) throw aliasNotFound(aliasArn(name, context));
  return alias;
}

export const createAlias: Handler<'CreateAlias'> = ({ AliasName, TargetKeyId }, context) => {
  checkName(AliasName);
  const key = requireTarget(context, TargetKeyId);
  const AliasArn = aliasArn(AliasName, context);
  if (context.store.table(aliases).get(AliasName)) throw aliasExists(AliasArn);
  const date = new Date(context.now);
  context.store.table(aliases).put(AliasName, {
    AliasName,
    AliasArn,
    TargetKeyId: key.metadata.KeyId,
    CreationDate: date,
    LastUpdatedDate: date,
  });
  return {};
};

export const updateAlias: Handler<'UpdateAlias'> = ({ AliasName, TargetKeyId }, context) => {
  checkName(AliasName);
  const alias = requireAlias(context, AliasName);
  const key = requireTarget(context, TargetKeyId);
  context.store
    .table(aliases)
    .put(AliasName, { ...alias, TargetKeyId: key.metadata.KeyId, LastUpdatedDate: new Date(context.now) });
  return {};
};

export const deleteAlias: Handler<'DeleteAlias'> = ({ AliasName }, context) => {
  checkName(AliasName);
  context.store.table(aliases).delete(requireAlias(context, AliasName).AliasName);
  return {};
};

export const listAliases: Handler<'ListAliases'> = ({ KeyId, Limit = 50, Marker }, context) => {
  const table = context.store.table(aliases);
  const rows = KeyId === undefined ? table.list() : table.by('key', requireKeyById(context, KeyId).metadata.KeyId);
  const { items, nextToken } = page(rows, { token: Marker, size: Limit, invalid: invalidMarker });
  return { Aliases: items, Truncated: nextToken !== undefined, ...(nextToken ? { NextMarker: nextToken } : {}) };
};
