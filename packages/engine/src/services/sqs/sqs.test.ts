import type { Message } from '@aws-sdk/client-sqs';
import { expect, test } from 'vitest';
import { VirtualClock } from '../../kernel/clock.ts';
import { startLab } from '../../testing/lab.ts';
import { cloudFormation } from '../cloudformation/index.ts';
import { sqs } from './index.ts';

const endpoint = () => 'http://127.0.0.1:4566';

function world() {
  const clock = new VirtualClock();
  return startLab({
    clock,
    services: () => {
      const queues = sqs({ clock, endpoint });
      return [queues, cloudFormation({ resources: () => queues.resources ?? {}, readObject: () => undefined })];
    },
  });
}
type World = ReturnType<typeof world>;

const make = (lab: World, QueueName = 'q', Attributes: Record<string, string> = {}) =>
  lab.sqs.createQueue({ QueueName, Attributes }).QueueUrl ?? '';
const send = (lab: World, QueueUrl: string, MessageBody: string, more: object = {}) =>
  lab.sqs.sendMessage({ QueueUrl, MessageBody, ...more });
const receive = (lab: World, QueueUrl: string, more: object = {}): Message[] =>
  lab.sqs.receiveMessage({ QueueUrl, MaxNumberOfMessages: 10, ...more }).Messages ?? [];
const bodies = (received: Message[]) => received.map(({ Body }) => Body);
const code = (name: string) => expect.objectContaining({ code: name });
const arn = (name: string) => `arn:aws:sqs:us-east-1:000000000000:${name}`;

test('a message is hidden while it is handled, and comes back unless it is deleted', () => {
  const lab = world();
  const url = make(lab, 'q', { VisibilityTimeout: '10' });
  expect(url).toBe('http://127.0.0.1:4566/000000000000/q');
  send(lab, url, 'one');
  const [first] = receive(lab, url);
  expect(bodies(receive(lab, url))).toEqual([]);
  lab.advance('10s');
  const [second] = receive(lab, url, { MessageSystemAttributeNames: ['ApproximateReceiveCount'] });
  expect(second).toMatchObject({ MessageId: first?.MessageId, Attributes: { ApproximateReceiveCount: '2' } });
  lab.sqs.changeMessageVisibility({ QueueUrl: url, ReceiptHandle: second?.ReceiptHandle ?? '', VisibilityTimeout: 0 });
  const after = lab.restart();
  expect(bodies(receive(after, url))).toEqual(['one']);
  after.sqs.deleteMessage({ QueueUrl: url, ReceiptHandle: second?.ReceiptHandle ?? '' });
  after.advance('10s');
  expect(receive(after, url)).toEqual([]);
  expect(() => after.sqs.deleteMessage({ QueueUrl: url, ReceiptHandle: 'x' })).toThrow(code('ReceiptHandleIsInvalid'));
});

test('delays, retention and counts', () => {
  const lab = world();
  const url = make(lab, 'q', { DelaySeconds: '5', MessageRetentionPeriod: '60' });
  send(lab, url, 'late');
  send(lab, url, 'now', { DelaySeconds: 0 });
  const counts = () =>
    Object.values(
      lab.sqs.getQueueAttributes({
        QueueUrl: url,
        AttributeNames: [
          'ApproximateNumberOfMessages',
          'ApproximateNumberOfMessagesDelayed',
          'ApproximateNumberOfMessagesNotVisible',
        ],
      }).Attributes ?? {},
    );
  expect(counts()).toEqual(['1', '1', '0']);
  expect(bodies(receive(lab, url))).toEqual(['now']);
  expect(counts()).toEqual(['0', '1', '1']);
  lab.advance('5s');
  expect(bodies(receive(lab, url))).toEqual(['late']);
  lab.advance('60s');
  expect(receive(lab, url)).toEqual([]);
});

