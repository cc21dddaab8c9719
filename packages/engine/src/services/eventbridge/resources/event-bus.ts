import { resource } from '../../../cloudformation/resource-handler.ts';

interface BusProperties {
  readonly Name: string;
  readonly EventSourceName?: string;
  readonly Description?: string;
  readonly KmsKeyIdentifier?: string;
  readonly DeadLetterConfig?: { readonly Arn?: string };
  readonly Policy?: unknown;
  readonly Tags?: unknown;
}

const policyText = (policy: unknown) => (typeof policy === 'string' ? policy : JSON.stringify(policy));

/** AWS::Events::EventBus */
export const eventBus = resource<BusProperties>({
  create({ Policy, Tags, ...properties }, context) {
    const { EventBusArn } = context.eventBridge.createEventBus({ ...properties, Tags: context.tags(Tags) });
    if (Policy !== undefined)
      context.eventBridge.putPermission({ EventBusName: properties.Name, Policy: policyText(Policy) });
    return {
      id: properties.Name,
      attributes: { Arn: EventBusArn, Name: properties.Name, Policy: policyText(Policy) ?? '' },
    };
  },
  update(Name, { Policy, Description, KmsKeyIdentifier, DeadLetterConfig, Tags }, previous, context) {
    const { Arn = '' } = context.eventBridge.updateEventBus({ Name, Description, KmsKeyIdentifier, DeadLetterConfig });
    context.eventBridge.tagResource({ ResourceARN: Arn, Tags: context.tags(Tags) });
    if (Policy !== undefined) context.eventBridge.putPermission({ EventBusName: Name, Policy: policyText(Policy) });
    else if (previous.Policy !== undefined)
      context.eventBridge.removePermission({ EventBusName: Name, RemoveAllPermissions: true });
    return undefined;
  },
  delete: (Name, _, { eventBridge }) => void eventBridge.deleteEventBus({ Name }),
});

interface PolicyProperties {
  readonly EventBusName?: string;
  readonly StatementId: string;
  readonly Statement?: Readonly<Record<string, unknown>>;
  readonly Action?: string;
  readonly Principal?: string;
  readonly Condition?: { readonly Type: string; readonly Key: string; readonly Value: string };
}

/** AWS::Events::EventBusPolicy */
export const eventBusPolicy = resource<PolicyProperties>({
  create(properties, context) {
    const { EventBusName, StatementId, Statement, Action, Principal, Condition } = properties;
    if (Statement) {
      const known = context.eventBridge.describeEventBus({ Name: EventBusName }).Policy;
      const others = known ? (JSON.parse(known) as { Statement: { Sid?: string }[] }).Statement : [];
      const own = { Sid: StatementId, ...Statement };
      const Policy = JSON.stringify({
        Version: '2012-10-17',
        Statement: [...others.filter(({ Sid }) => Sid !== StatementId), own],
      });
      context.eventBridge.putPermission({ EventBusName, Policy });
    } else context.eventBridge.putPermission({ EventBusName, StatementId, Action, Principal, Condition });
    return { id: `${EventBusName ?? 'default'}|${StatementId}` };
  },
  update(_, properties, __, context) {
    eventBusPolicy.create(properties as never, context);
    return undefined;
  },
  delete: (_, { EventBusName, StatementId }, { eventBridge }) =>
    void eventBridge.removePermission({ EventBusName, StatementId }),
});
