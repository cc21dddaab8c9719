import { expect, test } from 'vitest';
import { type Caller, credentials } from '../kernel/caller.ts';
import type { ServiceName } from '../kernel/service-names.ts';
import { cloudWatch } from '../services/cloudwatch/index.ts';
import { eventBridge } from '../services/eventbridge/index.ts';
import { identityOf } from '../services/iam/identity-policies.ts';
import { iam } from '../services/iam/index.ts';
import { s3 } from '../services/s3/index.ts';
import { ssm } from '../services/ssm/index.ts';
import { sts } from '../services/sts/index.ts';
import { labScope, startLab } from '../testing/lab.ts';
import { memoryBlobs } from '../testing/memory.ts';
import { authorizer } from './authorizer.ts';

const account = labScope.account;
const document = (...Statement: object[]) => JSON.stringify({ Version: '2012-10-17', Statement });
const allow = (Action: string | string[], Resource: string | string[] = '*', more: object = {}) =>
  document({ Effect: 'Allow', Action, Resource, ...more });

/** An account with a user, whose requests are judged; `root` sets things up. */
function world() {
  const lab = startLab({
    authorize: authorizer({ identityOf }),
    services: () => [sts(), iam(), ssm(), s3({ blobs: memoryBlobs() }), cloudWatch(), eventBridge()],
  });
  lab.iam.createUser({ UserName: 'anna', Path: '/team/', Tags: [{ Key: 'team', Value: 'red' }] });
  const { AccessKey } = lab.iam.createAccessKey({ UserName: 'anna' });
  const callerOf = (accessKeyId = ''): Caller => {
    const known = lab.context.store.table(credentials).get(accessKeyId);
    if (!known) throw new Error(`no key ${accessKeyId}`);
    return known.caller;
  };
  const ask = (caller: Caller, service: ServiceName, operation: string, input: object) =>
    lab.kernel.request(service, operation, input, { scope: labScope, caller });
  const anna = callerOf(AccessKey?.AccessKeyId);
  const may = (PolicyDocument: string, PolicyName = 'own') =>
    lab.iam.putUserPolicy({ UserName: 'anna', PolicyName, PolicyDocument });
  return { lab, anna, ask, may, callerOf };
}

const parameter = `arn:aws:ssm:us-east-1:${account}:parameter/app/secret`;
const put = { Name: '/app/secret', Value: '1', Type: 'String' };

test('a user may do nothing until a policy lets them, and is told what is missing', () => {
  const { anna, ask, may } = world();
  expect(() => ask(anna, 'ssm', 'PutParameter', put)).toThrow(
    expect.objectContaining({
      code: 'AccessDeniedException',
      message: `User: arn:aws:iam::${account}:user/team/anna is not authorized to perform: ssm:PutParameter on resource: ${parameter} because no identity-based policy allows the ssm:PutParameter action`,
    }),
  );
  may(allow('ssm:PutParameter', parameter));
  ask(anna, 'ssm', 'PutParameter', put);
  expect(() => ask(anna, 'ssm', 'GetParameter', { Name: '/app/secret' })).toThrow('not authorized');
});

test('policies of a group, managed policies and boundaries have their say', () => {
  const { lab, anna, ask } = world();
  const { Policy } = lab.iam.createPolicy({ PolicyName: 'parameters', PolicyDocument: allow('ssm:*') });
  lab.iam.createGroup({ GroupName: 'devs' });
  lab.iam.addUserToGroup({ GroupName: 'devs', UserName: 'anna' });
  lab.iam.attachGroupPolicy({ GroupName: 'devs', PolicyArn: Policy?.Arn ?? '' });
  ask(anna, 'ssm', 'PutParameter', put);
  const { Policy: boundary } = lab.iam.createPolicy({ PolicyName: 'limit', PolicyDocument: allow('s3:*') });
  lab.iam.putUserPermissionsBoundary({ UserName: 'anna', PermissionsBoundary: boundary?.Arn ?? '' });
  expect(() => ask(anna, 'ssm', 'GetParameter', { Name: '/app/secret' })).toThrow(
    'because no permissions boundary allows the ssm:GetParameter action',
  );
});