test('a receiver waits for what is sent, for what comes back, and no longer than it said', async () => {
  const lab = world();
  const url = make(lab);
  const wait = (WaitTimeSeconds: number, more = {}) =>
    lab.sqs.receiveMessage({ QueueUrl: url, WaitTimeSeconds, ...more }) as unknown as Promise<{ Messages?: Message[] }>;
  const waiting = wait(20);
  lab.advance('3s');
  send(lab, url, 'sent');
  expect(bodies((await waiting).Messages ?? [])).toEqual(['sent']);
  const second = wait(20, { VisibilityTimeout: 0 });
  lab.advance('19s');
  const returned = wait(20);
  lab.advance('11s');
  expect(await second).toEqual({});
  expect(bodies((await returned).Messages ?? [])).toEqual(['sent']);
  const gone = wait(10);
  lab.sqs.deleteQueue({ QueueUrl: url });
  lab.advance('10s');
  await expect(gone).rejects.toMatchObject({ code: 'QueueDoesNotExist' });
});

test('what is received too often goes to the dead-letter queue', () => {
  const lab = world();
  const dead = make(lab, 'dead');
  const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: arn('dead'), maxReceiveCount: 2 });
  const url = make(lab, 'q', { RedrivePolicy, VisibilityTimeout: '0' });
  const { MessageId } = send(lab, url, 'poison');
  for (let time = 0; time < 2; time++) expect(bodies(receive(lab, url))).toEqual(['poison']);
  expect(receive(lab, url)).toEqual([]);
  expect(receive(lab, dead, { MessageSystemAttributeNames: ['All'] })).toMatchObject([
    { MessageId, Attributes: { DeadLetterQueueSourceArn: arn('q') } },
  ]);
  expect(lab.sqs.listDeadLetterSourceQueues({ QueueUrl: dead }).queueUrls).toEqual([url]);
  const other = JSON.stringify({ deadLetterTargetArn: arn('none'), maxReceiveCount: 2 });
  expect(() => make(lab, 'r', { RedrivePolicy: other })).toThrow('Dead letter target does not exist.');
});

test('a FIFO queue keeps the order of a group, and takes a message once', () => {
  const lab = world();
  const url = make(lab, 'q.fifo', { FifoQueue: 'true', ContentBasedDeduplication: 'true' });
  const put = (body: string, MessageGroupId: string, more: object = {}) =>
    send(lab, url, body, { MessageGroupId, ...more });
  const first = put('a1', 'a');
  expect(put('a1', 'a')).toEqual(first);
  put('a2', 'a');
  put('b1', 'b');
  const [one] = receive(lab, url, { MaxNumberOfMessages: 1 });
  expect(one?.Body).toBe('a1');
  expect(bodies(receive(lab, url))).toEqual(['b1']);
  lab.sqs.deleteMessage({ QueueUrl: url, ReceiptHandle: one?.ReceiptHandle ?? '' });
  const [two] = receive(lab, url);
  expect(two?.Body).toBe('a2');
  lab.advance('31s');
  expect(() => lab.sqs.deleteMessage({ QueueUrl: url, ReceiptHandle: two?.ReceiptHandle ?? '' })).toThrow(
    'has expired',
  );
  lab.advance('5m');
  expect(put('a1', 'a').MessageId).not.toBe(first.MessageId);
  expect(() => send(lab, url, 'x')).toThrow('must contain the parameter MessageGroupId.');
  expect(() => put('x', 'a', { DelaySeconds: 2 })).toThrow('not valid for this queue type');
  const explicit = make(lab, 'e.fifo', { FifoQueue: 'true' });
  expect(() => send(lab, explicit, 'x', { MessageGroupId: 'a' })).toThrow('ContentBasedDeduplication enabled');
});

test('batches tell of each entry, and refuse what they cannot be', () => {
  const lab = world();
  const url = make(lab, 'q', { MaximumMessageSize: '1024' });
  const put = (Entries: object[]) => lab.sqs.sendMessageBatch({ QueueUrl: url, Entries: Entries as never });
  expect(
    put([
      { Id: 'a', MessageBody: 'x' },
      { Id: 'b', MessageBody: 'x'.repeat(1025) },
    ]),
  ).toMatchObject({
    Successful: [{ Id: 'a' }],
    Failed: [{ Id: 'b', Code: 'InvalidParameterValue', SenderFault: true }],
  });
  expect(() => put([])).toThrow(code('EmptyBatchRequest'));
  expect(() =>
    put([
      { Id: 'a', MessageBody: 'x' },
      { Id: 'a', MessageBody: 'x' },
    ]),
  ).toThrow('Id a repeated.');
  expect(() => put([{ Id: 'a b', MessageBody: 'x' }])).toThrow(code('InvalidBatchEntryId'));
  expect(() => put(Array.from({ length: 20 }, (_, n) => ({ Id: `${n}`, MessageBody: 'x' })))).toThrow(
    'Maximum number of entries per request are 10. You have sent 20.',
  );
  lab.sqs.purgeQueue({ QueueUrl: url });
  expect(receive(lab, url)).toEqual([]);
  expect(() => lab.sqs.purgeQueue({ QueueUrl: url })).toThrow('Only one PurgeQueue operation on q is allowed');
});

