import { aliasExists, aliasNotFound, invalidName } from '../errors.ts';
import { aliases, groups, instanceProfiles, policies, roles, users } from '../model.ts';
import { pageOf } from '../names.ts';
import type { Op } from './find-rows.ts';

/** An account has at most one alias. */
export const createAccountAlias: Op<'CreateAccountAlias'> = ({ AccountAlias: alias }, { store }) => {
  if (!/^[a-z0-9](?:[a-z0-9]|-(?!-)){1,61}[a-z0-9]$/.test(alias)) throw invalidName('accountAlias');
  const rows = store.table(aliases);
  if (rows.get('alias')?.alias === alias) throw aliasExists(alias);
  rows.put('alias', { alias });
  return {};
};

export const deleteAccountAlias: Op<'DeleteAccountAlias'> = ({ AccountAlias: alias }, { store }) => {
  const rows = store.table(aliases);
  if (rows.get('alias')?.alias !== alias) throw aliasNotFound(alias);
  rows.delete('alias');
  return {};
};

export const listAccountAliases: Op<'ListAccountAliases'> = (paging, { store }) => {
  const { items, next } = pageOf(
    store
      .table(aliases)
      .list()
      .map(({ alias }) => alias),
    paging,
  );
  return { AccountAliases: items, ...next };
};

export const getAccountSummary: Op<'GetAccountSummary'> = (_input, { store }) => ({
  SummaryMap: {
    Users: store.table(users).list().length,
    Groups: store.table(groups).list().length,
    Roles: store.table(roles).list().length,
    Policies: store.table(policies).list().length,
    InstanceProfiles: store.table(instanceProfiles).list().length,
    AccessKeysPerUserQuota: 2,
    AttachedPoliciesPerRoleQuota: 10,
    VersionsPerPolicyQuota: 5,
  },
});
