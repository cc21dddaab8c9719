import type { Context } from '../../../kernel/context.ts';
import {
  forceAndWindow,
  invalidName,
  nameIsLeaving,
  noToken,
  notImplemented,
  recoveryWindow,
  secretExists,
  secretNotFound,
  tokenInUse,
} from '../errors.ts';
import { findSecret, placeOf, putSecret, requireActive, requireSecret } from '../lookup.ts';
import { type Handler, type Secret, secrets } from '../model.ts';
import { planVersion } from '../plan-stages.ts';
import { digestOf, hasValue, sealVersion, type Value } from '../sealing.ts';

const day_ms = 86_400_000;

export const createSecret: Handler<'CreateSecret'> = (input, context) => {
  const { Name, Description, KmsKeyId, Tags = [], AddReplicaRegions, ClientRequestToken } = input;
  if (!/^[\w/+=.@!-]{1,512}$/.test(Name)) throw invalidName();
  if (AddReplicaRegions && AddReplicaRegions.length > 0) throw notImplemented('a replica in another region');
  if (!ClientRequestToken) throw noToken();
  const existing = context.store.table(secrets).get(Name);
  if (existing?.deletedAt) throw nameIsLeaving();
  if (existing) return sameAgain(existing, ClientRequestToken, input);
  const { account, region } = context.scope;
  const suffix = context.ids.alphanumeric('secretsmanager/secret', 6);
  const now = new Date(context.now);
  const secret: Secret = {
    arn: `arn:aws:secretsmanager:${region}:${account}:secret:${Name}-${suffix}`,
    name: Name,
    ...(Description === undefined ? {} : { description: Description }),
    ...(KmsKeyId === undefined ? {} : { kmsKeyId: KmsKeyId }),
    versions: [],
    tags: Tags.map(({ Key, Value }) => ({ Key, Value })),
    createdAt: now,
    changedAt: now,
  };
  putSecret(context, secret);
  context.emit({
    type: 'secretsmanager/secret-created',
    subject: secret.arn,
    message: `the secret ${Name} is created`,
    data: { name: Name },
  });
  if (!hasValue(input)) return { ARN: secret.arn, Name };
  return { ARN: secret.arn, Name, VersionId: addVersion(secret, ClientRequestToken, input, context) };
};

/** The same request again is answered as before; another one of the same name is refused. */
function sameAgain({ arn, name, versions }: Secret, token: string | undefined, value: Value) {
  const version = versions.find(({ id }) => id === token);
  if (!version || version.digest !== digestOf(value)) throw secretExists(name);
  return { ARN: arn, Name: name, VersionId: version.id };
}

/** Writes a value as a new version; its id is the request's token. The same value under the same token is the version that is there. */
export function addVersion(
  secret: Secret,
  token: string | undefined,
  value: Value,
  context: Context,
  stages: readonly string[] = ['AWSCURRENT'],
): string {
  if (!token) throw noToken();
  const id = token;
  const known = secret.versions.find((version) => version.id === id);
  if (known && known.digest !== digestOf(value)) throw tokenInUse(id, secret.arn);
  if (known) return id;
  const there = placeOf(context, secret.arn);
  const versions = planVersion(secret.versions, sealVersion(secret, id, value, there), stages);
  putSecret(context, { ...secret, versions, changedAt: new Date(context.now) });
  return id;
}

export const updateSecret: Handler<'UpdateSecret'> = (input, context) => {
  const { SecretId, Description, KmsKeyId, ClientRequestToken } = input;
  const secret = requireActive(context, SecretId);
  const changed = putSecret(context, {
    ...secret,
    ...(Description === undefined ? {} : { description: Description }),
    ...(KmsKeyId === undefined ? {} : { kmsKeyId: KmsKeyId }),
    changedAt: new Date(context.now),
  });
  const answer = { ARN: secret.arn, Name: secret.name };
  if (!hasValue(input)) return answer;
  return { ...answer, VersionId: addVersion(changed, ClientRequestToken, input, context) };
};

export const deleteSecret: Handler<'DeleteSecret'> = (input, context) => {
  const { SecretId, RecoveryWindowInDays, ForceDeleteWithoutRecovery = false } = input;
  if (ForceDeleteWithoutRecovery && RecoveryWindowInDays !== undefined) throw forceAndWindow();
  const window = RecoveryWindowInDays ?? 30;
  if (window < 7 || window > 30) throw recoveryWindow();
  const now = new Date(context.now);
  if (ForceDeleteWithoutRecovery) {
    const secret = findSecret(context, SecretId);
    if (!secret && SecretId.startsWith('arn:')) throw secretNotFound();
    if (secret) forget(secret, context);
    // What is not there is gone: forced, that is no error.
    return { ARN: secret?.arn, Name: secret?.name ?? SecretId, DeletionDate: now };
  }
  const secret = requireActive(context, SecretId);
  const deletionAt = new Date(context.now + window * day_ms);
  putSecret(context, { ...secret, deletedAt: now, deletionAt });
  return { ARN: secret.arn, Name: secret.name, DeletionDate: deletionAt };
};

export function forget({ arn, name }: Secret, context: Context): void {
  placeOf(context, arn).store.table(secrets).delete(name);
  context.emit({
    type: 'secretsmanager/secret-deleted',
    subject: arn,
    message: `the secret ${name} is deleted`,
    data: { name },
  });
}

export const restoreSecret: Handler<'RestoreSecret'> = ({ SecretId }, context) => {
  const { deletedAt: _, deletionAt: __, ...secret } = requireSecret(context, SecretId);
  putSecret(context, secret);
  return { ARN: secret.arn, Name: secret.name };
};
