import { defineService } from '../../kernel/service.ts';
import { healthController } from './controllers/health.ts';
import { Metrics } from './controllers/metrics.ts';
import { provisioningController } from './controllers/provisioning.ts';
import { Routing } from './controllers/routing.ts';
import type { DataPlane } from './data-plane.ts';
import * as listeners from './operations/listeners.ts';
import * as balancers from './operations/load-balancers.ts';
import * as rules from './operations/rules.ts';
import * as groups from './operations/target-groups.ts';
import * as targets from './operations/targets.ts';
import { listener, listenerRule } from './resources/listener.ts';
import { loadBalancer } from './resources/load-balancer.ts';
import { targetGroup } from './resources/target-group.ts';
import { hostRoute, listenersRoute } from './routes/listeners.ts';

/** Elastic Load Balancing v2: application load balancers over a data plane that carries the traffic. */
export const elbv2 = ({ dataPlane }: { readonly dataPlane: DataPlane }) =>
  defineService('elbv2', {
    operations: {
      CreateLoadBalancer: balancers.createLoadBalancer,
      DescribeLoadBalancers: balancers.describeLoadBalancers,
      DeleteLoadBalancer: balancers.deleteLoadBalancer,
      DescribeLoadBalancerAttributes: balancers.describeLoadBalancerAttributes,
      ModifyLoadBalancerAttributes: balancers.modifyLoadBalancerAttributes,
      DescribeCapacityReservation: balancers.describeCapacityReservation,
      SetSecurityGroups: balancers.setSecurityGroups,
      SetSubnets: balancers.setSubnets,
      CreateTargetGroup: groups.createTargetGroup,
      DescribeTargetGroups: groups.describeTargetGroups,
      ModifyTargetGroup: groups.modifyTargetGroup,
      DeleteTargetGroup: groups.deleteTargetGroup,
      DescribeTargetGroupAttributes: groups.describeTargetGroupAttributes,
      ModifyTargetGroupAttributes: groups.modifyTargetGroupAttributes,
      RegisterTargets: targets.registerTargets,
      DeregisterTargets: targets.deregisterTargets,
      DescribeTargetHealth: targets.describeTargetHealth,
      CreateListener: listeners.createListener,
      DescribeListeners: listeners.describeListeners,
      ModifyListener: listeners.modifyListener,
      DeleteListener: listeners.deleteListener,
      DescribeListenerAttributes: listeners.describeListenerAttributes,
      ModifyListenerAttributes: listeners.modifyListenerAttributes,
      CreateRule: rules.createRule,
      DescribeRules: rules.describeRules,
      ModifyRule: rules.modifyRule,
      DeleteRule: rules.deleteRule,
      SetRulePriorities: rules.setRulePriorities,
      AddTags: rules.addTags,
      RemoveTags: rules.removeTags,
      DescribeTags: rules.describeTags,
    },
    controllers: [
      provisioningController,
      healthController(dataPlane),
      new Routing(dataPlane).controller,
      new Metrics(dataPlane).controller,
    ],
    resources: {
      'AWS::ElasticLoadBalancingV2::LoadBalancer': loadBalancer,
      'AWS::ElasticLoadBalancingV2::TargetGroup': targetGroup,
      'AWS::ElasticLoadBalancingV2::Listener': listener,
      'AWS::ElasticLoadBalancingV2::ListenerRule': listenerRule,
    },
    routes: [listenersRoute, hostRoute],
    stop: () => dataPlane.close(),
  });
