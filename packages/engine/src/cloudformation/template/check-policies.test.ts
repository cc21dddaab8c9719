import { expect, test } from 'vitest';
import { checkUpdatePolicies } from './check-policies.ts';
import { parseTemplate } from './parse-template.ts';

const check = (Type: string, UpdatePolicy: unknown) => () =>
  checkUpdatePolicies(parseTemplate(JSON.stringify({ Resources: { Thing: { Type, UpdatePolicy } } })));
const group = 'AWS::AutoScaling::AutoScalingGroup';

test.each([
  [group, { AutoScalingReplacingUpdate: { WillReplace: true } }],
  [group, { AutoScalingRollingUpdate: { MinInstancesInService: '1', PauseTime: 'PT5M', SuspendProcesses: [] } }],
  [group, { 'Fn::If': ['Condition', {}, {}] }],
  [group, { AutoScalingRollingUpdate: { 'Fn::If': ['Condition', {}, {}] } }],
  ['AWS::OpenSearchService::Domain', { EnableVersionUpgrade: true }],
])('an update policy of %s is taken: %j', (type, policy) => {
  expect(check(type, policy)).not.toThrow();
});

test.each([
  [group, 'often', 'UpdatePolicy must be an object'],
  [group, { Rolling: {} }, 'Rolling is not a valid UpdatePolicy attribute'],
  ['AWS::SNS::Topic', { AutoScalingRollingUpdate: {} }, 'not supported for resources of type AWS::SNS::Topic'],
  [
    group,
    { AutoScalingReplacingUpdate: { WillReplaced: true } },
    'must be an object of WillReplace, and has WillReplaced',
  ],
  [group, { AutoScalingReplacingUpdate: true }, 'must be an object of WillReplace.'],
])('an update policy that is none for %s is refused: %j', (type, policy, message) => {
  expect(check(type, policy)).toThrow(message);
});
