import { resource } from '../../../cloudformation/resource-handler.ts';

interface SubscriptionProperties {
  readonly TopicArn: string;
  readonly Protocol: string;
  readonly Endpoint?: string;
  readonly FilterPolicy?: unknown;
  readonly FilterPolicyScope?: string;
  readonly RawMessageDelivery?: boolean;
  readonly DeliveryPolicy?: unknown;
  readonly RedrivePolicy?: unknown;
}

function attributesOf(properties: SubscriptionProperties): Record<string, string> {
  const json = (value: unknown) =>
    value === undefined ? undefined : typeof value === 'string' ? value : JSON.stringify(value);
  const given = {
    FilterPolicy: json(properties.FilterPolicy),
    FilterPolicyScope: properties.FilterPolicyScope,
    RawMessageDelivery: json(properties.RawMessageDelivery),
    DeliveryPolicy: json(properties.DeliveryPolicy),
    RedrivePolicy: json(properties.RedrivePolicy),
  };
  return Object.fromEntries(
    Object.entries(given).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}

/** AWS::SNS::Subscription. Complete before anybody has confirmed it, as on AWS. */
export const subscription = resource<SubscriptionProperties>({
  create(properties, { sns }) {
    const { TopicArn, Protocol, Endpoint } = properties;
    const Attributes = attributesOf(properties);
    const { SubscriptionArn = '' } = sns.subscribe({
      TopicArn,
      Protocol,
      Endpoint,
      Attributes,
      ReturnSubscriptionArn: true,
    });
    return { id: SubscriptionArn, attributes: { Arn: SubscriptionArn } };
  },
  update(SubscriptionArn, properties, previous, { sns }) {
    const [now, before] = [attributesOf(properties), attributesOf(previous)];
    for (const AttributeName of new Set([...Object.keys(now), ...Object.keys(before)]))
      if (now[AttributeName] !== before[AttributeName])
        sns.setSubscriptionAttributes({ SubscriptionArn, AttributeName, AttributeValue: now[AttributeName] ?? '' });
    return undefined;
  },
  delete: (SubscriptionArn, _, { sns }) => void sns.unsubscribe({ SubscriptionArn }),
});
