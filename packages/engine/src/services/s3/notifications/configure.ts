import type { NotificationConfiguration } from '@aws-sdk/client-s3';
import { isAwsError } from '../../../kernel/aws-error.ts';
import type { Context } from '../../../kernel/context.ts';
import { asService } from '../../../kernel/create-context.ts';
import { invalidArgument, malformedXml } from '../errors.ts';
import type { Bucket } from '../model.ts';
import { send } from './notify.ts';
import { overlap, type Recipient, recipientsOf } from './plan-notifications.ts';

const services: Readonly<Record<Recipient['kind'], string>> = { topic: 'sns', queue: 'sqs', function: 'lambda' };

const serviceNames: Readonly<Record<Recipient['kind'], string>> = { topic: 'SNS', queue: 'SQS', function: 'Lambda' };

/** Checks a notification configuration, reaches every topic, queue and function that it names, and gives entries without an id one. */
export function notificationConfiguration(
  value: NotificationConfiguration,
  bucket: Bucket,
  context: Context,
  input: Readonly<Record<string, unknown>>,
): NotificationConfiguration {
  checkShape(value);
  if (input['SkipDestinationValidation'] !== true)
    for (const recipient of recipientsOf(value)) requireReachable(recipient, bucket, context);
  const identified = <Entry extends { readonly Id?: string | undefined }>(entries: readonly Entry[] | undefined) =>
    entries?.map((entry) => ({ ...entry, Id: entry.Id ?? context.ids.uuid('s3/notification') }));
  return {
    ...value,
    ...(value.TopicConfigurations ? { TopicConfigurations: identified(value.TopicConfigurations) } : {}),
    ...(value.QueueConfigurations ? { QueueConfigurations: identified(value.QueueConfigurations) } : {}),
    ...(value.LambdaFunctionConfigurations
      ? { LambdaFunctionConfigurations: identified(value.LambdaFunctionConfigurations) }
      : {}),
  };
}

function checkShape(value: NotificationConfiguration): void {
  for (const { arn, kind, events, filter } of recipientsOf(value)) {
    if (events.length === 0) throw malformedXml();
    if (!arn.startsWith('arn:') || arn.split(':')[2] !== services[kind])
      throw invalidArgument('The ARN could not be parsed', { ArgumentName: arn, ArgumentValue: '' });
    const wrong = events.find((event) => !/^s3:[A-Za-z]+(:[A-Za-z*]+)?$/.test(event));
    if (wrong !== undefined)
      throw invalidArgument(`The event '${wrong}' is not supported for notifications`, { ArgumentName: wrong });
    for (const { Name, Value } of filter?.Key?.FilterRules ?? [])
      if (!/^(prefix|suffix)$/i.test(Name ?? ''))
        throw invalidArgument('filter rule name must be either prefix or suffix', {
          ArgumentName: 'FilterRule.Name',
          ArgumentValue: Name ?? Value ?? '',
        });
  }
  const shared = overlap(value);
  if (shared === 'filtered')
    throw invalidArgument(
      'Configuration is ambiguously defined. Cannot have overlapping suffixes in two rules if the prefixes are overlapping for the same event type.',
    );
  if (shared === 'unfiltered')
    throw invalidArgument(
      'Configurations overlap. Configurations on the same bucket cannot share a common event type.',
    );
}

/** S3 sends topics and queues a test message, and asks whether it may call a function. */
function requireReachable(recipient: Recipient, { name, account, region }: Bucket, context: Context): void {
  const acting = asService(context.in({ account, region }), 's3', `arn:aws:s3:::${name}`);
  const id = context.ids.alphanumeric('s3/event', 16);
  try {
    if (recipient.kind === 'function') requireCallable(recipient.arn, acting);
    else
      send(acting, recipient, {
        Service: 'Amazon S3',
        Event: 's3:TestEvent',
        Time: new Date(context.now).toISOString(),
        Bucket: name,
        RequestId: id,
        HostId: id,
      });
  } catch (error) {
    if (!isAwsError(error)) throw error;
    throw invalidArgument('Unable to validate the following destination configurations', {
      ArgumentName: recipient.arn,
      ArgumentValue: `Not authorized to invoke ${serviceNames[recipient.kind]} or the destination does not exist`,
    });
  }
}

function requireCallable(FunctionName: string, acting: Context): void {
  const { Policy = '' } = acting.in({ region: FunctionName.split(':')[3] ?? '' }).lambda.getPolicy({ FunctionName });
  if (!Policy.includes('s3.amazonaws.com')) throw invalidArgument('not allowed');
}
