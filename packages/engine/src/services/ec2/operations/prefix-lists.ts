import type { ManagedPrefixList } from '@aws-sdk/client-ec2';
import type { Context } from '../../../kernel/context.ts';
import { onePage, passes } from '../filters.ts';
import type { Handler } from '../model.ts';

/** The services that gateway endpoints lead to. The ids are those of us-east-1, the addresses are kept for documentation (RFC 5737). */
const lists = [
  { service: 's3', PrefixListId: 'pl-63a5400a', Cidrs: ['198.51.100.0/25'] },
  { service: 'dynamodb', PrefixListId: 'pl-02cd2c6b', Cidrs: ['198.51.100.128/25'] },
];

/** The lists that AWS keeps, as managed lists: nobody else sees how large they may be or what is in them. */
export const awsPrefixLists = ({ scope: { region } }: Context): ManagedPrefixList[] =>
  lists.map(({ service, PrefixListId }) => ({
    ...{ PrefixListId, PrefixListName: `com.amazonaws.${region}.${service}`, AddressFamily: 'IPv4', OwnerId: 'AWS' },
    ...{ State: 'create-complete', PrefixListArn: `arn:aws:ec2:${region}:aws:prefix-list/${PrefixListId}`, Tags: [] },
  }));

export const describePrefixLists: Handler<'DescribePrefixLists'> = (input, context) => {
  const { PrefixListIds, Filters } = input;
  const found = lists
    .map(({ service, ...list }) => ({ ...list, PrefixListName: `com.amazonaws.${context.scope.region}.${service}` }))
    .filter((list) => !PrefixListIds?.length || PrefixListIds.includes(list.PrefixListId))
    .filter((list) => passes(list, Filters));
  const { rows, ...rest } = onePage(found, input);
  return { PrefixLists: rows, ...rest };
};
