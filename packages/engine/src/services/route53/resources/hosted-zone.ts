import type { VPC } from '@aws-sdk/client-route-53';
import { type ResourceContext, resource } from '../../../cloudformation/resource-handler.ts';
import { isAwsError } from '../../../kernel/aws-error.ts';

interface HostedZoneProperties {
  readonly Name: string;
  readonly HostedZoneConfig?: { readonly Comment?: string };
  readonly VPCs?: readonly { readonly VPCId: string; readonly VPCRegion: NonNullable<VPC['VPCRegion']> }[];
  readonly HostedZoneTags?: { readonly Key: string; readonly Value: string }[];
}

type Vpc = NonNullable<HostedZoneProperties['VPCs']>[number];
const isIn = (vpcs: readonly Vpc[], { VPCId, VPCRegion }: Vpc): boolean =>
  vpcs.some((vpc) => vpc.VPCId === VPCId && vpc.VPCRegion === VPCRegion);

function tag(
  ResourceId: string,
  properties: HostedZoneProperties,
  previous: HostedZoneProperties | undefined,
  context: ResourceContext,
) {
  const AddTags = context.tags(properties.HostedZoneTags);
  const gone = context.tags(previous?.HostedZoneTags).filter((old) => !AddTags.some(({ Key }) => Key === old.Key));
  context.route53.changeTagsForResource({
    ResourceType: 'hostedzone',
    ResourceId,
    AddTags,
    ...(gone.length > 0 ? { RemoveTagKeys: gone.map(({ Key }) => Key) } : {}),
  });
}

/** AWS::Route53::HostedZone. `Ref` is the id. */
export const hostedZone = resource<HostedZoneProperties>({
  create(properties, context) {
    const { Name, HostedZoneConfig, VPCs: [VPC, ...more] = [] } = properties;
    const { HostedZone, DelegationSet } = context.route53.createHostedZone({
      Name,
      CallerReference: context.ids.uuid('route53/caller-reference'),
      HostedZoneConfig: { Comment: HostedZoneConfig?.Comment },
      ...(VPC ? { VPC } : {}),
    });
    const id = (HostedZone?.Id ?? '').replace('/hostedzone/', '');
    for (const vpc of more) context.route53.associateVPCWithHostedZone({ HostedZoneId: id, VPC: vpc });
    tag(id, properties, undefined, context);
    return { id, attributes: { Id: id, NameServers: DelegationSet?.NameServers ?? [] } };
  },

  update(id, properties, previous, context) {
    const { route53 } = context;
    route53.updateHostedZoneComment({ Id: id, Comment: properties.HostedZoneConfig?.Comment });
    const [wanted, known] = [properties.VPCs ?? [], previous.VPCs ?? []];
    for (const VPC of wanted) if (!isIn(known, VPC)) route53.associateVPCWithHostedZone({ HostedZoneId: id, VPC });
    for (const VPC of known) if (!isIn(wanted, VPC)) route53.disassociateVPCFromHostedZone({ HostedZoneId: id, VPC });
    tag(id, properties, previous, context);
    return undefined;
  },

  delete(Id, _, { route53 }) {
    try {
      route53.deleteHostedZone({ Id });
    } catch (error) {
      if (!isAwsError(error, 'NoSuchHostedZone')) throw error;
    }
  },
});