test('a deny wins, and is told as one', () => {
  const { anna, ask, may } = world();
  may(allow('*'), 'all');
  may(document({ Effect: 'Deny', Action: 'ssm:Delete*', Resource: '*' }), 'never');
  ask(anna, 'ssm', 'PutParameter', put);
  expect(() => ask(anna, 'ssm', 'DeleteParameter', { Name: '/app/secret' })).toThrow(
    'with an explicit deny in an identity-based policy',
  );
});

test('conditions know the request, its tags and the caller', () => {
  const { anna, ask, may } = world();
  may(allow('cloudwatch:PutMetricData', '*', { Condition: { StringEquals: { 'cloudwatch:namespace': 'App' } } }));
  const data = (Namespace: string) => ({ Namespace, MetricData: [{ MetricName: 'a', Value: 1 }] });
  ask(anna, 'cloudWatch', 'PutMetricData', data('App'));
  expect(() => ask(anna, 'cloudWatch', 'PutMetricData', data('Other'))).toThrow(
    'is not authorized to perform: cloudwatch:PutMetricData because no identity-based policy',
  );
  may(allow('ssm:PutParameter', `arn:aws:ssm:*:*:parameter/\${aws:username}/*`), 'home');
  ask(anna, 'ssm', 'PutParameter', { ...put, Name: '/anna/x' });
  expect(() => ask(anna, 'ssm', 'PutParameter', { ...put, Name: '/bert/x' })).toThrow('not authorized');
  may(
    allow('ssm:*', '*', { Condition: { StringEquals: { 'aws:RequestTag/team': `\${aws:PrincipalTag/team}` } } }),
    'tags',
  );
  const tagged = (Value: string) => ({ ...put, Name: '/x', Tags: [{ Key: 'team', Value }] });
  ask(anna, 'ssm', 'PutParameter', tagged('red'));
  expect(() => ask(anna, 'ssm', 'PutParameter', { ...tagged('blue'), Name: '/y' })).toThrow('not authorized');
});

test('a bucket may let in whom no policy of their own does', () => {
  const { lab, anna, ask } = world();
  lab.s3.createBucket({ Bucket: 'files' });
  const get = { Bucket: 'files' };
  expect(() => ask(anna, 's3', 'ListObjectsV2', get)).toThrow(
    expect.objectContaining({
      code: 'AccessDenied',
      message: expect.stringContaining('on resource: "arn:aws:s3:::files" because no identity-based policy'),
    }),
  );
  const Policy = document({
    Effect: 'Allow',
    Principal: { AWS: anna.arn },
    Action: 's3:ListBucket',
    Resource: 'arn:aws:s3:::files',
  });
  lab.s3.putBucketPolicy({ Bucket: 'files', Policy });
  expect(ask(anna, 's3', 'ListObjectsV2', get)).toMatchObject({ KeyCount: 0 });
});

const trusting = (Principal: object, more: object = {}) =>
  document({ Effect: 'Allow', Principal, Action: 'sts:AssumeRole', ...more });

