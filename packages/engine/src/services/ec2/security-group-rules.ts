import type { IpPermission } from '@aws-sdk/client-ec2';
import { canonicalCidr } from './cidr.ts';
import { invalidParameter } from './errors.ts';
import type { SecurityGroupRule } from './model.ts';

/** What a rule says: one protocol, ports and source, without what makes it a row of a group. */
export type RuleText = Pick<
  SecurityGroupRule,
  | 'IpProtocol'
  | 'FromPort'
  | 'ToPort'
  | 'CidrIpv4'
  | 'CidrIpv6'
  | 'PrefixListId'
  | 'ReferencedGroupInfo'
  | 'Description'
>;

const protocolNames: Readonly<Record<string, string>> = { '1': 'icmp', '6': 'tcp', '17': 'udp', '58': 'icmpv6' };

/** Numbers of protocols that have a name are shown by it; all traffic has no ports, which is -1. */
export function canonical<Rule extends RuleText>(rule: Rule): Rule {
  const IpProtocol = protocolNames[rule.IpProtocol] ?? rule.IpProtocol.toLowerCase();
  const isOpen = !['tcp', 'udp', 'icmp', 'icmpv6'].includes(IpProtocol);
  if ((IpProtocol === 'tcp' || IpProtocol === 'udp') && (rule.FromPort === undefined || rule.ToPort === undefined))
    throw invalidParameter("Invalid value 'Must specify both from and to ports with TCP/UDP.' for portRange.");
  const CidrIpv4 = rule.CidrIpv4 === undefined ? undefined : canonicalCidr(rule.CidrIpv4);
  if (rule.CidrIpv4 !== undefined && CidrIpv4 === undefined)
    throw invalidParameter(`CIDR block ${rule.CidrIpv4} is malformed`);
  return {
    ...rule,
    IpProtocol,
    FromPort: isOpen ? -1 : (rule.FromPort ?? -1),
    ToPort: isOpen ? -1 : (rule.ToPort ?? -1),
    ...(CidrIpv4 ? { CidrIpv4 } : {}),
  };
}

/** One rule for each protocol, ports and source, as AWS counts them. */
export function rulesOf(permission: IpPermission, account: string): RuleText[] {
  const base = {
    IpProtocol: permission.IpProtocol ?? '-1',
    FromPort: permission.FromPort as number,
    ToPort: permission.ToPort as number,
  };
  const of = (source: Partial<RuleText>, Description: string | undefined): RuleText =>
    canonical({ ...base, ...source, ...(Description === undefined ? {} : { Description }) });
  return [
    ...(permission.IpRanges ?? []).map((one) => of({ CidrIpv4: one.CidrIp }, one.Description)),
    ...(permission.Ipv6Ranges ?? []).map((one) => of({ CidrIpv6: one.CidrIpv6 }, one.Description)),
    ...(permission.PrefixListIds ?? []).map((one) => of({ PrefixListId: one.PrefixListId }, one.Description)),
    ...(permission.UserIdGroupPairs ?? []).map(({ Description, GroupId, UserId = account }) =>
      of({ ReferencedGroupInfo: { GroupId, UserId } }, Description),
    ),
  ];
}

/** What makes two rules the same; descriptions do not. */
export const identity = (rule: RuleText): string =>
  JSON.stringify([rule.IpProtocol, rule.FromPort, rule.ToPort, sourceKind(rule), source(rule)]);

export const source = ({ CidrIpv4, CidrIpv6, PrefixListId, ReferencedGroupInfo }: RuleText): string =>
  CidrIpv4 ?? CidrIpv6 ?? PrefixListId ?? ReferencedGroupInfo?.GroupId ?? '';

/** By what a rule names its source: that never changes, only which one it is. */
export const sourceKind = (rule: RuleText) =>
  (['CidrIpv4', 'CidrIpv6', 'PrefixListId', 'ReferencedGroupInfo'] as const).find((kind) => rule[kind] !== undefined);

/** The rules of one direction as groups show them: sources with the same protocol and ports together. */
export function permissionsOf(rules: readonly RuleText[]): IpPermission[] {
  const together = Map.groupBy(rules, ({ IpProtocol, FromPort, ToPort }) => `${IpProtocol}/${FromPort}/${ToPort}`);
  return [...together.values()].map(permissionOf);
}

function permissionOf(rules: readonly RuleText[]): IpPermission {
  const [{ IpProtocol, FromPort, ToPort } = { IpProtocol: '-1', FromPort: -1, ToPort: -1 }] = rules;
  const hasPorts = ['tcp', 'udp', 'icmp', 'icmpv6'].includes(IpProtocol);
  const told = ({ Description }: RuleText) => (Description === undefined ? {} : { Description });
  return {
    IpProtocol,
    ...(hasPorts ? { FromPort, ToPort } : {}),
    IpRanges: rules.flatMap((one) => (one.CidrIpv4 ? [{ CidrIp: one.CidrIpv4, ...told(one) }] : [])),
    Ipv6Ranges: rules.flatMap((one) => (one.CidrIpv6 ? [{ CidrIpv6: one.CidrIpv6, ...told(one) }] : [])),
    PrefixListIds: rules.flatMap((one) => (one.PrefixListId ? [{ PrefixListId: one.PrefixListId, ...told(one) }] : [])),
    UserIdGroupPairs: rules.flatMap((one) =>
      one.ReferencedGroupInfo ? [{ ...one.ReferencedGroupInfo, ...told(one) }] : [],
    ),
  };
}
