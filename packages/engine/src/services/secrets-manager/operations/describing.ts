import type { Filter } from '@aws-sdk/client-secrets-manager';
import { page } from '../../../kernel/page.ts';
import { invalidToken } from '../errors.ts';
import { requireSecret } from '../lookup.ts';
import { type Handler, type Secret, secrets } from '../model.ts';

const described = (secret: Secret) => ({
  ARN: secret.arn,
  Name: secret.name,
  Description: secret.description,
  KmsKeyId: secret.kmsKeyId,
  LastChangedDate: secret.changedAt,
  LastAccessedDate: secret.accessedAt,
  DeletedDate: secret.deletedAt,
  CreatedDate: secret.createdAt,
  ...(secret.tags.length > 0 ? { Tags: [...secret.tags] } : {}),
});

const stagesOf = ({ versions }: Secret): Record<string, string[]> =>
  Object.fromEntries(versions.filter(({ stages }) => stages.length > 0).map(({ id, stages }) => [id, [...stages]]));

export const describeSecret: Handler<'DescribeSecret'> = ({ SecretId }, context) => {
  const secret = requireSecret(context, SecretId);
  const VersionIdsToStages = stagesOf(secret);
  return { ...described(secret), ...(Object.keys(VersionIdsToStages).length > 0 ? { VersionIdsToStages } : {}) };
};

const textsOf: Readonly<Record<string, (secret: Secret) => readonly string[]>> = {
  name: ({ name }) => [name],
  description: ({ description }) => [description ?? ''],
  'tag-key': ({ tags }) => tags.map(({ Key }) => Key ?? ''),
  'tag-value': ({ tags }) => tags.map(({ Value }) => Value ?? ''),
  all: ({ name, description, tags }) => [
    name,
    description ?? '',
    ...tags.flatMap(({ Key, Value }) => [Key ?? '', Value ?? '']),
  ],
};

/** Values are beginnings; one with `!` in front must not match (https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_Filter.html). */
export function passes(secret: Secret, filters: readonly Filter[]): boolean {
  return filters.every(({ Key = 'all', Values = [] }) => {
    const texts = textsOf[Key]?.(secret) ?? [];
    const begins = (value: string) => texts.some((text) => text.startsWith(value));
    const [not, plain] = [
      Values.filter((value) => value.startsWith('!')),
      Values.filter((value) => !value.startsWith('!')),
    ];
    return (plain.length === 0 || plain.some(begins)) && !not.some((value) => begins(value.slice(1)));
  });
}

export const listSecrets: Handler<'ListSecrets'> = (input, { store }) => {
  const { Filters = [], IncludePlannedDeletion = false, MaxResults = 100, NextToken, SortOrder = 'desc' } = input;
  const rows = store
    .table(secrets)
    .list((secret) => (IncludePlannedDeletion || !secret.deletedAt) && passes(secret, Filters));
  const sorted = SortOrder === 'asc' ? rows : rows.reverse();
  const { items, nextToken } = page(sorted, { token: NextToken, size: MaxResults, invalid: invalidToken });
  return {
    SecretList: items.map((secret) => ({ ...described(secret), SecretVersionsToStages: stagesOf(secret) })),
    ...(nextToken ? { NextToken: nextToken } : {}),
  };
};

export const listSecretVersionIds: Handler<'ListSecretVersionIds'> = (input, context) => {
  const { SecretId, IncludeDeprecated = false, MaxResults = 100, NextToken } = input;
  const secret = requireSecret(context, SecretId);
  const rows = secret.versions.filter(({ stages }) => IncludeDeprecated || stages.length > 0);
  const { items, nextToken } = page(rows, { token: NextToken, size: MaxResults, invalid: invalidToken });
  return {
    ARN: secret.arn,
    Name: secret.name,
    Versions: items.map(({ id, stages, createdAt }) => ({
      VersionId: id,
      CreatedDate: createdAt,
      ...(stages.length > 0 ? { VersionStages: [...stages] } : {}),
    })),
    ...(nextToken ? { NextToken: nextToken } : {}),
  };
};
