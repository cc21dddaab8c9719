import { page } from '../../../kernel/page.ts';
import { dryRun, grantNotFound, invalidMarker, validation } from '../errors.ts';
import { requireKeyById } from '../lookup.ts';
import { type Grant, grants, type Handler } from '../model.ts';
import { requireChangeable } from './keys.ts';

const shown = ({ token: _, ...grant }: Grant) => grant;

export const createGrant: Handler<'CreateGrant'> = (input, context) => {
  const { metadata } = requireChangeable(context, input.KeyId);
  if (input.DryRun) throw dryRun();
  const { ids, store } = context;
  const { Name, GranteePrincipal, RetiringPrincipal, Operations, Constraints } = input;
  // The same named grant again is the one that is there.
  const known = store
    .table(grants)
    .by('key', metadata.KeyId)
    .find((row) => Name !== undefined && row.Name === Name && row.GranteePrincipal === GranteePrincipal);
  const GrantId = known?.GrantId ?? ids.hex('kms/grant', 64);
  const token = known?.token ?? Buffer.from(ids.hex('kms/grant-token', 96), 'hex').toString('base64');
  store.table(grants).put(GrantId, {
    KeyId: metadata.KeyId,
    GrantId,
    Name: Name ?? '',
    CreationDate: known?.CreationDate ?? new Date(context.now),
    GranteePrincipal,
    RetiringPrincipal,
    IssuingAccount: `arn:aws:iam::${context.scope.account}:root`,
    Operations,
    Constraints,
    token,
  });
  return { GrantToken: token, GrantId };
};

export const listGrants: Handler<'ListGrants'> = (input, context) => {
  const { KeyId, Limit = 50, Marker, GrantId, GranteePrincipal } = input;
  const { metadata } = requireKeyById(context, KeyId);
  const rows = context.store
    .table(grants)
    .by('key', metadata.KeyId)
    .filter((row) => GrantId === undefined || row.GrantId === GrantId)
    .filter((row) => GranteePrincipal === undefined || row.GranteePrincipal === GranteePrincipal);
  const { items, nextToken } = page(rows, { token: Marker, size: Limit, invalid: invalidMarker });
  return {
    // A grant is listed with its key's ARN.
    Grants: items.map((row) => ({ ...shown(row), KeyId: metadata.Arn })),
    Truncated: nextToken !== undefined,
    ...(nextToken ? { NextMarker: nextToken } : {}),
  };
};

export const revokeGrant: Handler<'RevokeGrant'> = ({ KeyId, GrantId, DryRun }, context) => {
  const { metadata } = requireKeyById(context, KeyId);
  const grant = context.store.table(grants).get(GrantId);
  if (grant?.KeyId !== metadata.KeyId) throw grantNotFound(GrantId);
  if (DryRun) throw dryRun();
  context.store.table(grants).delete(GrantId);
  return {};
};

export const retireGrant: Handler<'RetireGrant'> = ({ KeyId, GrantId, GrantToken, DryRun }, context) => {
  const rows = context.store.table(grants);
  if (GrantToken === undefined && (KeyId === undefined || GrantId === undefined))
    throw validation('Must specify either grant token or both key ID and grant ID');
  const [grant] = rows.list((row) => row.token === GrantToken || row.GrantId === GrantId);
  if (!grant) throw grantNotFound(GrantId ?? '');
  if (DryRun) throw dryRun();
  rows.delete(grant.GrantId);
  return {};
};
