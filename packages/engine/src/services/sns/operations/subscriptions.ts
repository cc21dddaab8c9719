import type * as sdk from '@aws-sdk/client-sns';
import type { Context } from '../../../kernel/context.ts';
import { page } from '../../../kernel/page.ts';
import { invalidParameter, notImplemented, subscriptionNotFound } from '../errors.ts';
import { parseFilterPolicy } from '../filter-policy.ts';
import {
  deliveries,
  type Handler,
  type Protocol,
  type Subscription,
  scopeOf,
  subscriptions,
  topics,
} from '../model.ts';
import type { Desk } from '../ports.ts';
import { confirm, requestConfirmation } from './confirmation.ts';
import { invalidToken, requireTopic } from './topics.ts';

const pageSize = 100;
const settable = new Set([
  'FilterPolicy',
  'FilterPolicyScope',
  'RawMessageDelivery',
  'DeliveryPolicy',
  'RedrivePolicy',
]);

export const subscribe =
  (desk: Desk): Handler<'Subscribe'> =>
  (input, context) => {
    const { TopicArn, Attributes = {}, ReturnSubscriptionArn = false } = input;
    const topic = requireTopic(context, TopicArn);
    const { protocol, endpoint } = checkEndpoint(input, desk);
    checkAttributes(Attributes, protocol);
    const there = scopeOf(context, TopicArn);
    const known = there.store
      .table(subscriptions)
      .by('topic', topic.arn)
      .find((row) => row.protocol === protocol && row.endpoint === endpoint);
    if (known && Object.entries(Attributes).some(([key, value]) => known.attributes[key] !== value))
      throw invalidParameter('Attributes Reason: Subscription already exists with different attributes');
    const row = known ?? make(there, { topicArn: topic.arn, protocol, endpoint, attributes: Attributes });
    if (!row.confirmed) begin(there, desk, row);
    const isConfirmed = there.store.table(subscriptions).get(row.arn)?.confirmed;
    return { SubscriptionArn: isConfirmed || ReturnSubscriptionArn ? row.arn : 'pending confirmation' };
  };

function make(
  context: Context,
  fresh: Pick<Subscription, 'topicArn' | 'protocol' | 'endpoint' | 'attributes'>,
): Subscription {
  const arn = `${fresh.topicArn}:${context.ids.uuid('sns/subscription')}`;
  return context.store.table(subscriptions).put(arn, {
    ...fresh,
    arn,
    owner: context.scope.account,
    confirmed: false,
    token: context.ids.hex('sns/token', 64),
    createdAt: context.now,
  });
}

/** A function, a queue and a phone need no confirmation; whoever reads mail, or answers HTTP, must want it. */
function begin(context: Context, desk: Desk, row: Subscription): void {
  const isMail = row.protocol === 'email' || row.protocol === 'email-json';
  if (['lambda', 'sms', 'sqs'].includes(row.protocol)) {
    confirm(context, row, 'needs no confirmation');
    return;
  }
  requestConfirmation(context, row);
  if (isMail && (desk.autoConfirmEmail ?? desk.mail.isMailbox))
    confirm(context, row, 'confirmed by the engine, since its mails go to the built-in mailbox');
}

const isUrl = (scheme: string) => (endpoint: string) => endpoint.startsWith(`${scheme}://`) && URL.canParse(endpoint);
const isMailAddress = (endpoint: string) => /^[^\s@]+@[^\s@]+$/.test(endpoint);

/** What an endpoint must be like, and what AWS calls one that is not. */
const endpoints: Readonly<
  Record<Protocol, { readonly isValid: (endpoint: string) => boolean; readonly wrong: string }>
> = {
  email: { isValid: isMailAddress, wrong: 'Email address' },
  'email-json': { isValid: isMailAddress, wrong: 'Email address' },
  http: { isValid: isUrl('http'), wrong: 'Endpoint must match the specified protocol' },
  https: { isValid: isUrl('https'), wrong: 'Endpoint must match the specified protocol' },
  lambda: {
    isValid: (endpoint) => /^arn:aws[\w-]*:lambda:[\w-]+:\d{12}:function:[\w-]+(:[\w$-]+)?$/.test(endpoint),
    wrong: 'Lambda endpoint ARN',
  },
  sqs: {
    isValid: (endpoint) => /^arn:aws[\w-]*:sqs:[\w-]+:\d{12}:[\w-]+(\.fifo)?$/.test(endpoint),
    wrong: 'SQS endpoint ARN',
  },
  sms: { isValid: (endpoint) => /^\+?[\d-]{5,20}$/.test(endpoint), wrong: 'Invalid SMS endpoint' },
};

function checkEndpoint(
  { Protocol: given, Endpoint: endpoint = '' }: { Protocol: string; Endpoint?: string | undefined },
  { web }: Desk,
): { protocol: Protocol; endpoint: string } {
  if (['application', 'firehose'].includes(given)) throw notImplemented(`sns: subscriptions of the protocol ${given}`);
  if (!Object.hasOwn(endpoints, given)) throw invalidParameter(`Does not support this protocol string: ${given}`);
  const protocol = given as Protocol;
  if (protocol.startsWith('http') && !web) throw notImplemented(`sns: subscriptions of the protocol ${given}`);
  const { isValid, wrong } = endpoints[protocol];
  if (!isValid(endpoint)) throw invalidParameter(wrong);
  return { protocol, endpoint };
}

