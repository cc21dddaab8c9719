import { expect, test } from 'vitest';
import { AwsError } from '../../kernel/aws-error.ts';
import { serviceCaller } from '../../kernel/caller.ts';
import { defineService } from '../../kernel/service.ts';
import { startLab } from '../../testing/lab.ts';
import { sns } from './index.ts';
import type { Mail } from './mail-transport.ts';
import type { PostResult, SnsPorts } from './ports.ts';

const topicArn = 'arn:aws:sns:us-east-1:000000000000:alerts';
const code = (expected: string) => expect.objectContaining({ code: expected });

/** A topic `alerts`; what goes out is seen, and answers as told. */
function begin(change: Partial<SnsPorts> = {}) {
  const sent: Mail[] = [];
  const posted: { url: string; headers: Readonly<Record<string, string>>; body: string }[] = [];
  const invoked: { name: string; event: unknown }[] = [];
  const answers = {
    mail: undefined as string | undefined,
    web: { status: 200 } as PostResult,
    lambda: undefined as AwsError | undefined,
  };
  const mail = {
    isMailbox: true,
    start: () => {},
    send(one: Mail, done: (failure?: string) => void) {
      sent.push(one);
      done(answers.mail);
    },
    close: async () => {},
  };
  const web: SnsPorts['web'] = {
    post(request, done) {
      posted.push(request);
      done(answers.web);
    },
  };
  const functions = () =>
    defineService('lambda', {
      operations: {
        InvokeAsync({ FunctionName, InvokeArgs }) {
          if (answers.lambda) throw answers.lambda;
          invoked.push({ name: FunctionName, event: JSON.parse(Buffer.from(InvokeArgs as Uint8Array).toString()) });
          return { Status: 202 };
        },
      },
    });
  const lab = startLab({ services: () => [sns({ mail, web, ...change }), functions()] });
  lab.sns.createTopic({ Name: 'alerts' });
  const subscribe = (Protocol: string, Endpoint: string, Attributes = {}) =>
    lab.sns.subscribe({ TopicArn: topicArn, Protocol, Endpoint, Attributes, ReturnSubscriptionArn: true })
      .SubscriptionArn ?? '';
  const publish = (Message: string, more = {}) => lab.sns.publish({ TopicArn: topicArn, Message, ...more });
  return { lab, sent, posted, invoked, answers, subscribe, publish };
}

test('a message is mailed to whoever has confirmed', () => {
  const { lab, sent, subscribe, publish } = begin({ autoConfirmEmail: false });
  subscribe('email', 'ops@example.com');
  publish('lost');
  expect(sent.map(({ subject }) => subject)).toEqual(['AWS Notification - Subscription Confirmation']);
  const [, link = ''] = /^(http\S+)$/m.exec(sent[0]?.text ?? '') ?? [];
  const query = new URL(link).searchParams;
  lab.sns.confirmSubscription({ TopicArn: query.get('TopicArn') ?? '', Token: query.get('Token') ?? '' });
  publish('the queue is full', { Subject: 'ALARM' });
  publish('no subject');
  expect(sent.slice(1)).toMatchObject([
    {
      to: 'ops@example.com',
      subject: 'ALARM',
      from: { name: 'AWS Notifications' },
      text: expect.stringMatching(/^the queue is full\n/),
    },
    { subject: 'AWS Notification Message' },
  ]);
  expect(lab.events('sns/mail-delivered')).toHaveLength(3);
});

test('mail to the built-in mailbox needs no confirmation, and the event says why', () => {
  const { lab, sent, subscribe, publish } = begin();
  subscribe('email', 'ops@example.com');
  publish('hello');
  expect(sent).toHaveLength(2);
  expect(lab.events('sns/subscription-confirmed')).toMatchObject([
    { message: expect.stringContaining('built-in mailbox') },
  ]);
});

test('a pending subscription is shown as such, and gone after two days', () => {
  const { lab, subscribe } = begin({ autoConfirmEmail: false });
  subscribe('email', 'ops@example.com');
  const list = () => lab.sns.listSubscriptionsByTopic({ TopicArn: topicArn }).Subscriptions;
  expect(list()).toMatchObject([{ SubscriptionArn: 'PendingConfirmation', Endpoint: 'ops@example.com' }]);
  lab.advance('47h');
  expect(list()).toHaveLength(1);
  lab.advance('2h');
  expect(list()).toEqual([]);
});

