import { type ResourceContext, resource } from '../../../cloudformation/resource-handler.ts';
import type { Input } from '../../../kernel/operation.ts';

type Sdk = typeof import('@aws-sdk/client-application-auto-scaling');
type Registration = Input<Sdk, 'RegisterScalableTarget'>;
type Scheduled = Input<Sdk, 'PutScheduledAction'>;

interface TargetProperties {
  readonly ServiceNamespace: Registration['ServiceNamespace'];
  readonly ResourceId: string;
  readonly ScalableDimension: Registration['ScalableDimension'];
  readonly MinCapacity: number;
  readonly MaxCapacity: number;
  readonly RoleARN?: string;
  readonly SuspendedState?: Registration['SuspendedState'];
  readonly ScheduledActions?: readonly (Omit<Scheduled, 'StartTime' | 'EndTime'> & {
    readonly StartTime?: string;
    readonly EndTime?: string;
  })[];
  readonly Tags?: unknown;
}

const keyOf = ({ ServiceNamespace, ResourceId, ScalableDimension }: TargetProperties) => ({
  ServiceNamespace,
  ResourceId,
  ScalableDimension,
});

function putScheduledActions(
  properties: TargetProperties,
  previous: TargetProperties | undefined,
  context: ResourceContext,
) {
  const { applicationAutoScaling } = context;
  const kept = new Set(properties.ScheduledActions?.map(({ ScheduledActionName }) => ScheduledActionName));
  for (const { ScheduledActionName } of previous?.ScheduledActions ?? [])
    if (!kept.has(ScheduledActionName))
      applicationAutoScaling.deleteScheduledAction({ ...keyOf(properties), ScheduledActionName });
  for (const { StartTime, EndTime, ...action } of properties.ScheduledActions ?? [])
    applicationAutoScaling.putScheduledAction({
      ...action,
      ...keyOf(properties),
      ...(StartTime ? { StartTime: new Date(StartTime) } : {}),
      ...(EndTime ? { EndTime: new Date(EndTime) } : {}),
    });
}

const registration = (properties: TargetProperties): Registration => {
  const { ScheduledActions: _, Tags: __, ...input } = properties;
  return input;
};

/** AWS::ApplicationAutoScaling::ScalableTarget. Its id is what a policy's ScalingTargetId names. */
export const scalableTarget = resource<TargetProperties>({
  create(properties, context) {
    const Tags = Object.fromEntries(context.tags(properties.Tags).map(({ Key, Value }) => [Key, Value]));
    context.applicationAutoScaling.registerScalableTarget({ ...registration(properties), Tags });
    putScheduledActions(properties, undefined, context);
    const { ServiceNamespace, ResourceId, ScalableDimension } = properties;
    const id = `${ResourceId}|${ScalableDimension}|${ServiceNamespace}`;
    return { id, attributes: { Id: id } };
  },
  update(_, properties, previous, context) {
    context.applicationAutoScaling.registerScalableTarget(registration(properties));
    putScheduledActions(properties, previous, context);
    return undefined;
  },
  delete: (_, properties, { applicationAutoScaling }) =>
    void applicationAutoScaling.deregisterScalableTarget(keyOf(properties)),
});
