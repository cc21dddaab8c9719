import { expect, test } from 'vitest';
import { VirtualClock } from '../../kernel/clock.ts';
import { startLab } from '../../testing/lab.ts';
import { eventBridge } from '../eventbridge/index.ts';
import { sns } from '../sns/index.ts';
import { sqs } from './index.ts';

const arn = (name: string) => `arn:aws:sqs:us-east-1:000000000000:${name}`;
const allow = (Service: string) =>
  JSON.stringify({
    Statement: [{ Effect: 'Allow', Principal: { Service }, Action: 'sqs:SendMessage', Resource: '*' }],
  });

function world() {
  const clock = new VirtualClock();
  const mail = {
    isMailbox: true,
    start: () => {},
    send: (_: object, done: () => void) => done(),
    close: async () => {},
  };
  const lab = startLab({
    clock,
    services: () => [sqs({ clock, endpoint: () => 'http://127.0.0.1:4566' }), sns({ mail }), eventBridge()],
  });
  const make = (QueueName: string, Policy?: string) =>
    lab.sqs.createQueue({ QueueName, Attributes: Policy ? { Policy } : {} });
  const read = (QueueUrl: string) =>
    lab.sqs.receiveMessage({ QueueUrl, MaxNumberOfMessages: 10, MessageAttributeNames: ['All'] }).Messages ?? [];
  return { lab, make, read };
}

test('a topic sends to queues, as JSON or raw, where their policies let it', () => {
  const { lab, make, read } = world();
  const { TopicArn = '' } = lab.sns.createTopic({ Name: 't' });
  for (const name of ['json', 'raw']) make(name, allow('sns.amazonaws.com'));
  make('closed');
  const subscribe = (name: string, Attributes = {}) =>
    lab.sns.subscribe({ TopicArn, Protocol: 'sqs', Endpoint: arn(name), Attributes }).SubscriptionArn;
  expect(subscribe('json')).toMatch(/^arn:/);
  subscribe('raw', { RawMessageDelivery: 'true' });
  subscribe('closed');
  const MessageAttributes = { level: { DataType: 'String', StringValue: 'high' } };
  lab.sns.publish({ TopicArn, Message: 'hello', MessageAttributes });
  lab.advance('1s');
  const [json] = read('json');
  expect(JSON.parse(json?.Body ?? '')).toMatchObject({ Type: 'Notification', Message: 'hello', TopicArn });
  expect(read('raw')).toMatchObject([{ Body: 'hello', MessageAttributes }]);
  expect(read('closed')).toEqual([]);
  expect(lab.events('sns/delivery-failed')).toMatchObject([{ data: { endpoint: arn('closed') } }]);
});

test('a rule sends to a queue; what it cannot send goes to the dead-letter queue, with why', () => {
  const { lab, make, read } = world();
  make('open', allow('events.amazonaws.com'));
  make('dead', allow('events.amazonaws.com'));
  lab.eventBridge.putRule({ Name: 'r', EventPattern: '{"source":["app"]}' });
  const Targets = [
    { Id: '1', Arn: arn('open'), InputPath: '$.detail' },
    { Id: '2', Arn: arn('missing'), DeadLetterConfig: { Arn: arn('dead') } },
  ];
  expect(lab.eventBridge.putTargets({ Rule: 'r', Targets })).toMatchObject({ FailedEntryCount: 0 });
  lab.eventBridge.putEvents({ Entries: [{ Source: 'app', DetailType: 'd', Detail: '{"a":1}' }] });
  lab.advance('25h');
  expect(read('open')).toMatchObject([{ Body: '{"a":1}' }]);
  expect(read('dead')).toMatchObject([
    {
      Body: expect.stringContaining('"source":"app"'),
      MessageAttributes: { TARGET_ARN: { StringValue: arn('missing') }, ERROR_MESSAGE: {} },
    },
  ]);
});
