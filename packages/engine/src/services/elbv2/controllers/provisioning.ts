import { type Controller, watch } from '../../../kernel/controller.ts';
import { loadBalancers } from '../model.ts';

/** How long a load balancer is `provisioning`. AWS takes minutes; the state is what clients must be ready for. */
const provisioning_ms = 1000;

export const provisioningController: Controller = {
  name: 'elbv2/provisioning',
  watches: [watch(loadBalancers, (balancer) => balancer.LoadBalancerArn)],
  reconcile(arn, { store, now }) {
    const balancer = store.table(loadBalancers).get(arn);
    if (balancer?.State.Code !== 'provisioning') return undefined;
    const ready = (balancer.CreatedTime?.getTime() ?? 0) + provisioning_ms;
    if (now < ready) return ready;
    store.table(loadBalancers).put(arn, { ...balancer, State: { Code: 'active' } });
    return undefined;
  },
};