test('a mail that cannot be sent is tried again, and given up after six hours', () => {
  const { lab, sent, answers, subscribe, publish } = begin();
  subscribe('email', 'ops@example.com');
  sent.length = 0;
  answers.mail = 'connection refused';
  publish('hello');
  lab.advance('20s');
  expect(sent).toHaveLength(3);
  answers.mail = undefined;
  lab.advance('10s');
  expect(sent).toHaveLength(4);
  lab.advance('1d');
  expect(sent).toHaveLength(4);
  answers.mail = 'connection refused';
  publish('again');
  lab.advance('1d');
  expect(sent).toHaveLength(4 + 51);
  expect(lab.events('sns/delivery-failed')).toMatchObject([{ data: { attempts: 51, reason: 'connection refused' } }]);
});

test('a mail that was on its way when the engine died is sent again', () => {
  let taken = 0;
  const silent = { isMailbox: true, start: () => {}, send: () => void taken++, close: async () => {} };
  const lab = startLab({ services: () => [sns({ mail: silent })] });
  lab.sns.createTopic({ Name: 'alerts' });
  lab.sns.subscribe({ TopicArn: topicArn, Protocol: 'email', Endpoint: 'ops@example.com' });
  lab.sns.publish({ TopicArn: topicArn, Message: 'hello' });
  expect(taken).toBe(2);
  lab.restart();
  expect(taken).toBe(4);
});

test('a function is called with the message as a record', () => {
  const { invoked, subscribe, publish } = begin();
  const arn = 'arn:aws:lambda:us-east-1:000000000000:function:f';
  const subscription = subscribe('lambda', arn);
  publish('hello', { Subject: 'hi', MessageAttributes: { kind: { DataType: 'String', StringValue: 'a' } } });
  expect(invoked).toEqual([
    {
      name: arn,
      event: {
        Records: [
          expect.objectContaining({
            EventSource: 'aws:sns',
            EventSubscriptionArn: subscription,
            Sns: expect.objectContaining({
              Type: 'Notification',
              Subject: 'hi',
              Message: 'hello',
              MessageAttributes: { kind: { Type: 'String', Value: 'a' } },
            }),
          }),
        ],
      },
    },
  ]);
});

test('a function that does not let SNS call it is not asked again', () => {
  const { lab, answers, subscribe, publish } = begin();
  subscribe('lambda', 'arn:aws:lambda:us-east-1:000000000000:function:f');
  answers.lambda = new AwsError('AccessDeniedException', 'not authorized', { status: 403 });
  publish('hello');
  lab.advance('1h');
  expect(lab.events('sns/delivery-failed')).toMatchObject([{ data: { reason: 'not authorized', attempts: 1 } }]);
});

test('an http endpoint confirms with the token it is sent, then gets messages, whole or raw', () => {
  const { lab, posted, subscribe, publish } = begin();
  const subscription = subscribe('http', 'http://127.0.0.1:9/hook');
  const asked = JSON.parse(posted[0]?.body ?? '{}');
  expect(posted[0]?.headers).toMatchObject({ 'x-amz-sns-message-type': 'SubscriptionConfirmation' });
  expect(asked).toMatchObject({
    Type: 'SubscriptionConfirmation',
    TopicArn: topicArn,
    SubscribeURL: expect.stringContaining(asked.Token),
  });
  publish('too early');
  expect(posted).toHaveLength(1);
  lab.sns.confirmSubscription({ TopicArn: topicArn, Token: asked.Token });
  publish('hello');
  expect(JSON.parse(posted[1]?.body ?? '{}')).toMatchObject({ Type: 'Notification', Message: 'hello' });
  lab.sns.setSubscriptionAttributes({
    SubscriptionArn: subscription,
    AttributeName: 'RawMessageDelivery',
    AttributeValue: 'true',
  });
  publish('raw');
  expect(posted[2]).toMatchObject({ body: 'raw', headers: { 'x-amz-sns-rawdelivery': 'true' } });
});