function checkAttributes(attributes: Readonly<Record<string, string>>, protocol: Protocol): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (!settable.has(name)) throw invalidParameter('AttributeName');
    if (name === 'RawMessageDelivery' && value === 'true' && !/^(https?|sqs)$/.test(protocol))
      throw invalidParameter(
        `Attributes Reason: Delivery protocol [${protocol}] does not support raw message delivery.`,
      );
    if (name === 'FilterPolicyScope' && !['MessageAttributes', 'MessageBody'].includes(value))
      throw invalidParameter('FilterPolicyScope: Invalid value. Valid values are MessageAttributes and MessageBody.');
    if (name === 'FilterPolicy' && value !== '') checkFilter(value);
  }
}

function checkFilter(text: string): void {
  try {
    parseFilterPolicy(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw invalidParameter(`FilterPolicy: ${error.message}`);
  }
}

export function requireSubscription(context: Context, arn: string): Subscription {
  if (!/^arn:aws[\w-]*:sns:([^:]+:){3}[\w-]+$/.test(arn)) throw invalidParameter('SubscriptionId');
  const row = scopeOf(context, arn).store.table(subscriptions).get(arn);
  if (!row) throw subscriptionNotFound();
  return row;
}

export const unsubscribe: Handler<'Unsubscribe'> = ({ SubscriptionArn }, context) => {
  if (SubscriptionArn === 'PendingConfirmation')
    throw invalidParameter('SubscriptionArn Reason: An ARN must have at least 6 elements, not 1');
  const there = scopeOf(context, SubscriptionArn);
  const row = there.store.table(subscriptions).get(SubscriptionArn);
  if (row) removeSubscription(there, row);
  return {};
};

export function removeSubscription(context: Context, row: Subscription): void {
  const { store } = context;
  store.table(subscriptions).delete(row.arn);
  for (const { id } of store.table(deliveries).by('subscription', row.arn)) store.table(deliveries).delete(id);
  const topic = store.table(topics).get(row.topicArn);
  if (topic) store.table(topics).put(topic.arn, { ...topic, deletedSubscriptions: topic.deletedSubscriptions + 1 });
  context.emit({
    type: 'sns/unsubscribed',
    subject: row.topicArn,
    message: `${row.endpoint} is not subscribed any more`,
    data: { topic: row.topicArn, protocol: row.protocol, endpoint: row.endpoint },
  });
}

const shown = ({ arn, owner, protocol, endpoint, topicArn, confirmed }: Subscription): sdk.Subscription => ({
  SubscriptionArn: confirmed ? arn : 'PendingConfirmation',
  Owner: owner,
  Protocol: protocol,
  Endpoint: endpoint,
  TopicArn: topicArn,
});

function listing(rows: readonly Subscription[], token: string | undefined) {
  const { items, nextToken } = page(rows, { token, size: pageSize, invalid: invalidToken });
  return { Subscriptions: items.map(shown), ...(nextToken ? { NextToken: nextToken } : {}) };
}

export const listSubscriptions: Handler<'ListSubscriptions'> = ({ NextToken }, { store }) =>
  listing(store.table(subscriptions).list(), NextToken);

export const listSubscriptionsByTopic: Handler<'ListSubscriptionsByTopic'> = ({ TopicArn, NextToken }, context) => {
  const topic = requireTopic(context, TopicArn);
  return listing(scopeOf(context, TopicArn).store.table(subscriptions).by('topic', topic.arn), NextToken);
};

export const getSubscriptionAttributes: Handler<'GetSubscriptionAttributes'> = ({ SubscriptionArn }, context) => {
  const row = requireSubscription(context, SubscriptionArn);
  return {
    Attributes: {
      RawMessageDelivery: 'false',
      ...('FilterPolicy' in row.attributes ? { FilterPolicyScope: 'MessageAttributes' } : {}),
      ...row.attributes,
      SubscriptionArn: row.arn,
      TopicArn: row.topicArn,
      Owner: row.owner,
      Protocol: row.protocol,
      Endpoint: row.endpoint,
      PendingConfirmation: String(!row.confirmed),
      ConfirmationWasAuthenticated: String(row.confirmed),
    },
  };
};

export const setSubscriptionAttributes: Handler<'SetSubscriptionAttributes'> = (input, context) => {
  const { SubscriptionArn, AttributeName, AttributeValue = '' } = input;
  const row = requireSubscription(context, SubscriptionArn);
  checkAttributes({ [AttributeName]: AttributeValue }, row.protocol);
  const { [AttributeName]: _, ...others } = row.attributes;
  const isUnset = AttributeValue === '' || (AttributeName === 'FilterPolicy' && AttributeValue === '{}');
  const attributes = isUnset ? others : { ...others, [AttributeName]: AttributeValue };
  scopeOf(context, row.arn)
    .store.table(subscriptions)
    .put(row.arn, { ...row, attributes });
  return {};
};
