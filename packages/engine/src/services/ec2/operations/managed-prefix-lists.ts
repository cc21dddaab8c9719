import type { ManagedPrefixList, PrefixListEntry } from '@aws-sdk/client-ec2';
import { AwsError } from '../../../kernel/aws-error.ts';
import type { Context } from '../../../kernel/context.ts';
import { canonicalCidr } from '../cidr.ts';
import { dependencyViolation, invalidParameter, notFound } from '../errors.ts';
import { onePage, passes } from '../filters.ts';
import {
  arn,
  type Handler,
  newId,
  type OwnPrefixList,
  ownPrefixLists,
  routeTables,
  securityGroupRules,
  tagsFor,
} from '../model.ts';
import { awsPrefixLists } from './prefix-lists.ts';

const listNotFound = (id: string) => notFound('InvalidPrefixListID', 'prefix list', [id]);

function requireOwnList({ store }: Context, id: string): OwnPrefixList {
  const found = store.table(ownPrefixLists).get(id);
  if (!found) throw listNotFound(id);
  return found;
}

/** As DescribeManagedPrefixLists shows it: without what is in it. */
const shownList = ({ versions: _, ...list }: OwnPrefixList): ManagedPrefixList => list;

function checked(
  entries: readonly PrefixListEntry[],
  { MaxEntries, AddressFamily }: Pick<OwnPrefixList, 'MaxEntries' | 'AddressFamily'>,
) {
  if (entries.length > MaxEntries)
    throw invalidParameter(
      `The number of entries (${entries.length}) exceeds the maximum of ${MaxEntries} for the prefix list.`,
    );
  return entries.map(({ Cidr = '', Description }) => {
    const block = AddressFamily === 'IPv4' ? canonicalCidr(Cidr) : Cidr.includes(':') ? Cidr.toLowerCase() : undefined;
    if (!block) throw invalidParameter(`The CIDR ${Cidr} is not a valid ${AddressFamily} CIDR.`);
    return { Cidr: block, ...(Description === undefined ? {} : { Description }) };
  });
}

export const createManagedPrefixList: Handler<'CreateManagedPrefixList'> = (input, context) => {
  const { PrefixListName, MaxEntries, AddressFamily, Entries = [] } = input;
  if (PrefixListName.startsWith('com.amazonaws'))
    throw invalidParameter('The prefix list name cannot start with com.amazonaws.');
  if (AddressFamily !== 'IPv4' && AddressFamily !== 'IPv6')
    throw invalidParameter(`Value (${AddressFamily}) for parameter addressFamily is invalid.`);
  const PrefixListId = newId(context, 'pl');
  const list = context.store.table(ownPrefixLists).put(PrefixListId, {
    ...{ PrefixListId, PrefixListName, MaxEntries, AddressFamily, Version: 1, State: 'create-complete' },
    PrefixListArn: arn(context, 'prefix-list', PrefixListId),
    OwnerId: context.scope.account,
    Tags: tagsFor(input.TagSpecifications, 'prefix-list'),
    versions: [checked(Entries, { MaxEntries, AddressFamily })],
  });
  return { PrefixList: shownList(list) };
};

export const describeManagedPrefixLists: Handler<'DescribeManagedPrefixLists'> = (input, context) => {
  const own = context.store.table(ownPrefixLists).list().map(shownList);
  const all = [...awsPrefixLists(context), ...own];
  const { PrefixListIds: wanted = [] } = input;
  const missing = wanted.find((id) => !all.some(({ PrefixListId }) => PrefixListId === id));
  if (missing !== undefined) throw listNotFound(missing);
  const found = all
    .filter(({ PrefixListId = '' }) => wanted.length === 0 || wanted.includes(PrefixListId))
    .filter((list) => passes(list, input.Filters));
  const { rows, ...rest } = onePage(found, { MaxResults: 100, ...input });
  return { PrefixLists: rows, ...rest };
};

export const getManagedPrefixListEntries: Handler<'GetManagedPrefixListEntries'> = (input, context) => {
  const { versions, Version } = requireOwnList(context, input.PrefixListId);
  const entries = versions[(input.TargetVersion ?? Version) - 1];
  if (!entries) throw invalidParameter(`The version ${input.TargetVersion} of the prefix list does not exist.`);
  const { rows, ...rest } = onePage(entries, { MaxResults: 100, ...input });
  return { Entries: rows, ...rest };
};

