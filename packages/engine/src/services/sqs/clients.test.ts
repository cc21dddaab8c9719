import {
  CreateQueueCommand,
  GetQueueUrlCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { expect, test } from 'vitest';
import { VirtualClock } from '../../kernel/clock.ts';
import { startLab } from '../../testing/lab.ts';
import { answer } from '../../wire/answer.ts';
import { requestHandler } from '../../wire/request-handler.ts';
import { sqs } from './index.ts';

function begin() {
  const clock = new VirtualClock();
  const { kernel } = startLab({ clock, services: () => [sqs({ clock, endpoint: () => 'http://127.0.0.1:4566' })] });
  const options = {
    kernel,
    onBug(error: unknown) {
      throw error;
    },
  };
  const client = new SQSClient({
    region: 'us-east-1',
    endpoint: 'http://127.0.0.1:4566',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
    requestHandler: requestHandler(options) as never,
  });
  return { client, options };
}

test('the SDK, which checks digests, sends and receives', async () => {
  const { client } = begin();
  const { QueueUrl } = await client.send(new CreateQueueCommand({ QueueName: 'q' }));
  const MessageAttributes = {
    Foo: { DataType: 'String', StringValue: 'Bar' },
    Raw: { DataType: 'Binary', BinaryValue: Buffer.from([0, 255]) },
  };
  await client.send(new SendMessageCommand({ QueueUrl, MessageBody: 'grüße', MessageAttributes }));
  const { Messages = [] } = await client.send(new ReceiveMessageCommand({ QueueUrl, MessageAttributeNames: ['Foo'] }));
  expect(Messages).toMatchObject([
    // Recorded from AWS for this attribute.
    { Body: 'grüße', MD5OfMessageAttributes: 'ae7155c6026991b6d54b11589678bf9c', MessageAttributes: { Foo: {} } },
  ]);
  expect(Messages[0]?.MessageAttributes).not.toHaveProperty('Raw');
  await expect(client.send(new GetQueueUrlCommand({ QueueName: 'none' }))).rejects.toMatchObject({
    name: 'QueueDoesNotExist',
    message: 'The specified queue does not exist.',
  });
});

test('the query protocol is answered in XML', async () => {
  const { client, options } = begin();
  await client.send(new CreateQueueCommand({ QueueName: 'q' }));
  const ask = (action: string) =>
    answer(
      {
        method: 'POST',
        path: '/000000000000/q',
        query: '',
        headers: { host: '127.0.0.1:4566', 'content-type': 'application/x-www-form-urlencoded' },
        body: Buffer.from(`Version=2012-11-05&${action}`),
      },
      options,
    );
  const signed = await ask('Action=GetQueueUrl&QueueName=none');
  expect(signed).toMatchObject({ body: expect.stringContaining('<ErrorResponse') });
});