test('a role lets in whom it trusts; the account must let its own users, too', () => {
  const { lab, anna, ask, may } = world();
  const assume = (RoleName: string, more: object = {}) =>
    ask(anna, 'sts', 'AssumeRole', {
      RoleArn: `arn:aws:iam::${account}:role/${RoleName}`,
      RoleSessionName: 'me',
      ...more,
    });
  lab.iam.createRole({ RoleName: 'hers', AssumeRolePolicyDocument: trusting({ AWS: anna.arn }) });
  lab.iam.createRole({ RoleName: 'ours', AssumeRolePolicyDocument: trusting({ AWS: account }) });
  lab.iam.createRole({ RoleName: 'tasks', AssumeRolePolicyDocument: trusting({ Service: 'ecs-tasks.amazonaws.com' }) });
  lab.iam.createRole({
    RoleName: 'partner',
    AssumeRolePolicyDocument: trusting({ AWS: anna.arn }, { Condition: { StringEquals: { 'sts:ExternalId': '42' } } }),
  });
  assume('hers');
  expect(() => assume('ours')).toThrow('because no identity-based policy allows the sts:AssumeRole action');
  may(allow('sts:AssumeRole'));
  assume('ours');
  expect(() => assume('tasks')).toThrow('because no role trust policy allows the sts:AssumeRole action');
  expect(() => assume('partner', { ExternalId: '41' })).toThrow('not authorized to perform: sts:AssumeRole');
  assume('partner', { ExternalId: '42' });
});

test('a session does what its role may, within the policy that it was given', () => {
  const { lab, ask, callerOf } = world();
  lab.iam.createRole({ RoleName: 'app', AssumeRolePolicyDocument: trusting({ AWS: account }) });
  lab.iam.putRolePolicy({ RoleName: 'app', PolicyName: 'p', PolicyDocument: allow('ssm:*') });
  const RoleArn = `arn:aws:iam::${account}:role/app`;
  const session = (more: object) =>
    callerOf(lab.sts.assumeRole({ RoleArn, RoleSessionName: 'me', ...more }).Credentials?.AccessKeyId);
  ask(session({}), 'ssm', 'PutParameter', put);
  const limited = session({ Policy: allow('ssm:GetParameter') });
  ask(limited, 'ssm', 'GetParameter', { Name: '/app/secret' });
  expect(() => ask(limited, 'ssm', 'DeleteParameter', { Name: '/app/secret' })).toThrow(
    'because no session policy allows the ssm:DeleteParameter action',
  );
  lab.iam.deleteRolePolicy({ RoleName: 'app', PolicyName: 'p' });
  expect(() => ask(session({}), 'ssm', 'GetParameter', { Name: '/app/secret' })).toThrow(
    `User: arn:aws:sts::${account}:assumed-role/app/me is not authorized`,
  );
});

test('who hands a role to a service must be allowed to pass it there', () => {
  const { anna, ask, may } = world();
  const RoleArn = `arn:aws:iam::${account}:role/target`;
  const rule = { Name: 'r', ScheduleExpression: 'rate(5 minutes)', RoleArn };
  may(allow('events:*'));
  expect(() => ask(anna, 'eventBridge', 'PutRule', rule)).toThrow(
    `is not authorized to perform: iam:PassRole on resource: ${RoleArn} because no identity-based policy allows the iam:PassRole action`,
  );
  const only = (service: string) => ({ Condition: { StringEquals: { 'iam:PassedToService': service } } });
  may(allow('iam:PassRole', RoleArn, only('lambda.amazonaws.com')), 'pass');
  expect(() => ask(anna, 'eventBridge', 'PutRule', rule)).toThrow('iam:PassRole');
  may(allow('iam:PassRole', RoleArn, only('events.amazonaws.com')), 'pass');
  ask(anna, 'eventBridge', 'PutRule', rule);
});

test('a refusal is kept with the statement that is missing, and changes nothing', () => {
  const { lab, anna, ask, may } = world();
  may(allow('s3:*'));
  expect(() => ask(anna, 'ssm', 'PutParameter', put)).toThrow();
  expect(lab.ssm.describeParameters({}).Parameters).toEqual([]);
  expect(lab.events('iam/request-denied')).toMatchObject([
    {
      subject: anna.arn,
      data: {
        action: 'ssm:PutParameter',
        kind: 'identity',
        policies: ['own'],
        missing: { Effect: 'Allow', Action: 'ssm:PutParameter', Resource: parameter },
      },
    },
  ]);
});
