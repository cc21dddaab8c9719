import type { Mail } from '../mail-transport.ts';
import type { Delivery, Subscription } from '../model.ts';
import { jsonMessage } from './json-message.ts';
import { confirmLink, unsubscribeLink } from './links.ts';

const sender = 'no-reply@sns.amazonaws.com';

/** A message as a mail, with the subjects and the sender that AWS uses (https://docs.aws.amazon.com/sns/latest/dg/sns-email-notifications.html). */
export function mailOf(
  delivery: Delivery,
  row: Subscription,
  { endpoint, displayName }: { readonly endpoint: string; readonly displayName: string | undefined },
): Mail {
  const isConfirmation = delivery.kind === 'confirmation';
  return {
    from: { name: displayName || 'AWS Notifications', address: sender },
    to: row.endpoint,
    subject: isConfirmation
      ? 'AWS Notification - Subscription Confirmation'
      : (delivery.message.subject ?? 'AWS Notification Message'),
    text:
      row.protocol === 'email-json'
        ? `${JSON.stringify(jsonMessage(delivery, row, endpoint), undefined, 2)}\n`
        : isConfirmation
          ? confirmationText(row, endpoint)
          : notificationText(delivery, row, endpoint),
  };
}

const confirmationText = (row: Subscription, endpoint: string): string =>
  [
    'You have chosen to subscribe to the topic:',
    row.topicArn,
    '',
    'To confirm this subscription, visit the link below (if this was in error no action is necessary):',
    confirmLink(endpoint, row),
    '',
  ].join('\n');

const notificationText = ({ message }: Delivery, row: Subscription, endpoint: string): string =>
  [
    message.text,
    '',
    '--',
    'If you wish to stop receiving notifications from this topic, visit the link below to unsubscribe:',
    unsubscribeLink(endpoint, row),
    '',
  ].join('\n');
