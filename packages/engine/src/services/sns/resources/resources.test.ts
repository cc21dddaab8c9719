import { expect, test } from 'vitest';
import { type Lab, startLab } from '../../../testing/lab.ts';
import { cloudFormation } from '../../cloudformation/index.ts';
import { sns } from '../index.ts';

function begin() {
  const mail = {
    isMailbox: true,
    start: () => {},
    send: (_: object, done: () => void) => done(),
    close: async () => {},
  };
  const handlers = () => lab.kernel.service('sns')?.resources ?? {};
  const lab: Lab = startLab({ services: () => [sns({ mail }), cloudFormation({ resources: handlers })] });
  return lab;
}

const template = (change: { readonly topic?: object; readonly filter?: object; readonly policy?: boolean } = {}) =>
  JSON.stringify({
    Resources: {
      T: {
        Type: 'AWS::SNS::Topic',
        Properties: {
          TopicName: 'alerts',
          DisplayName: 'Alerts',
          Subscription: [{ Protocol: 'email', Endpoint: 'inline@example.com' }],
          Tags: [{ Key: 'team', Value: 'a' }],
          ...change.topic,
        },
      },
      S: {
        Type: 'AWS::SNS::Subscription',
        Properties: {
          TopicArn: { Ref: 'T' },
          Protocol: 'email',
          Endpoint: 'ops@example.com',
          ...(change.filter ? { FilterPolicy: change.filter } : {}),
        },
      },
      ...(change.policy === false
        ? {}
        : {
            P: {
              Type: 'AWS::SNS::TopicPolicy',
              Properties: {
                Topics: [{ Ref: 'T' }],
                PolicyDocument: {
                  Statement: [{ Effect: 'Allow', Principal: '*', Action: 'sns:Publish', Resource: '*' }],
                },
              },
            },
          }),
    },
  });

test('a stack makes a topic with its subscriptions and policy, changes them in place, and takes them away', () => {
  const lab = begin();
  const TopicArn = 'arn:aws:sns:us-east-1:000000000000:alerts';
  const endpoints = () =>
    (lab.sns.listSubscriptionsByTopic({ TopicArn }).Subscriptions ?? []).map(({ Endpoint }) => Endpoint);
  const attributes = () => lab.sns.getTopicAttributes({ TopicArn }).Attributes ?? {};
  lab.cloudFormation.createStack({ StackName: 'app', TemplateBody: template() });
  lab.advance('30s');
  expect(lab.cloudFormation.describeStacks({ StackName: 'app' }).Stacks?.[0]?.StackStatus).toBe('CREATE_COMPLETE');
  expect(endpoints()).toEqual(['inline@example.com', 'ops@example.com']);
  expect(attributes()).toMatchObject({
    DisplayName: 'Alerts',
    SubscriptionsConfirmed: '2',
    Policy: expect.stringContaining('sns:Publish'),
  });
  expect(lab.sns.listTagsForResource({ ResourceArn: TopicArn }).Tags).toContainEqual({ Key: 'team', Value: 'a' });

  const changed = { topic: { DisplayName: 'Other', Subscription: [] }, filter: { level: ['high'] }, policy: false };
  lab.cloudFormation.updateStack({ StackName: 'app', TemplateBody: template(changed) });
  lab.advance('30s');
  expect(lab.cloudFormation.describeStacks({ StackName: 'app' }).Stacks?.[0]?.StackStatus).toBe('UPDATE_COMPLETE');
  expect(endpoints()).toEqual(['ops@example.com']);
  expect(attributes()).toMatchObject({ DisplayName: 'Other', Policy: expect.stringContaining('__default_policy_ID') });
  const [{ SubscriptionArn = '' } = {}] = lab.sns.listSubscriptions({}).Subscriptions ?? [];
  expect(lab.sns.getSubscriptionAttributes({ SubscriptionArn }).Attributes).toMatchObject({
    FilterPolicy: '{"level":["high"]}',
  });

  lab.cloudFormation.deleteStack({ StackName: 'app' });
  lab.advance('30s');
  expect(lab.sns.listTopics({}).Topics).toEqual([]);
});