/** Who changes entries says which version was seen, so that two do not change the same one. */
function requireCurrent({ Version }: OwnPrefixList, seen: number | undefined): void {
  if (seen !== Version)
    throw new AwsError('PrefixListVersionMismatch', 'The prefix list has the incorrect version number.');
}

function withEntries(list: OwnPrefixList, entries: readonly PrefixListEntry[]): OwnPrefixList {
  return { ...list, Version: list.Version + 1, versions: [...list.versions, checked(entries, list)] };
}

export const modifyManagedPrefixList: Handler<'ModifyManagedPrefixList'> = (input, context) => {
  const { PrefixListName, MaxEntries, AddEntries = [], RemoveEntries = [] } = input;
  const list = requireOwnList(context, input.PrefixListId);
  const hasEntries = AddEntries.length + RemoveEntries.length > 0;
  if (hasEntries && MaxEntries !== undefined && MaxEntries !== list.MaxEntries)
    throw new AwsError(
      'InvalidParameterCombination',
      'Entries and the maximum of entries cannot change in the same request.',
    );
  const current = list.versions[list.Version - 1] ?? [];
  if (MaxEntries !== undefined && current.length > MaxEntries) checked(current, { ...list, MaxEntries });
  const named = { ...list, ...(PrefixListName ? { PrefixListName } : {}), ...(MaxEntries ? { MaxEntries } : {}) };
  if (hasEntries) requireCurrent(list, input.CurrentVersion);
  const gone = new Set([...RemoveEntries, ...AddEntries].map(({ Cidr = '' }) => canonicalCidr(Cidr) ?? Cidr));
  const kept = current.filter(({ Cidr = '' }) => !gone.has(Cidr));
  const changed = hasEntries ? withEntries(named, [...kept, ...AddEntries]) : named;
  const saved = context.store.table(ownPrefixLists).put(list.PrefixListId, { ...changed, State: 'modify-complete' });
  return { PrefixList: shownList(saved) };
};

/** What an earlier version held becomes the newest. */
export const restoreManagedPrefixListVersion: Handler<'RestoreManagedPrefixListVersion'> = (input, context) => {
  const list = requireOwnList(context, input.PrefixListId);
  requireCurrent(list, input.CurrentVersion);
  const earlier = list.versions[input.PreviousVersion - 1];
  if (!earlier) throw invalidParameter(`The version ${input.PreviousVersion} of the prefix list does not exist.`);
  const restored = { ...withEntries(list, earlier), State: 'restore-complete' as const };
  return { PrefixList: shownList(context.store.table(ownPrefixLists).put(list.PrefixListId, restored)) };
};

function usersOf({ store }: Context, id: string): string[] {
  const groups = store.table(securityGroupRules).list(({ PrefixListId }) => PrefixListId === id);
  const tables = store
    .table(routeTables)
    .list(({ Routes }) => Routes.some(({ DestinationPrefixListId }) => DestinationPrefixListId === id));
  return [...new Set([...groups.map(({ GroupId }) => GroupId), ...tables.map(({ RouteTableId }) => RouteTableId)])];
}

export const getManagedPrefixListAssociations: Handler<'GetManagedPrefixListAssociations'> = (input, context) => {
  requireOwnList(context, input.PrefixListId);
  const ResourceOwner = context.scope.account;
  return {
    PrefixListAssociations: usersOf(context, input.PrefixListId).map((ResourceId) => ({ ResourceId, ResourceOwner })),
  };
};

export const deleteManagedPrefixList: Handler<'DeleteManagedPrefixList'> = ({ PrefixListId }, context) => {
  const list = requireOwnList(context, PrefixListId);
  if (usersOf(context, PrefixListId).length > 0) throw dependencyViolation('prefix list', PrefixListId);
  context.store.table(ownPrefixLists).delete(PrefixListId);
  return { PrefixList: { ...shownList(list), State: 'delete-complete' } };
};