test('queues are made once, listed, changed and tagged', () => {
  const lab = world();
  const url = make(lab, 'app-one', { DelaySeconds: '1' });
  expect(make(lab, 'app-one', { DelaySeconds: '1' })).toBe(url);
  expect(() => make(lab, 'app-one', { DelaySeconds: '2' })).toThrow(
    'A queue already exists with the same name and a different value for attribute DelaySeconds',
  );
  make(lab, 'other');
  expect(lab.sqs.listQueues({ QueueNamePrefix: 'app' }).QueueUrls).toEqual([url]);
  expect(() => make(lab, 'a b')).toThrow('Can only include alphanumeric characters');
  expect(() => make(lab, 'x', { Nope: '1' })).toThrow('Unknown Attribute Nope.');
  expect(() => make(lab, 'x', { VisibilityTimeout: '43201' })).toThrow(code('InvalidAttributeValue'));
  expect(() => lab.sqs.getQueueUrl({ QueueName: 'none' })).toThrow('The specified queue does not exist.');
  lab.sqs.setQueueAttributes({ QueueUrl: url, Attributes: { VisibilityTimeout: '7' } });
  const all = lab.sqs.getQueueAttributes({ QueueUrl: url, AttributeNames: ['All'] }).Attributes;
  expect(all).toMatchObject({
    VisibilityTimeout: '7',
    DelaySeconds: '1',
    QueueArn: arn('app-one'),
    SqsManagedSseEnabled: 'true',
  });
  expect(all).not.toHaveProperty('FifoQueue');
  lab.sqs.tagQueue({ QueueUrl: url, Tags: { a: '1', b: '2' } });
  lab.sqs.untagQueue({ QueueUrl: url, TagKeys: ['a'] });
  expect(lab.sqs.listQueueTags({ QueueUrl: url }).Tags).toEqual({ b: '2' });
});

test('AWS::SQS::Queue and QueuePolicy are made, changed in place and deleted', () => {
  const lab = world();
  const template = (more: object) =>
    JSON.stringify({
      Resources: {
        D: { Type: 'AWS::SQS::Queue' },
        Q: {
          Type: 'AWS::SQS::Queue',
          Properties: {
            QueueName: 'app',
            RedrivePolicy: { deadLetterTargetArn: { 'Fn::GetAtt': ['D', 'Arn'] }, maxReceiveCount: 3 },
            ...more,
          },
        },
        P: {
          Type: 'AWS::SQS::QueuePolicy',
          Properties: { Queues: [{ Ref: 'Q' }], PolicyDocument: { Version: '2012-10-17', Statement: [] } },
        },
      },
    });
  const attributes = () => lab.sqs.getQueueAttributes({ QueueUrl: 'app', AttributeNames: ['All'] }).Attributes ?? {};
  lab.cloudFormation.createStack({ StackName: 's', TemplateBody: template({ VisibilityTimeout: 60 }) });
  lab.advance('1m');
  expect(attributes()).toMatchObject({
    VisibilityTimeout: '60',
    RedrivePolicy: expect.stringContaining('maxReceiveCount'),
    Policy: expect.stringContaining('Statement'),
  });
  lab.cloudFormation.updateStack({ StackName: 's', TemplateBody: template({ DelaySeconds: 3 }) });
  lab.advance('1m');
  expect(attributes()).toMatchObject({ VisibilityTimeout: '30', DelaySeconds: '3' });
  lab.cloudFormation.deleteStack({ StackName: 's' });
  lab.advance('2m');
  expect(lab.sqs.listQueues({})).toEqual({});
});
