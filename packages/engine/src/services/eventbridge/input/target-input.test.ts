import { expect, test } from 'vitest';
import { isJsonPath, valueAt } from './json-path.ts';
import { targetInput } from './target-input.ts';

const event = {
  version: '0',
  source: 'aws.ec2',
  time: '2015-11-11T21:29:54Z',
  resources: ['arn:aws:ec2:us-east-1:123456789012:instance/i-abcd1111'],
  detail: { 'instance-id': 'i-0123456789', state: 'RUNNING', count: 3, tags: { a: 'b' } },
};
const rule = {
  ruleArn: 'arn:aws:events:us-east-2:123456789012:rule/example',
  ruleName: 'example',
  ingestionTime: '2015-11-11T21:29:55Z',
};
const InputPathsMap = {
  timestamp: '$.time',
  instance: '$.detail.instance-id',
  state: '$.detail.state',
  resource: '$.resources[0]',
  count: '$.detail.count',
  tags: '$.detail.tags',
  absent: '$.detail.absent',
};

test.each([
  ['"instance <instance> is in <state>"', '"instance i-0123456789 is in RUNNING"'],
  ['"instance \\"<instance>\\" is in <state>"', '"instance \\"i-0123456789\\" is in RUNNING"'],
  ['{"instance" : <instance>, "state": <state>}', '{"instance" : "i-0123456789", "state": "RUNNING"}'],
  [
    '{"instance" : <instance>, "state": "<state>", "s": "instance \\"<instance>\\" is in <state>"}',
    '{"instance" : "i-0123456789", "state": "RUNNING", "s": "instance \\"i-0123456789\\" is in RUNNING"}',
  ],
  ['{"state": [ 9, <state>, true ], "t" : "Yes"}', '{"state": [ 9, "RUNNING", true ], "t" : "Yes"}'],
  [
    '{"ruleArn" : <aws.events.rule-arn>, "ruleName" : <aws.events.rule-name>}',
    '{"ruleArn" : "arn:aws:events:us-east-2:123456789012:rule/example", "ruleName" : "example"}',
  ],
  ['"<aws.events.rule-name> triggered"', '"example triggered"'],
  ['{"originalEvent" : <aws.events.event.json>}', `{"originalEvent" : ${JSON.stringify(event)}}`],
  ['{"count": <count>, "tags": <tags>}', '{"count": 3, "tags": {"a":"b"}}'],
  ['"resource <resource>\\nat <timestamp>"', `"resource ${event.resources[0]}\\nat 2015-11-11T21:29:54Z"`],
  ['"it is <absent>"', '"it is "'],
  ['"<b>not a variable</b>"', '"<b>not a variable</b>"'],
])('%s', (InputTemplate, expected) => {
  expect(targetInput({ InputTransformer: { InputPathsMap, InputTemplate } }, event, rule)).toBe(expected);
});

test('the event without its detail', () => {
  const { detail: _, ...rest } = event;
  const InputTransformer = { InputTemplate: '{"e": <aws.events.event>}' };
  expect(JSON.parse(targetInput({ InputTransformer }, event, rule))).toEqual({ e: rest });
});

test('a constant, a part, or the whole event', () => {
  expect(targetInput({ Input: '{"a":1}' }, event, rule)).toBe('{"a":1}');
  expect(targetInput({ InputPath: '$.detail.tags' }, event, rule)).toBe('{"a":"b"}');
  expect(JSON.parse(targetInput({}, event, rule))).toEqual(event);
});

test.each([
  ['$', event],
  ['$.detail.state', 'RUNNING'],
  ["$.detail['instance-id']", 'i-0123456789'],
  ['$.resources[1]', undefined],
  ['$.detail.state.deeper', undefined],
])('%s', (path, expected) => expect(valueAt(path, event)).toEqual(expected));

test.each(['detail', '$detail', '$.a[x]', '$..a'])('%s is no path', (path) => expect(isJsonPath(path)).toBe(false));
