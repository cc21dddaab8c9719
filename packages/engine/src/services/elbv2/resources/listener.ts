import type { Action, CreateListenerInput, CreateRuleInput } from '@aws-sdk/client-elastic-load-balancing-v2';
import { resource } from '../../../cloudformation/resource-handler.ts';

/** AWS::ElasticLoadBalancingV2::Listener */
export const listener = resource<
  Omit<CreateListenerInput, 'Tags'> & { LoadBalancerArn: string; DefaultActions: Action[] }
>({
  create({ LoadBalancerArn, Port, Protocol, DefaultActions, Certificates, SslPolicy }, { elbv2 }) {
    const [made] =
      elbv2.createListener({ LoadBalancerArn, Port, Protocol, DefaultActions, Certificates, SslPolicy }).Listeners ??
      [];
    const id = made?.ListenerArn ?? '';
    return { id, attributes: { ListenerArn: id } };
  },
  update(ListenerArn, { Port, Protocol, DefaultActions }, _, { elbv2 }) {
    elbv2.modifyListener({ ListenerArn, Port, Protocol, DefaultActions });
    return undefined;
  },
  delete: (ListenerArn, _, { elbv2 }) => void elbv2.deleteListener({ ListenerArn }),
});

type RuleProperties = Omit<CreateRuleInput, 'Tags'> & {
  ListenerArn: string;
  Priority: number;
  Conditions: NonNullable<CreateRuleInput['Conditions']>;
  Actions: Action[];
};

/** AWS::ElasticLoadBalancingV2::ListenerRule */
export const listenerRule = resource<RuleProperties>({
  create({ ListenerArn, Priority, Conditions, Actions }, { elbv2 }) {
    const [made] = elbv2.createRule({ ListenerArn, Priority, Conditions, Actions }).Rules ?? [];
    const id = made?.RuleArn ?? '';
    return { id, attributes: { RuleArn: id, IsDefault: false } };
  },
  update(RuleArn, { Priority, Conditions, Actions }, previous, { elbv2 }) {
    if (Priority !== previous.Priority) elbv2.setRulePriorities({ RulePriorities: [{ RuleArn, Priority }] });
    elbv2.modifyRule({ RuleArn, Conditions, Actions });
    return undefined;
  },
  delete: (RuleArn, _, { elbv2 }) => void elbv2.deleteRule({ RuleArn }),
});