test('a filter policy lets through what matches, by attributes or by the body', () => {
  const { sent, subscribe, publish } = begin();
  subscribe('email', 'a@example.com', {
    FilterPolicy: '{"level":["high",{"prefix":"ver"}],"count":[{"numeric":[">",3]}]}',
  });
  subscribe('email', 'b@example.com', { FilterPolicy: '{"user":{"name":["ada"]}}', FilterPolicyScope: 'MessageBody' });
  sent.length = 0;
  const attributes = (level: string, count: string) => ({
    MessageAttributes: {
      level: { DataType: 'String', StringValue: level },
      count: { DataType: 'Number', StringValue: count },
    },
  });
  publish('x', attributes('very', '4'));
  publish('x', attributes('high', '3'));
  publish('x');
  publish('{"user":{"name":"ada"}}');
  expect(sent.map(({ to }) => to)).toEqual(['a@example.com', 'b@example.com']);
  expect(() => subscribe('email', 'c@example.com', { FilterPolicy: '{"a":"b"}' })).toThrow(
    code('InvalidParameterException'),
  );
});

test('each protocol may have its own text', () => {
  const { sent, invoked, subscribe, publish } = begin();
  subscribe('email', 'a@example.com');
  subscribe('lambda', 'arn:aws:lambda:us-east-1:000000000000:function:f');
  publish('{"default":"for all","email":"for people"}', { MessageStructure: 'json' });
  expect(sent.at(-1)?.text).toMatch(/^for people\n/);
  expect(invoked[0]?.event).toMatchObject({ Records: [{ Sns: { Message: 'for all' } }] });
  expect(() => publish('{"email":"x"}', { MessageStructure: 'json' })).toThrow('No default entry in JSON message body');
});

test('a service publishes only where the topic lets it', () => {
  const { lab } = begin();
  const publishAs = (principal: string, source?: string) =>
    lab.context.turn((turn) =>
      turn.as(serviceCaller('000000000000', principal, source)).sns.publish({ TopicArn: topicArn, Message: 'x' }),
    );
  const rule = 'arn:aws:events:us-east-1:000000000000:rule/r';
  publishAs('cloudwatch.amazonaws.com');
  expect(() => publishAs('events.amazonaws.com', rule)).toThrow(code('AuthorizationErrorException'));
  const allow = (Condition: object) =>
    lab.sns.setTopicAttributes({
      TopicArn: topicArn,
      AttributeName: 'Policy',
      AttributeValue: JSON.stringify({
        Statement: [
          {
            Effect: 'Allow',
            Principal: { Service: 'events.amazonaws.com' },
            Action: 'sns:Publish',
            Resource: topicArn,
            Condition,
          },
          {
            Effect: 'Deny',
            Principal: '*',
            Action: 'sns:Publish',
            Resource: topicArn,
            Condition: { Bool: { 'aws:SecureTransport': 'false' } },
          },
        ],
      }),
    });
  allow({ ArnLike: { 'aws:SourceArn': `${rule.slice(0, -1)}*` } });
  publishAs('events.amazonaws.com', rule);
  expect(() => publishAs('cloudwatch.amazonaws.com')).toThrow(code('AuthorizationErrorException'));
  allow({ StringEquals: { 'aws:SourceAccount': '111111111111' } });
  expect(() => publishAs('events.amazonaws.com', rule)).toThrow(code('AuthorizationErrorException'));
});

test('topics are made once; wrong requests say what is wrong', () => {
  const { lab, publish, subscribe } = begin();
  expect(lab.sns.createTopic({ Name: 'alerts' }).TopicArn).toBe(topicArn);
  expect(() => lab.sns.createTopic({ Name: 'alerts', Attributes: { DisplayName: 'other' } })).toThrow(
    'Invalid parameter: Attributes Reason: Topic already exists with different attributes',
  );
  expect(() => lab.sns.publish({ TopicArn: `${topicArn}x`, Message: 'x' })).toThrow(code('NotFoundException'));
  expect(() => publish('')).toThrow('Invalid parameter: Empty message');
  expect(() => publish('x', { Subject: 'two\nlines' })).toThrow('Invalid parameter: Subject');
  expect(() => subscribe('email', 'nobody')).toThrow('Invalid parameter: Email address');
  expect(() => subscribe('pigeon', 'x')).toThrow('Does not support this protocol string: pigeon');
  expect(() => subscribe('sqs', 'q')).toThrow('Invalid parameter: SQS endpoint ARN');
  expect(() => subscribe('firehose', 'x')).toThrow(code('NotImplemented'));
  const batch = lab.sns.publishBatch({
    TopicArn: topicArn,
    PublishBatchRequestEntries: [
      { Id: '1', Message: 'a' },
      { Id: '2', Message: '' },
    ],
  });
  expect(batch).toMatchObject({
    Successful: [{ Id: '1' }],
    Failed: [{ Id: '2', Code: 'InvalidParameter', SenderFault: true }],
  });
});
