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
import { signRequest } from '../../wire/testing/sign-request.ts';
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
  const ask = async (action: string) => {
    const place = { method: 'POST', path: '/', host: '127.0.0.1:4566', body: `Version=2012-11-05&${action}` };
    const { body } = await answer(
      {
        ...place,
        query: '',
        headers: {
          host: place.host,
          'content-type': 'application/x-www-form-urlencoded',
          ...signRequest({ ...place, service: 'sqs', region: 'us-east-1' }),
        },
        body: Buffer.from(place.body),
      },
      options,
    );
    return String(body);
  };
  const url = 'http://127.0.0.1:4566/000000000000/q';
  expect(await ask('Action=GetQueueUrl&QueueName=q')).toContain(`<QueueUrl>${url}</QueueUrl>`);
  expect(await ask('Action=SendMessage&QueueUrl=q&MessageBody=hi')).toContain('<MD5OfMessageBody>');
  expect(await ask('Action=ReceiveMessage&QueueUrl=q&AttributeName.1=All')).toMatch(
    /<Message>.*<Body>hi<\/Body>.*<Attribute><Name>SenderId<\/Name>/,
  );
  expect(await ask('Action=GetQueueUrl&QueueName=none')).toContain(
    '<Code>AWS.SimpleQueueService.NonExistentQueue</Code>',
  );
});
