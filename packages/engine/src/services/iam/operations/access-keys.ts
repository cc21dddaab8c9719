import { type Caller, credentials } from '../../../kernel/caller.ts';
import type { Context } from '../../../kernel/context.ts';
import { keyNotFound, quotaExceeded } from '../errors.ts';
import { type AccessKey, accessKeys, nameKey, type User, users } from '../model.ts';
import { pageOf } from '../names.ts';
import type { Op } from './find-rows.ts';
import { userOrCaller } from './users.ts';

const keysPerUser_max = 2;

/** Like the temporary keys of STS, these are marked as issued here: one that was deleted is refused, not taken for a foreign one. */
const keyPrefix = 'AKIARKPL';

export const createAccessKey: Op<'CreateAccessKey'> = ({ UserName }, context) => {
  const user = userOrCaller(context, UserName);
  if (keysOf(user, context).length >= keysPerUser_max) throw quotaExceeded('AccessKeysPerUser', keysPerUser_max);
  const { ids } = context;
  const key: AccessKey = {
    accessKeyId: `${keyPrefix}${ids.alphanumeric('iam/access-key', 12)}`,
    secretAccessKey: `${ids.alphanumeric('iam/secret', 20)}${ids.hex('iam/secret', 20)}`,
    userName: user.UserName,
    status: 'Active',
    createdAt: new Date(context.now),
  };
  write(context, user, key);
  const { SecretAccessKey: _secret, ...told } = keyShape(key);
  context.emit({
    type: 'iam/access-key-created',
    subject: user.Arn,
    message: `the user ${user.UserName} has the access key ${key.accessKeyId}`,
    data: { accessKeyId: told.AccessKeyId },
  });
  return { AccessKey: keyShape(key) };
};

/** A key that is active is known to the wire, which reads it as its user's. */
function write(context: Context, user: User, key: AccessKey): void {
  context.store.table(accessKeys).put(key.accessKeyId, key);
  const rows = context.store.table(credentials);
  const caller: Caller = { kind: 'user', account: context.scope.account, arn: user.Arn, userId: user.UserId };
  if (key.status !== 'Active') rows.delete(key.accessKeyId);
  else rows.put(key.accessKeyId, { accessKeyId: key.accessKeyId, secretAccessKey: key.secretAccessKey, caller });
}

const keyShape = (key: AccessKey) => ({
  UserName: key.userName,
  AccessKeyId: key.accessKeyId,
  Status: key.status,
  SecretAccessKey: key.secretAccessKey,
  CreateDate: key.createdAt,
});

const keysOf = ({ UserName }: User, { store }: Context): AccessKey[] =>
  store.table(accessKeys).list(({ userName }) => nameKey(userName) === nameKey(UserName));

/** The user's key; where no user is named, the key says whose it is. */
function requireKey(context: Context, id: string, userName: string | undefined): { user: User; key: AccessKey } {
  const key = context.store.table(accessKeys).get(id);
  const user =
    userName === undefined && key
      ? context.store.table(users).get(nameKey(key.userName))
      : userOrCaller(context, userName);
  if (!key || !user || nameKey(key.userName) !== nameKey(user.UserName)) throw keyNotFound(id);
  return { user, key };
}

export const listAccessKeys: Op<'ListAccessKeys'> = ({ UserName, ...paging }, context) => {
  // The account's root has no keys here that could be listed.
  const keys =
    UserName === undefined && context.caller.kind === 'root' ? [] : keysOf(userOrCaller(context, UserName), context);
  const { items, next } = pageOf(keys, paging);
  return {
    AccessKeyMetadata: items.map((key) => {
      const { SecretAccessKey: _secret, ...shape } = keyShape(key);
      return shape;
    }),
    ...next,
  };
};

export const updateAccessKey: Op<'UpdateAccessKey'> = ({ AccessKeyId, Status, UserName }, context) => {
  const { user, key } = requireKey(context, AccessKeyId, UserName);
  write(context, user, { ...key, status: Status === 'Active' ? 'Active' : 'Inactive' });
  return {};
};

export const deleteAccessKey: Op<'DeleteAccessKey'> = ({ AccessKeyId, UserName }, context) => {
  const { key } = requireKey(context, AccessKeyId, UserName);
  context.store.table(accessKeys).delete(key.accessKeyId);
  context.store.table(credentials).delete(key.accessKeyId);
  return {};
};
