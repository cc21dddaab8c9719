import { describe, expect, test } from 'vitest';
import { planSignals, signalPolicy } from './signals/plan-waiting.ts';
import { startCustomWorld } from './testing/custom-world.ts';
import { statusOf, story, templateOf } from './testing/world.ts';

const handle = { Type: 'AWS::CloudFormation::WaitConditionHandle' };
const condition = (more: object = {}) => ({
  Type: 'AWS::CloudFormation::WaitCondition',
  Properties: { Handle: { Ref: 'Handle' }, Timeout: '300', ...more },
});

function startWaiting(more: object = {}, StackName = 'demo') {
  const { world, putTo } = startCustomWorld(() => undefined);
  world.lab.cloudFormation.createStack({
    StackName,
    TemplateBody: templateOf({
      Resources: { Handle: handle, Condition: condition(more) },
      Outputs: {
        Data: { Value: { 'Fn::GetAtt': ['Condition', 'Data'] } },
        Ref: { Value: { Ref: 'Condition' } },
      },
    }),
  });
  const { StackResourceDetail } = world.lab.cloudFormation.describeStackResource({
    StackName,
    LogicalResourceId: 'Handle',
  });
  const url = StackResourceDetail?.PhysicalResourceId ?? '';
  const signal = (fields: object) =>
    putTo(url, JSON.stringify({ Status: 'SUCCESS', Reason: 'done', Data: 'ok', ...fields }));
  return { world, url, signal };
}

describe('a wait condition', () => {
  test('is complete when so many signals have come to its handle, with what they brought', () => {
    const { world, url, signal } = startWaiting({ Count: 2 });
    expect(url).toMatch(
      /^http:\/\/127\.0\.0\.1:4566\/cloudformation-waitcondition-us-east-1\/arn%3A.*\/Handle\?X-Amz-Algorithm=.*X-Amz-Signature=/,
    );
    signal({ UniqueId: 'a' });
    signal({ UniqueId: 'a', Data: 'again' });
    expect(statusOf(world.lab, 'demo')).toBe('CREATE_IN_PROGRESS');
    signal({ UniqueId: 'b', Data: 'two' });
    const [stack] = world.lab.cloudFormation.describeStacks({ StackName: 'demo' }).Stacks ?? [];
    expect(stack?.StackStatus).toBe('CREATE_COMPLETE');
    expect(stack?.Outputs?.map(({ OutputValue }) => OutputValue)).toEqual([
      '{"a":"ok","b":"two"}',
      `${stack?.StackId}/Handle`,
    ]);
  });

  test('fails with the first signal of failure', () => {
    const { world, signal } = startWaiting({ Count: 2 });
    signal({ UniqueId: 'a', Status: 'FAILURE', Reason: 'no disk' });
    expect(story(world.lab, 'demo')).toContain(
      "Condition CREATE_FAILED WaitCondition received failed message: 'no disk' for uniqueId: a",
    );
  });

  test('fails when its time is over, also over a crash', () => {
    const { world, signal } = startWaiting({ Count: 2 });
    signal({ UniqueId: 'a' });
    world.restart();
    world.lab.advance('299s');
    expect(statusOf(world.lab, 'demo')).toBe('CREATE_IN_PROGRESS');
    world.lab.advance('2s');
    expect(story(world.lab, 'demo')).toContain(
      'Condition CREATE_FAILED WaitCondition timed out. Received 1 conditions when expecting 2',
    );
    expect(statusOf(world.lab, 'demo')).toBe('ROLLBACK_COMPLETE');
  });

  test('takes no signal that is none, or that comes to another address', () => {
    const { world, url, signal } = startWaiting();
    expect(signal({})).toBe(false);
    expect(signal({ UniqueId: 'a', Status: 'MAYBE' })).toBe(false);
    expect(startWaiting().signal({ UniqueId: 'a' })).toBe(true);
    expect(url).toContain('Signature=');
    expect(statusOf(world.lab, 'demo')).toBe('CREATE_IN_PROGRESS');
  });
});

