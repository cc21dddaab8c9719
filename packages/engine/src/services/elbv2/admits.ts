import type { IpPermission } from '@aws-sdk/client-ec2';

/** One end of a connection, as security groups see it. */
export interface Source {
  readonly groups: readonly string[];
  readonly addresses: readonly string[];
}

/** Whether any rule lets TCP from the source in on a port. */
export function admits(rules: readonly IpPermission[], source: Source, port: number): boolean {
  return rules.some((rule) => {
    const protocol = rule.IpProtocol === '-1' || rule.IpProtocol === 'tcp' || rule.IpProtocol === '6';
    const ports = rule.IpProtocol === '-1' || ((rule.FromPort ?? 0) <= port && port <= (rule.ToPort ?? 65_535));
    return protocol && ports && comesFrom(rule, source);
  });
}

const comesFrom = (rule: IpPermission, { groups, addresses }: Source) =>
  (rule.UserIdGroupPairs ?? []).some(({ GroupId }) => GroupId !== undefined && groups.includes(GroupId)) ||
  (rule.IpRanges ?? []).some(({ CidrIp = '' }) => addresses.some((address) => inBlock(address, CidrIp)));

function inBlock(address: string, cidr: string): boolean {
  const [base = '', prefix = '32'] = cidr.split('/');
  const size = 2 ** (32 - Number(prefix));
  return Math.floor(number(address) / size) === Math.floor(number(base) / size);
}

const number = (address: string) => address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
