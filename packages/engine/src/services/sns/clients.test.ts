import {
  CreateTopicCommand,
  GetTopicAttributesCommand,
  ListSubscriptionsByTopicCommand,
  PublishBatchCommand,
  PublishCommand,
  SNSClient,
  SubscribeCommand,
} from '@aws-sdk/client-sns';
import { expect, test } from 'vitest';
import { startLab } from '../../testing/lab.ts';
import { answer } from '../../wire/answer.ts';
import { requestHandler } from '../../wire/request-handler.ts';
import { sns } from './index.ts';
import type { Mail } from './mail-transport.ts';

function begin() {
  const sent: Mail[] = [];
  const mail = {
    isMailbox: false,
    start: () => {},
    send: (one: Mail, done: () => void) => {
      sent.push(one);
      done();
    },
    close: async () => {},
  };
  const { kernel } = startLab({ services: () => [sns({ mail, endpoint: () => 'http://127.0.0.1:4566' })] });
  const options = {
    kernel,
    onBug(error: unknown) {
      throw error;
    },
  };
  const client = new SNSClient({
    region: 'eu-central-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
    requestHandler: requestHandler(options) as never,
  });
  return { client, sent, options };
}

test('the SDK makes a topic and publishes; whoever follows the link in the mail is subscribed, without a signature', async () => {
  const { client, sent, options } = begin();
  const { TopicArn = '' } = await client.send(new CreateTopicCommand({ Name: 'alerts' }));
  expect(TopicArn).toBe('arn:aws:sns:eu-central-1:000000000000:alerts');
  const subscribed = await client.send(
    new SubscribeCommand({ TopicArn, Protocol: 'email', Endpoint: 'ops@example.com' }),
  );
  expect(subscribed.SubscriptionArn).toBe('pending confirmation');
  const follow = (text: string) => {
    const { search } = new URL(/^http:\S+$/m.exec(text)?.[0] ?? '');
    return answer(
      { method: 'GET', path: '/', query: search.slice(1), headers: { host: '127.0.0.1:4566' }, body: new Uint8Array() },
      options,
    );
  };
  const confirmed = await follow(sent[0]?.text ?? '');
  expect(confirmed).toMatchObject({ status: 200, body: expect.stringContaining(`<SubscriptionArn>${TopicArn}:`) });
  const { MessageId } = await client.send(new PublishCommand({ TopicArn, Message: 'grüße', Subject: 'hi' }));
  expect(MessageId).toMatch(/^[\da-f-]{36}$/);
  expect(sent.at(-1)).toMatchObject({ subject: 'hi', text: expect.stringMatching(/^grüße\n/) });
  await follow(sent.at(-1)?.text ?? '');
  expect((await client.send(new ListSubscriptionsByTopicCommand({ TopicArn }))).Subscriptions).toEqual([]);
});

test('the SDK sees errors as AWS’s', async () => {
  const { client } = begin();
  const { TopicArn = '' } = await client.send(new CreateTopicCommand({ Name: 'alerts' }));
  await expect(client.send(new GetTopicAttributesCommand({ TopicArn: `${TopicArn}x` }))).rejects.toMatchObject({
    name: 'NotFoundException',
    Error: { Code: 'NotFound' },
    $metadata: { httpStatusCode: 404 },
  });
  await expect(client.send(new PublishCommand({ TopicArn, Message: '' }))).rejects.toMatchObject({
    name: 'InvalidParameterException',
    message: 'Invalid parameter: Empty message',
  });
  await expect(
    client.send(new PublishBatchCommand({ TopicArn, PublishBatchRequestEntries: [] })),
  ).rejects.toMatchObject({
    name: 'EmptyBatchRequestException',
  });
});
