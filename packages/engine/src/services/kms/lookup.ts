import type { Context } from '../../kernel/context.ts';
import {
  aliasNotFound,
  invalidArnRegion,
  invalidKeyId,
  keyDisabled,
  keyNotFound,
  pendingDeletion,
  wrongUsage,
} from './errors.ts';
import { aliases, type Key, keys } from './model.ts';

const idForm = /^([\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}|mrk-[\da-f]{32})$/;

/** Where a key's or alias's ARN says it is; for a bare name, here. KMS knows no keys of other regions. */
function placeOf(context: Context, given: string): { readonly there: Context; readonly name: string } {
  if (!given.startsWith('arn:')) return { there: context, name: given };
  const [, , , region = '', account = '', ...rest] = given.split(':');
  if (region !== context.scope.region) throw invalidArnRegion(region);
  const there = account === context.scope.account ? context : context.in({ account });
  return { there, name: rest.join(':').replace(/^key\//, '') };
}

export const aliasArn = (name: string, { scope }: Context): string =>
  `arn:aws:kms:${scope.region}:${scope.account}:${name}`;

export const keyArn = (id: string, { scope }: Context): string =>
  `arn:aws:kms:${scope.region}:${scope.account}:key/${id}`;

/** A key by its id, its ARN, or an alias's name or ARN. */
export function requireKey(context: Context, given: string): Key {
  const { there, name } = placeOf(context, given);
  if (!name.startsWith('alias/')) return requireKeyById(context, given);
  const alias = there.store.table(aliases).get(name);
  if (!alias) throw aliasNotFound(aliasArn(name, there));
  return requireKeyById(there, alias.TargetKeyId);
}

/** For operations that know no aliases. */
export function requireKeyById(context: Context, given: string): Key {
  const { there, name } = placeOf(context, given);
  if (!idForm.test(name)) throw invalidKeyId(given);
  const key = there.store.table(keys).get(name);
  if (!key) throw keyNotFound(keyArn(name, there));
  return key;
}

/** A key that may be used for what is asked. */
export function requireUsable(key: Key, usage: Key['metadata']['KeyUsage'], operation: string): Key {
  const { Arn, KeyState, KeyUsage } = key.metadata;
  if (KeyState === 'PendingDeletion') throw pendingDeletion(Arn);
  if (KeyState === 'Disabled') throw keyDisabled(Arn);
  if (KeyUsage !== usage) throw wrongUsage(Arn, KeyUsage, operation);
  return key;
}

/** Writes a key where it lives. */
export function putKey(context: Context, key: Key): Key {
  const [, , , , account = context.scope.account] = key.metadata.Arn.split(':');
  return context.in({ account }).store.table(keys).put(key.metadata.KeyId, key);
}
