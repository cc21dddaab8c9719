import type { Event, NotificationConfiguration, NotificationConfigurationFilter } from '@aws-sdk/client-s3';

/** Who is to be told of something. */
export interface Recipient {
  readonly id: string;
  readonly kind: 'topic' | 'queue' | 'function';
  readonly arn: string;
  readonly events: readonly Event[];
  readonly filter?: NotificationConfigurationFilter;
}

interface Entry {
  readonly Id?: string | undefined;
  readonly Events?: readonly Event[] | undefined;
  readonly Filter?: NotificationConfigurationFilter | undefined;
}

/** All that a configuration names, in one shape. */
export function recipientsOf(configuration: NotificationConfiguration): Recipient[] {
  const recipient = (kind: Recipient['kind'], arn: string | undefined, { Id, Events, Filter }: Entry): Recipient => ({
    id: Id ?? '',
    kind,
    arn: arn ?? '',
    events: Events ?? [],
    ...(Filter ? { filter: Filter } : {}),
  });
  return [
    ...(configuration.TopicConfigurations ?? []).map((one) => recipient('topic', one.TopicArn, one)),
    ...(configuration.QueueConfigurations ?? []).map((one) => recipient('queue', one.QueueArn, one)),
    ...(configuration.LambdaFunctionConfigurations ?? []).map((one) =>
      recipient('function', one.LambdaFunctionArn, one),
    ),
  ];
}

const rule = ({ filter }: Recipient, name: 'prefix' | 'suffix'): string =>
  filter?.Key?.FilterRules?.find((one) => one.Name?.toLowerCase() === name)?.Value ?? '';

const coversEvent = (pattern: string, name: string): boolean =>
  pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern;

/** Who hears of an event (`ObjectCreated:Put`) of a key. */
export const planNotifications = (configuration: NotificationConfiguration, name: string, key: string): Recipient[] =>
  recipientsOf(configuration).filter(
    (recipient) =>
      recipient.events.some((pattern) => coversEvent(pattern, `s3:${name}`)) &&
      key.startsWith(rule(recipient, 'prefix')) &&
      key.endsWith(rule(recipient, 'suffix')),
  );

/** Two recipients of the same events whose filters some key could both pass: S3 refuses to have both. */
export function overlap(configuration: NotificationConfiguration): 'none' | 'filtered' | 'unfiltered' {
  const all = recipientsOf(configuration);
  for (const [index, one] of all.entries())
    for (const other of all.slice(index + 1)) {
      const share = one.events.some((a) => other.events.some((b) => coversEvent(a, b) || coversEvent(b, a)));
      const [prefixes, suffixes] = [
        [rule(one, 'prefix'), rule(other, 'prefix')] as const,
        [rule(one, 'suffix'), rule(other, 'suffix')] as const,
      ];
      const meet =
        (prefixes[0].startsWith(prefixes[1]) || prefixes[1].startsWith(prefixes[0])) &&
        (suffixes[0].endsWith(suffixes[1]) || suffixes[1].endsWith(suffixes[0]));
      if (share && meet) return [...prefixes, ...suffixes].some((text) => text !== '') ? 'filtered' : 'unfiltered';
    }
  return 'none';
}