describe('a creation policy', () => {
  const instance = (ResourceSignal: object, Type = 'AWS::EC2::Instance') => ({
    Type,
    Properties: {},
    CreationPolicy: { ResourceSignal },
  });
  function start(resource: object) {
    const { world } = startCustomWorld(() => undefined);
    const { cloudFormation } = world.lab;
    cloudFormation.createStack({ StackName: 'demo', TemplateBody: templateOf({ Resources: { Box: resource } }) });
    const signal = (UniqueId: string, Status: 'SUCCESS' | 'FAILURE' = 'SUCCESS') =>
      cloudFormation.signalResource({ StackName: 'demo', LogicalResourceId: 'Box', UniqueId, Status });
    return { world, signal };
  }

  test('keeps a resource in the making until its signals have come', () => {
    const { world, signal } = start(instance({ Count: 2, Timeout: 'PT15M' }));
    signal('i-1');
    expect(() => signal('i-1')).toThrow(
      'Signal with ID i-1 for resource Box already exists. Signals may only be updated with a FAILURE status.',
    );
    world.lab.advance('14m');
    expect(statusOf(world.lab, 'demo')).toBe('CREATE_IN_PROGRESS');
    signal('i-2');
    expect(story(world.lab, 'demo').slice(-4)).toEqual([
      'Box CREATE_IN_PROGRESS Received SUCCESS signal with UniqueId i-1',
      'Box CREATE_IN_PROGRESS Received SUCCESS signal with UniqueId i-2',
      expect.stringMatching(/^Box CREATE_COMPLETE/),
      'demo CREATE_COMPLETE',
    ]);
    expect(() => signal('i-3')).toThrow(/^Stack arn:.* is in CREATE_COMPLETE state and cannot be signaled$/);
  });

  test('fails it for a signal of failure, or for none in time', () => {
    const failing = start(instance({}));
    failing.signal('i-1', 'FAILURE');
    expect(story(failing.world.lab, 'demo')).toContain('Box CREATE_FAILED Received FAILURE signal with UniqueId i-1');
    const silent = start(instance({ Count: 3 }));
    silent.world.lab.advance('5m');
    expect(story(silent.world.lab, 'demo')).toContain(
      'Box CREATE_FAILED Failed to receive 3 resource signal(s) within the specified duration',
    );
  });

  test('is refused where its form is wrong, or nothing could signal', () => {
    const failure = (resource: object) => story(start(resource).world.lab, 'demo').find((line) => /FAILED/.test(line));
    expect(failure(instance({ Timeout: '5 minutes' }))).toMatch(/Timeout 5 minutes of the CreationPolicy/);
    expect(failure(instance({}, 'AWS::KMS::Key'))).toMatch(/not supported for resources of type AWS::KMS::Key/);
  });

  test.each([
    { good: 2, bad: 0, over: false, comes: 'waiting' },
    { good: 3, bad: 1, over: false, comes: 'complete' },
    { good: 2, bad: 2, over: false, comes: 'failed' },
    { good: 3, bad: 0, over: true, comes: 'complete' },
    { good: 2, bad: 0, over: true, comes: 'failed' },
  ])('of a group counts the share: $good good and $bad bad of 4 at 75 %, over: $over', ({ good, bad, over, comes }) => {
    const signals = Array.from({ length: good + bad }, (_, index) => ({ success: index < good, uniqueId: `${index}` }));
    const outcome = planSignals({ count: 4, percent: 75 }, signals, { deadline: 10, now: over ? 10 : 0 });
    expect(outcome === 'complete' ? outcome : Object.keys(outcome)[0]).toBe(comes);
  });

  test('has five minutes and one signal unless told otherwise', () => {
    expect(signalPolicy({}, undefined)).toEqual({ count: 1, timeout_ms: 300_000 });
    expect(signalPolicy({ Count: '2', Timeout: 'PT1H2M3S' }, undefined)).toEqual({ count: 2, timeout_ms: 3_723_000 });
    expect(signalPolicy({ Timeout: 'PT13H' }, undefined)).toMatch(/at most 12 hours/);
  });
});
