import type { AddPrefixListEntry, ManagedPrefixList } from '@aws-sdk/client-ec2';
import { resource } from '../../../cloudformation/resource-handler.ts';
import { retag } from './network.ts';

interface ListProperties {
  readonly PrefixListName: string;
  readonly AddressFamily: 'IPv4' | 'IPv6';
  readonly MaxEntries?: number;
  readonly Entries?: AddPrefixListEntry[];
  readonly Tags?: unknown;
}

const attributesOf = ({ PrefixListId, PrefixListArn, OwnerId, Version }: ManagedPrefixList = {}) => ({
  ...{ PrefixListId, Arn: PrefixListArn, OwnerId, Version },
});

/** AWS::EC2::PrefixList. Without `MaxEntries` there is room for what it begins with. */
export const prefixList = resource<ListProperties>({
  create({ Tags, ...properties }, context) {
    const { Entries = [], MaxEntries = Math.max(Entries.length, 1) } = properties;
    const TagSpecifications = [{ ResourceType: 'prefix-list' as const, Tags: context.tags(Tags) }];
    const { PrefixList } = context.ec2.createManagedPrefixList({
      ...properties,
      Entries,
      MaxEntries,
      TagSpecifications,
    });
    return { id: PrefixList?.PrefixListId ?? '', attributes: attributesOf(PrefixList) };
  },
  update(PrefixListId, { PrefixListName, MaxEntries, Entries = [], Tags }, previous, context) {
    const { ec2 } = context;
    const { PrefixList } = ec2.modifyManagedPrefixList({ PrefixListId, PrefixListName, MaxEntries });
    const had = previous.Entries ?? [];
    const RemoveEntries = had
      .filter((one) => !Entries.some(({ Cidr }) => Cidr === one.Cidr))
      .map(({ Cidr }) => ({ Cidr }));
    const AddEntries = Entries.filter(
      (one) => !had.some(({ Cidr, Description }) => Cidr === one.Cidr && Description === one.Description),
    );
    retag(PrefixListId, context, Tags, previous.Tags);
    if (AddEntries.length + RemoveEntries.length === 0) return attributesOf(PrefixList);
    const change = { PrefixListId, CurrentVersion: PrefixList?.Version, AddEntries, RemoveEntries };
    return attributesOf(ec2.modifyManagedPrefixList(change).PrefixList);
  },
  delete: (PrefixListId, _, { ec2 }) => void ec2.deleteManagedPrefixList({ PrefixListId }),
});
