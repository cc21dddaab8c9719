import { type Controller, watch } from '../../../kernel/controller.ts';
import { startAgent } from '../guest/ecs-agent.ts';
import { enterState, releaseAll } from '../instance-state.ts';
import { instances } from '../model.ts';
import type { Ec2Ports } from '../ports.ts';
import { planInstance } from './plan-instance.ts';

/** Brings each instance from one state to the next, and takes away what a terminated one had. */
export const instanceController = (ports: Pick<Ec2Ports, 'readObject'>): Controller => ({
  name: 'ec2/instance',
  watches: [watch(instances, ({ InstanceId }) => InstanceId)],
  reconcile(id, context) {
    const instance = context.store.table(instances).get(id);
    if (!instance?.State.Name) return undefined;
    const step = planInstance(instance.State.Name, instance.changesAt_ms, context.now);
    if ('lookAgain_ms' in step) return step.lookAgain_ms;
    if ('forget' in step) context.store.table(instances).delete(id);
    else {
      if (step.enter === 'terminated') releaseAll(context, instance);
      enterState(context, id, step.enter);
      if (step.enter === 'running') startAgent(instance, context, ports);
    }
    return undefined;
  },
});
