import type { StackEvent } from '@aws-sdk/client-cloudformation';
import { expect, test } from 'vitest';
import { firstFailures, outcomeOf, stackProgress } from './stack-progress.ts';

const id = 'arn:aws:cloudformation:us-east-1:000000000000:stack/app/1';
const event = (
  at: number,
  LogicalResourceId: string,
  ResourceStatus: string,
  more: Partial<StackEvent> = {},
): StackEvent => ({
  StackId: id,
  EventId: String(at),
  StackName: 'app',
  LogicalResourceId,
  ResourceStatus: ResourceStatus as StackEvent['ResourceStatus'],
  ResourceType: 'AWS::SNS::Topic',
  PhysicalResourceId: LogicalResourceId,
  Timestamp: new Date(at),
  ...more,
});
const stack = (at: number, status: string) =>
  event(at, 'app', status, { PhysicalResourceId: id, ResourceType: 'AWS::CloudFormation::Stack' });

test('each resource has its last status and how long it took; an earlier operation does not count', () => {
  const events = [
    stack(1, 'CREATE_COMPLETE'),
    stack(10, 'UPDATE_IN_PROGRESS'),
    event(11, 'a', 'CREATE_IN_PROGRESS'),
    event(15, 'a', 'CREATE_COMPLETE'),
    event(12, 'b', 'CREATE_IN_PROGRESS'),
  ];
  expect(stackProgress(id, events, 10)).toMatchObject({
    status: 'UPDATE_IN_PROGRESS',
    resources: [
      { logicalId: 'a', status: 'CREATE_COMPLETE', since: 11, until: 15 },
      { logicalId: 'b', status: 'CREATE_IN_PROGRESS' },
    ],
  });
});

test('the cause is the first failure that is not a consequence', () => {
  const events = [
    event(3, 'c', 'CREATE_FAILED', { ResourceStatusReason: 'Resource creation cancelled' }),
    event(2, 'b', 'CREATE_FAILED', { ResourceStatusReason: 'no such image' }),
    event(4, 'n', 'CREATE_FAILED', { ResourceStatusReason: 'Embedded stack x was not successfully created' }),
    stack(5, 'ROLLBACK_FAILED'),
  ];
  expect(firstFailures(events).map((one) => one.LogicalResourceId)).toEqual(['b']);
});

test.each([
  ['CREATE_IN_PROGRESS', undefined],
  ['UPDATE_COMPLETE_CLEANUP_IN_PROGRESS', undefined],
  ['CREATE_COMPLETE', 'done'],
  ['ROLLBACK_COMPLETE', 'failed'],
  ['UPDATE_ROLLBACK_COMPLETE', 'failed'],
  ['DELETE_FAILED', 'failed'],
])('%s: %s', (status, outcome) => {
  expect(outcomeOf(status)).toBe(outcome);
});
