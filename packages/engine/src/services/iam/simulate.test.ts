import { expect, test } from 'vitest';
import { startLab } from '../../testing/lab.ts';
import { iam } from './index.ts';

const document = (...Statement: object[]) => JSON.stringify({ Version: '2012-10-17', Statement });
const files = 'arn:aws:s3:::files/*';

const decisions = ({ EvaluationResults = [] }: { EvaluationResults?: readonly object[] | undefined }) =>
  (EvaluationResults as readonly { EvalActionName?: string; EvalDecision?: string }[]).map(
    ({ EvalActionName, EvalDecision }) => `${EvalActionName} ${EvalDecision}`,
  );

test('a simulation says of each action what would be decided, by which policy, and what it did not know', () => {
  const lab = startLab({ services: () => [iam()] });
  const PolicyInputList = [
    document({
      Effect: 'Allow',
      Action: 's3:Get*',
      Resource: files,
      Condition: { Bool: { 'aws:SecureTransport': 'true' } },
    }),
    document({ Effect: 'Deny', Action: 's3:Delete*', Resource: '*' }),
  ];
  const asked = {
    PolicyInputList,
    ActionNames: ['s3:GetObject', 's3:DeleteObject', 's3:PutObject'],
    ResourceArns: ['arn:aws:s3:::files/a'],
  };
  const unknowing = lab.iam.simulateCustomPolicy(asked);
  expect(decisions(unknowing)).toEqual([
    's3:GetObject implicitDeny',
    's3:DeleteObject explicitDeny',
    's3:PutObject implicitDeny',
  ]);
  expect(unknowing.EvaluationResults?.[0]?.MissingContextValues).toEqual(['aws:securetransport']);
  const ContextEntries = [
    { ContextKeyName: 'aws:SecureTransport', ContextKeyValues: ['true'], ContextKeyType: 'boolean' as const },
  ];
  const knowing = lab.iam.simulateCustomPolicy({ ...asked, ContextEntries });
  expect(decisions(knowing)[0]).toBe('s3:GetObject allowed');
  expect(knowing.EvaluationResults?.[0]?.MatchedStatements).toMatchObject([{ SourcePolicyId: 'PolicyInputList.1' }]);
});

test('a role is simulated with its own policies and boundary', () => {
  const lab = startLab({ services: () => [iam()] });
  const AssumeRolePolicyDocument = document({
    Effect: 'Allow',
    Principal: { Service: 'ecs-tasks.amazonaws.com' },
    Action: 'sts:AssumeRole',
  });
  const { Role } = lab.iam.createRole({ RoleName: 'app', Path: '/x/', AssumeRolePolicyDocument });
  lab.iam.putRolePolicy({
    RoleName: 'app',
    PolicyName: 'p',
    PolicyDocument: document({ Effect: 'Allow', Action: '*', Resource: '*' }),
  });
  const ask = (more: object = {}) =>
    lab.iam.simulatePrincipalPolicy({ PolicySourceArn: Role?.Arn ?? '', ActionNames: ['s3:GetObject'], ...more });
  expect(decisions(ask())).toEqual(['s3:GetObject allowed']);
  const limited = ask({
    PermissionsBoundaryPolicyInputList: [document({ Effect: 'Allow', Action: 'ecs:*', Resource: '*' })],
  });
  expect(limited.EvaluationResults).toMatchObject([
    { EvalDecision: 'implicitDeny', PermissionsBoundaryDecisionDetail: { AllowedByPermissionsBoundary: false } },
  ]);
});

test.each([
  [{ ActionNames: ['s3'] }, 'Invalid Action: s3'],
  [{ PolicyInputList: ['{'] }, 'Syntax errors in policy.'],
])('%j is refused', (change, message) => {
  const lab = startLab({ services: () => [iam()] });
  const asked = {
    PolicyInputList: [document({ Effect: 'Allow', Action: '*', Resource: '*' })],
    ActionNames: ['s3:GetObject'],
  };
  expect(() => lab.iam.simulateCustomPolicy({ ...asked, ...change })).toThrow(message);
});
