import type { Change, ChangeAction, ResourceRecordSet } from '@aws-sdk/client-route-53';
import { type ResourceContext, resource } from '../../../cloudformation/resource-handler.ts';
import { AwsError, isAwsError } from '../../../kernel/aws-error.ts';

/** CloudFormation's form of a record set: the TTL is a text, the values are a list of texts. */
interface RecordSetProperties extends Omit<ResourceRecordSet, 'TTL' | 'ResourceRecords' | 'AliasTarget'> {
  readonly HostedZoneId?: string;
  readonly HostedZoneName?: string;
  readonly Name: string;
  readonly TTL?: string;
  readonly ResourceRecords?: readonly string[];
  readonly AliasTarget?: {
    readonly DNSName: string;
    readonly HostedZoneId: string;
    readonly EvaluateTargetHealth?: boolean;
  };
  readonly Comment?: string;
}

function setOf(properties: RecordSetProperties): ResourceRecordSet {
  const { HostedZoneId: _, HostedZoneName: __, Comment: ___, TTL, ResourceRecords, AliasTarget, ...rest } = properties;
  return {
    ...rest,
    ...(TTL === undefined ? {} : { TTL: Number(TTL) }),
    ...(ResourceRecords ? { ResourceRecords: ResourceRecords.map((Value) => ({ Value })) } : {}),
    ...(AliasTarget ? { AliasTarget: { EvaluateTargetHealth: false, ...AliasTarget } } : {}),
  };
}

interface Place {
  readonly HostedZoneId?: string;
  readonly HostedZoneName?: string;
}

/** By its id, or by its name, of which there must be one public zone. */
function zoneOf({ HostedZoneId, HostedZoneName = '' }: Place, { route53 }: ResourceContext): string {
  if (HostedZoneId !== undefined) return HostedZoneId;
  const { HostedZones = [] } = route53.listHostedZonesByName({ DNSName: HostedZoneName });
  const name = HostedZoneName.endsWith('.') ? HostedZoneName : `${HostedZoneName}.`;
  const [found, other] = HostedZones.filter((zone) => zone.Name === name);
  if (!found || other)
    throw new AwsError(
      'InvalidRequest',
      `Found ${other ? 'multiple' : 'no'} hosted zones with name ${HostedZoneName}.`,
    );
  return found.Id ?? '';
}

function change(HostedZoneId: string, Changes: Change[], { route53 }: ResourceContext): void {
  if (Changes.length > 0) route53.changeResourceRecordSets({ HostedZoneId, ChangeBatch: { Changes } });
}

const changeOf =
  (Action: ChangeAction) =>
  (properties: RecordSetProperties): Change => ({
    Action,
    ResourceRecordSet: setOf(properties),
  });

/** What has been taken out of a zone by other means is gone already. */
function remove(sets: readonly RecordSetProperties[], zone: Place, context: ResourceContext): void {
  for (const set of sets)
    try {
      change(zoneOf(zone, context), [changeOf('DELETE')(set)], context);
    } catch (error) {
      const isGone = isAwsError(error, 'InvalidChangeBatch') && error.message.includes('but it was not found');
      if (!isGone && !isAwsError(error, 'NoSuchHostedZone')) throw error;
    }
}

const isSameSet = (a: RecordSetProperties, b: RecordSetProperties): boolean =>
  a.Name === b.Name && a.Type === b.Type && a.SetIdentifier === b.SetIdentifier;

/** AWS::Route53::RecordSet. `Ref` is the name. */
export const recordSet = resource<RecordSetProperties>({
  create(properties, context) {
    change(zoneOf(properties, context), [changeOf('CREATE')(properties)], context);
    return { id: properties.Name };
  },
  update(_, properties, previous, context) {
    const renamed = isSameSet(properties, previous) ? [] : [changeOf('DELETE')(previous)];
    change(zoneOf(properties, context), [...renamed, changeOf('UPSERT')(properties)], context);
    return undefined;
  },
  delete(_, properties, context) {
    remove([properties], properties, context);
  },
});

interface GroupProperties extends Place {
  readonly RecordSets?: readonly RecordSetProperties[];
  readonly Comment?: string;
}

/** AWS::Route53::RecordSetGroup. `Ref` is a name of its own. All its sets are one batch. */
export const recordSetGroup = resource<GroupProperties>({
  create(properties, context) {
    change(zoneOf(properties, context), (properties.RecordSets ?? []).map(changeOf('CREATE')), context);
    return { id: context.physicalName() };
  },
  update(_, { RecordSets: wanted = [], ...zone }, { RecordSets: known = [] }, context) {
    const gone = known.filter((set) => !wanted.some((other) => isSameSet(set, other)));
    change(zoneOf(zone, context), [...gone.map(changeOf('DELETE')), ...wanted.map(changeOf('UPSERT'))], context);
    return undefined;
  },
  delete(_, properties, context) {
    remove(properties.RecordSets ?? [], properties, context);
  },
});
