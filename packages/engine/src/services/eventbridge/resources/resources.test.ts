import { expect, test } from 'vitest';
import { startLab } from '../../../testing/lab.ts';
import { resourceLab } from '../../../testing/resource-lab.ts';
import { eventBridge } from '../index.ts';

const start = () => startLab({ services: () => [eventBridge()] });
const lambda = 'arn:aws:lambda:us-east-1:000000000000:function:react';
const cluster = 'arn:aws:ecs:us-east-1:000000000000:cluster/main';

test('a rule is made with its targets, changed in place, and deleted with them', () => {
  const lab = start();
  const rule = resourceLab(lab, 'AWS::Events::Rule');
  const properties = {
    EventPattern: { source: ['aws.ecs'] },
    Targets: [
      { Id: 'f', Arn: lambda },
      { Id: 'g', Arn: lambda, Input: '{"a":1}' },
    ],
  };
  const { id, attributes } = rule.create(properties);
  expect(attributes).toEqual({ Arn: `arn:aws:events:us-east-1:000000000000:rule/${id}`, RuleName: id });
  expect(lab.eventBridge.describeRule({ Name: id })).toMatchObject({
    EventPattern: '{"source":["aws.ecs"]}',
    State: 'ENABLED',
  });
  const changed = {
    ScheduleExpression: 'rate(5 minutes)',
    State: 'DISABLED',
    Targets: [
      {
        Id: 't',
        Arn: cluster,
        EcsParameters: {
          TaskDefinitionArn: 'arn:aws:ecs:us-east-1:000000000000:task-definition/job:1',
          TagList: [{ Key: 'a', Value: 'b' }],
          NetworkConfiguration: { AwsVpcConfiguration: { Subnets: ['subnet-1'], AssignPublicIp: 'DISABLED' } },
        },
      },
    ],
  };
  rule.update(id, changed, properties);
  expect(lab.eventBridge.describeRule({ Name: id })).toMatchObject({
    ScheduleExpression: 'rate(5 minutes)',
    State: 'DISABLED',
  });
  expect(lab.eventBridge.listTargetsByRule({ Rule: id }).Targets).toEqual([
    {
      Id: 't',
      Arn: cluster,
      EcsParameters: {
        TaskDefinitionArn: 'arn:aws:ecs:us-east-1:000000000000:task-definition/job:1',
        Tags: [{ Key: 'a', Value: 'b' }],
        NetworkConfiguration: { awsvpcConfiguration: { Subnets: ['subnet-1'], AssignPublicIp: 'DISABLED' } },
      },
    },
  ]);
  rule.delete(id, changed);
  expect(lab.eventBridge.listRules({}).Rules).toEqual([]);
});

test('a bus with its policy, and a rule on it', () => {
  const lab = start();
  const bus = resourceLab(lab, 'AWS::Events::EventBus');
  const Policy = { Version: '2012-10-17', Statement: [{ Sid: 'a', Effect: 'Allow' }] };
  expect(bus.create({ Name: 'orders', Policy }).attributes).toMatchObject({
    Arn: 'arn:aws:events:us-east-1:000000000000:event-bus/orders',
  });
  const policy = resourceLab(lab, 'AWS::Events::EventBusPolicy');
  policy.create({ EventBusName: 'orders', StatementId: 'b', Statement: { Effect: 'Allow' } });
  expect(JSON.parse(lab.eventBridge.describeEventBus({ Name: 'orders' }).Policy ?? '')).toMatchObject({
    Statement: [{ Sid: 'a' }, { Sid: 'b' }],
  });
  policy.delete('orders|b', { EventBusName: 'orders', StatementId: 'b' });
  const rule = resourceLab(lab, 'AWS::Events::Rule');
  const properties = { Name: 'r', EventBusName: 'orders', EventPattern: { source: ['shop'] } };
  expect(rule.create(properties)).toEqual({
    id: 'orders|r',
    attributes: { Arn: 'arn:aws:events:us-east-1:000000000000:rule/orders/r', RuleName: 'r' },
  });
  rule.delete('orders|r', properties);
  bus.delete('orders', {});
  expect(lab.eventBridge.listEventBuses({}).EventBuses).toMatchObject([{ Name: 'default' }]);
});
