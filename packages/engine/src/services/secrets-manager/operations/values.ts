import { isAwsError } from '../../../kernel/aws-error.ts';
import type { Context } from '../../../kernel/context.ts';
import { page } from '../../../kernel/page.ts';
import { invalidParameter, invalidToken, noValue, stageNotFound, versionNotFound, wrongStage } from '../errors.ts';
import { placeOf, putSecret, requireActive } from '../lookup.ts';
import { type Handler, type Secret, secrets, type Version } from '../model.ts';
import { makePassword } from '../password.ts';
import { holderOf, planMove } from '../plan-stages.ts';
import { hasValue, openVersion } from '../sealing.ts';
import { passes } from './describing.ts';
import { addVersion } from './secrets.ts';

const day_ms = 86_400_000;

interface Wanted {
  readonly VersionId?: string | undefined;
  readonly VersionStage?: string | undefined;
}

function findVersion({ versions }: Secret, { VersionId, VersionStage }: Wanted): Version {
  if (VersionId === undefined) {
    const stage = VersionStage ?? 'AWSCURRENT';
    const holder = holderOf(versions, stage);
    if (!holder) throw stageNotFound(stage);
    return holder;
  }
  const version = versions.find(({ id }) => id === VersionId);
  if (!version) throw versionNotFound(VersionId);
  if (VersionStage !== undefined && !version.stages.includes(VersionStage)) throw wrongStage();
  return version;
}

function read(secret: Secret, wanted: Wanted, context: Context) {
  const version = findVersion(secret, wanted);
  const value = openVersion(secret.arn, version, placeOf(context, secret.arn));
  // Only the day is kept.
  const accessedAt = new Date(Math.floor(context.now / day_ms) * day_ms);
  if (secret.accessedAt?.getTime() !== accessedAt.getTime()) putSecret(context, { ...secret, accessedAt });
  return {
    ARN: secret.arn,
    Name: secret.name,
    VersionId: version.id,
    ...(value.SecretString === undefined
      ? { SecretBinary: new Uint8Array(value.SecretBinary ?? []) }
      : { SecretString: value.SecretString }),
    VersionStages: [...version.stages],
    CreatedDate: version.createdAt,
  };
}

export const getSecretValue: Handler<'GetSecretValue'> = ({ SecretId, ...wanted }, context) =>
  read(requireActive(context, SecretId), wanted, context);

/** Secrets by name or by filter; of those named, what cannot be read is told beside the others. */
export const batchGetSecretValue: Handler<'BatchGetSecretValue'> = (input, context) => {
  const { SecretIdList, Filters, MaxResults = 20, NextToken } = input;
  if ((SecretIdList === undefined) === (Filters === undefined))
    throw invalidParameter('Either SecretIdList or Filters must be provided, but not both.');
  const rows = context.store.table(secrets);
  const wanted = SecretIdList ?? rows.list((row) => !row.deletedAt && passes(row, Filters ?? [])).map(({ arn }) => arn);
  const { items, nextToken } = page(wanted, { token: NextToken, size: MaxResults, invalid: invalidToken });
  const [SecretValues, Errors]: [ReturnType<typeof read>[], object[]] = [[], []];
  for (const SecretId of items)
    try {
      SecretValues.push(read(requireActive(context, SecretId), {}, context));
    } catch (error) {
      if (!isAwsError(error)) throw error;
      Errors.push({ SecretId, ErrorCode: error.code, Message: error.message });
    }
  return { SecretValues, Errors, ...(nextToken ? { NextToken: nextToken } : {}) };
};

export const putSecretValue: Handler<'PutSecretValue'> = (input, context) => {
  const { SecretId, ClientRequestToken, VersionStages = ['AWSCURRENT'] } = input;
  const secret = requireActive(context, SecretId);
  if (!hasValue(input)) throw noValue();
  // The first version is current, whatever the request says.
  const stages = secret.versions.length === 0 ? [...new Set([...VersionStages, 'AWSCURRENT'])] : VersionStages;
  const VersionId = addVersion(secret, ClientRequestToken, input, context, stages);
  const shown = requireActive(context, SecretId).versions.find(({ id }) => id === VersionId)?.stages ?? [];
  return { ARN: secret.arn, Name: secret.name, VersionId, VersionStages: [...shown] };
};

export const updateSecretVersionStage: Handler<'UpdateSecretVersionStage'> = (input, context) => {
  const secret = requireActive(context, input.SecretId);
  const move = { stage: input.VersionStage, from: input.RemoveFromVersionId, to: input.MoveToVersionId };
  putSecret(context, { ...secret, versions: planMove(secret.versions, move), changedAt: new Date(context.now) });
  return { ARN: secret.arn, Name: secret.name };
};

export const getRandomPassword: Handler<'GetRandomPassword'> = (input, { ids }) => ({
  RandomPassword: makePassword(input, () => ids.random('secretsmanager/password')),
});
