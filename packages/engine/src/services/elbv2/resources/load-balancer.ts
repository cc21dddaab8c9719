import { type ResourceContext, resource } from '../../../cloudformation/resource-handler.ts';
import type { Attributes } from '../model.ts';

export interface KeyValue {
  readonly Key: string;
  readonly Value: string;
}

/** Makes a resource's tags what the template says now. */
export function retag(arn: string, context: ResourceContext, own: unknown, previous: unknown): void {
  const wanted = context.tags(own);
  const TagKeys = context
    .tags(previous)
    .map((tag) => tag.Key)
    .filter((key) => !wanted.some((one) => one.Key === key));
  if (TagKeys.length > 0) context.elbv2.removeTags({ ResourceArns: [arn], TagKeys });
  if (wanted.length > 0) context.elbv2.addTags({ ResourceArns: [arn], Tags: wanted });
}

/** What the template sets; what it set before and no longer does goes back to AWS's default. */
export const attributeChanges = (
  now: readonly KeyValue[] = [],
  before: readonly KeyValue[] = [],
  defaults: Attributes = {},
): KeyValue[] => [
  ...before
    .filter(({ Key }) => !now.some((one) => one.Key === Key) && defaults[Key])
    .map(({ Key }) => ({ Key, Value: defaults[Key] ?? '' })),
  ...now.map(({ Key, Value }) => ({ Key, Value: String(Value) })),
];

interface Properties {
  readonly Name?: string;
  readonly Type?: 'application' | 'network' | 'gateway';
  readonly Scheme?: 'internet-facing' | 'internal';
  readonly Subnets?: string[];
  readonly SecurityGroups?: string[];
  readonly IpAddressType?: 'ipv4' | 'dualstack';
  readonly LoadBalancerAttributes?: readonly KeyValue[];
  readonly Tags?: unknown;
}

function setAttributes(LoadBalancerArn: string, now: Properties, before: Properties, { elbv2 }: ResourceContext): void {
  const Attributes = attributeChanges(now.LoadBalancerAttributes, before.LoadBalancerAttributes);
  if (Attributes.length > 0) elbv2.modifyLoadBalancerAttributes({ LoadBalancerArn, Attributes });
}

/** AWS::ElasticLoadBalancingV2::LoadBalancer */
export const loadBalancer = resource<Properties>({
  create(properties, context) {
    const Name = properties.Name ?? context.physicalName({ max: 32 });
    const { Type, Scheme, Subnets, SecurityGroups, IpAddressType } = properties;
    const [made] =
      context.elbv2.createLoadBalancer({
        Name,
        Type,
        Scheme,
        Subnets,
        SecurityGroups,
        IpAddressType,
        Tags: context.tags(properties.Tags),
      }).LoadBalancers ?? [];
    const id = made?.LoadBalancerArn ?? '';
    setAttributes(id, properties, {}, context);
    return {
      id,
      attributes: {
        LoadBalancerArn: id,
        LoadBalancerName: Name,
        LoadBalancerFullName: id.slice(id.indexOf(':loadbalancer/') + ':loadbalancer/'.length),
        DNSName: made?.DNSName,
        CanonicalHostedZoneID: made?.CanonicalHostedZoneId,
        SecurityGroups: made?.SecurityGroups ?? [],
      },
    };
  },
  update(LoadBalancerArn, now, before, context) {
    setAttributes(LoadBalancerArn, now, before, context);
    if (now.SecurityGroups) context.elbv2.setSecurityGroups({ LoadBalancerArn, SecurityGroups: now.SecurityGroups });
    if (now.Subnets && now.Subnets.join() !== before.Subnets?.join())
      context.elbv2.setSubnets({ LoadBalancerArn, Subnets: now.Subnets });
    retag(LoadBalancerArn, context, now.Tags, before.Tags);
    return undefined;
  },
  delete: (LoadBalancerArn, _, { elbv2 }) => void elbv2.deleteLoadBalancer({ LoadBalancerArn }),
  progress(arn, _, { elbv2 }) {
    const state = elbv2.describeLoadBalancers({ LoadBalancerArns: [arn] }).LoadBalancers?.[0]?.State?.Code;
    return state === 'active' ? 'complete' : { waiting: `the load balancer is ${state}` };
  },
});
