import type * as sdk from '@aws-sdk/client-sns';
import type { Cause } from '../../kernel/caller.ts';
import type { Context } from '../../kernel/context.ts';
import type { Handler as AnyHandler, Input, OperationName } from '../../kernel/operation.ts';
import { table } from '../../kernel/store.ts';
import type { ReceivedMail } from './mail-transport.ts';

export type Sdk = typeof sdk;
export type Handler<Op extends OperationName<Sdk>> = AnyHandler<Sdk, Op, Context>;
export type In<Op extends OperationName<Sdk>> = Input<Sdk, Op>;
export type MessageAttributes = Readonly<Record<string, sdk.MessageAttributeValue>>;

export interface Topic {
  readonly arn: string;
  readonly name: string;
  /** As they were set; what was not is left out. */
  readonly attributes: Readonly<Record<string, string>>;
  readonly tags: readonly sdk.Tag[];
  /** How many subscriptions it has lost. */
  readonly deletedSubscriptions: number;
}

export type Protocol = 'email' | 'email-json' | 'lambda' | 'http' | 'https' | 'sms' | 'sqs';

export interface Subscription {
  readonly arn: string;
  readonly topicArn: string;
  readonly protocol: Protocol;
  readonly endpoint: string;
  readonly owner: string;
  /** As they were set: FilterPolicy, FilterPolicyScope, RawMessageDelivery and so on. */
  readonly attributes: Readonly<Record<string, string>>;
  readonly confirmed: boolean;
  /** The proof that whoever has it reads the endpoint's mail. */
  readonly token: string;
  readonly createdAt: number;
}

/** What was published, as one subscription gets it. */
export interface Message {
  readonly messageId: string;
  readonly topicArn: string;
  readonly subject?: string;
  readonly text: string;
  readonly attributes: MessageAttributes;
  readonly publishedAt: number;
}

/** A message on its way to one subscription. Kept until it has arrived or is given up. */
export interface Delivery {
  readonly id: string;
  readonly subscriptionArn: string;
  readonly topicArn: string;
  /** A request to confirm goes to subscriptions that are not confirmed. */
  readonly kind: 'notification' | 'confirmation';
  readonly message: Message;
  readonly attempts: number;
  readonly nextAttemptAt: number;
  readonly cause: Cause;
}

export const topics = table<Topic>('sns/topics');
export const subscriptions = table<Subscription, 'topic'>('sns/subscriptions', {
  indexes: { topic: (subscription) => subscription.topicArn },
});
export const deliveries = table<Delivery, 'subscription'>('sns/deliveries', {
  indexes: { subscription: (delivery) => delivery.subscriptionArn },
});
/** What has come into the built-in mailbox. */
export const mails = table<ReceivedMail & { readonly id: string; readonly receivedAt: number }>('sns/mails', {
  scope: 'global',
});

export const topicArn = ({ scope }: Context, name: string): string =>
  `arn:aws:sns:${scope.region}:${scope.account}:${name}`;
export const topicName = (arn: string): string => arn.split(':')[5] ?? '';
/** The world in which an ARN's resource is. */
export function scopeOf(context: Context, arn: string): Context {
  const [, , , region, account] = arn.split(':');
  const { scope } = context;
  return !region || !account || (region === scope.region && account === scope.account)
    ? context
    : context.in({ region, account });
}
