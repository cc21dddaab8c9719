import type { ScaledService } from '../functions/scaled-service.ts';
import type { ServiceNames } from '../names.ts';
import type { Resolved } from '../service-settings.ts';

export type Scaling = NonNullable<Resolved['scaling']>;

interface Place {
  readonly names: ServiceNames;
  readonly topicArn: string;
  readonly metrics: Resolved['metrics'];
  readonly scaling: Scaling;
}

/** What every function of a service is told about it, besides its own name and the rules that call it. */
export function scaledServiceOf({ names, topicArn, metrics, scaling }: Place): Omit<ScaledService, 'actor' | 'rules'> {
  return {
    ...names,
    topicArn,
    namespace: metrics?.namespace ?? '',
    metric: scaling.metric,
    above: scaling.out.above,
    below: scaling.in.below,
  };
}
