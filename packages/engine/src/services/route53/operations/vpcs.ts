import type { VPC } from '@aws-sdk/client-route-53';
import { isAwsError } from '../../../kernel/aws-error.ts';
import type { Context } from '../../../kernel/context.ts';
import { page } from '../../../kernel/page.ts';
import { conflictingDomain, invalidInput, invalidVpc, lastVpc, notAssociated, publicZone } from '../errors.ts';
import { requireZone, submitChange } from '../lookup.ts';
import { type Handler, zones } from '../model.ts';

const isSame = (a: VPC, b: VPC): boolean => a.VPCId === b.VPCId && a.VPCRegion === b.VPCRegion;

/** The VPC must be there, and see no other zone of the same name. */
export function checkVpc(vpc: VPC, name: string, context: Context): void {
  const { VPCId, VPCRegion = context.scope.region } = vpc;
  if (VPCId === undefined) throw invalidVpc();
  try {
    context.in({ region: VPCRegion }).ec2.describeVpcs({ VpcIds: [VPCId] });
  } catch (error) {
    if (isAwsError(error)) throw invalidVpc();
    throw error;
  }
  const [other] = context.store
    .table(zones)
    .list((zone) => zone.name === name && (zone.vpcs ?? []).some((each) => isSame(each, vpc)));
  if (other) throw conflictingDomain(VPCId, other.id);
}

export const associateVPCWithHostedZone: Handler<'AssociateVPCWithHostedZone'> = (input, context) => {
  const zone = requireZone(context, input.HostedZoneId);
  if (!zone.vpcs) throw publicZone();
  checkVpc(input.VPC, zone.name, context);
  context.store.table(zones).put(zone.id, { ...zone, vpcs: [...zone.vpcs, input.VPC] });
  return { ChangeInfo: submitChange(context, input.Comment) };
};

export const disassociateVPCFromHostedZone: Handler<'DisassociateVPCFromHostedZone'> = (input, context) => {
  const zone = requireZone(context, input.HostedZoneId);
  const kept = (zone.vpcs ?? []).filter((vpc) => !isSame(vpc, input.VPC));
  if (!zone.vpcs || kept.length === zone.vpcs.length) throw notAssociated();
  if (kept.length === 0) throw lastVpc();
  context.store.table(zones).put(zone.id, { ...zone, vpcs: kept });
  return { ChangeInfo: submitChange(context, input.Comment) };
};

export const listHostedZonesByVPC: Handler<'ListHostedZonesByVPC'> = (input, { store, scope }) => {
  const wanted = store.table(zones).list(({ vpcs = [] }) => vpcs.some((vpc) => isSame(vpc, input)));
  const { items, nextToken } = page(wanted, {
    token: input.NextToken,
    size: input.MaxItems ?? 100,
    invalid: () => invalidInput('The NextToken value is invalid.'),
  });
  return {
    HostedZoneSummaries: items.map(({ id, name }) => ({
      HostedZoneId: id,
      Name: name,
      Owner: { OwningAccount: scope.account },
    })),
    MaxItems: input.MaxItems ?? 100,
    ...(nextToken ? { NextToken: nextToken } : {}),
  };
};
