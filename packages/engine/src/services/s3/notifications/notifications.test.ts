import { expect, test } from 'vitest';
import { AwsError } from '../../../kernel/aws-error.ts';
import { defineService } from '../../../kernel/service.ts';
import { startLab } from '../../../testing/lab.ts';
import { memoryBlobs } from '../../../testing/memory.ts';
import { s3 } from '../index.ts';

const topic = 'arn:aws:sns:us-east-1:000000000000:bucket-events';

/** S3 with a topic and a bus that keep what they are sent. */
const begin = () => {
  const messages: { readonly Message?: string | undefined }[] = [];
  const events: { readonly DetailType?: string | undefined; readonly Detail?: string | undefined }[] = [];
  const sns = defineService('sns', {
    operations: {
      Publish(input, { caller }) {
        if (input.TopicArn !== topic) throw new AwsError('NotFound', 'Topic does not exist', { status: 404 });
        messages.push({ Message: input.Message });
        return { MessageId: caller.arn };
      },
    },
  });
  const eventBridge = defineService('eventBridge', {
    operations: {
      PutEvents({ Entries }) {
        events.push(...Entries);
        return {};
      },
    },
  });
  const lab = startLab({ services: () => [s3({ blobs: memoryBlobs() }), sns, eventBridge] });
  lab.s3.createBucket({ Bucket: 'licences' });
  const configure = (NotificationConfiguration: object) =>
    lab.s3.putBucketNotificationConfiguration({ Bucket: 'licences', NotificationConfiguration });
  const put = (Key: string) => lab.s3.putObject({ Bucket: 'licences', Key, Body: Buffer.from('one') as never });
  const told = () => messages.map(({ Message = '' }) => JSON.parse(Message));
  return { lab, configure, put, told, events };
};

const rules = (Value: string) => ({ Key: { FilterRules: [{ Name: 'prefix' as const, Value }] } });

test('a topic gets a test message first, then what its events and filter let through', () => {
  const { lab, configure, put, told } = begin();
  configure({
    TopicConfigurations: [{ Id: 'made', TopicArn: topic, Events: ['s3:ObjectCreated:*'], Filter: rules('in/') }],
  });
  expect(told()).toEqual([
    expect.objectContaining({ Service: 'Amazon S3', Event: 's3:TestEvent', Bucket: 'licences' }),
  ]);
  put('out/a');
  put('in/a b');
  lab.s3.deleteObject({ Bucket: 'licences', Key: 'in/a b' });
  expect(told().slice(1)).toEqual([
    {
      Records: [
        expect.objectContaining({
          eventVersion: '2.1',
          eventSource: 'aws:s3',
          eventName: 'ObjectCreated:Put',
          s3: expect.objectContaining({
            configurationId: 'made',
            object: expect.objectContaining({ key: 'in/a+b', size: 3, eTag: 'f97c5d29941bfb1b2fdab0874906ab82' }),
          }),
        }),
      ],
    },
  ]);
});

test('a bus gets every event once it is switched on', () => {
  const { lab, configure, put, events } = begin();
  put('a');
  configure({ EventBridgeConfiguration: {} });
  put('a');
  lab.s3.deleteObject({ Bucket: 'licences', Key: 'a' });
  expect(events.map(({ DetailType, Detail = '' }) => [DetailType, JSON.parse(Detail)])).toEqual([
    ['Object Created', expect.objectContaining({ version: '0', reason: 'PutObject', bucket: { name: 'licences' } })],
    ['Object Deleted', expect.objectContaining({ reason: 'DeleteObject', 'deletion-type': 'Permanently Deleted' })],
  ]);
});

test.each<[string, object, string]>([
  [
    'a topic that is not there',
    { TopicConfigurations: [{ TopicArn: `${topic}x`, Events: ['s3:ObjectCreated:*'] }] },
    'Unable to validate the following destination configurations',
  ],
  [
    'a queue that nothing here can reach',
    { QueueConfigurations: [{ QueueArn: 'arn:aws:sqs:us-east-1:000000000000:q', Events: ['s3:ObjectCreated:*'] }] },
    'Unable to validate the following destination configurations',
  ],
  [
    'two who would hear the same',
    {
      TopicConfigurations: [
        { TopicArn: topic, Events: ['s3:ObjectCreated:*'] },
        { TopicArn: topic, Events: ['s3:ObjectCreated:Put'] },
      ],
    },
    'Configurations overlap.',
  ],
  [
    'an ARN of another service',
    { TopicConfigurations: [{ TopicArn: 'arn:aws:sqs:us-east-1:0:q', Events: ['s3:ObjectCreated:*'] }] },
    'The ARN could not be parsed',
  ],
])('%s is refused', (_, configuration, message) => {
  const { configure } = begin();
  expect(() => configure(configuration)).toThrow(message);
});
