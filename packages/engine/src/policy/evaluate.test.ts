import { describe, expect, test } from 'vitest';
import type { StatementText } from './document.ts';
import { evaluate, type Policies } from './evaluate.ts';

const account = '000000000000';
const bucket = 'arn:aws:s3:::files';
const object = `${bucket}/a/b.txt`;
const role = `arn:aws:iam::${account}:role/app/reader`;
const session = `arn:aws:sts::${account}:assumed-role/reader/one`;

const policy = (name: string, ...Statement: StatementText[]) => ({
  name,
  document: JSON.stringify({ Version: '2012-10-17', Statement }),
});
const allow = (Action: string | string[], Resource: string | string[] = '*', more: StatementText = {}) =>
  policy('allow', { Effect: 'Allow', Action, Resource, ...more });
const deny = (Action: string, Resource = '*') => policy('deny', { Effect: 'Deny', Action, Resource });
const grant = (Principal: StatementText['Principal'], Effect: 'Allow' | 'Deny' = 'Allow') =>
  policy('grant', { Effect, Principal, Action: 's3:*', Resource: `${bucket}/*` });

function decide(policies: Partial<Policies>, options: { action?: string; resource?: string } = {}) {
  const { action = 's3:GetObject', resource = object } = options;
  const principal = { account, arn: session, roleArn: role };
  const decision = evaluate(
    { action, resource, principal, keys: (name) => (name === 'aws:username' ? ['anna'] : undefined) },
    { identity: [], sameAccount: true, ...policies },
  );
  return decision.allowed ? 'allowed' : `${decision.kind}${decision.deniedBy ? ` denies by ${decision.deniedBy}` : ''}`;
}

describe('what statements apply to', () => {
  test.each<[string, ReturnType<typeof allow>, string]>([
    ['an action by name', allow('s3:GetObject'), 'allowed'],
    ['actions in any case', allow('S3:getobject'), 'allowed'],
    ['actions by wildcard', allow('s3:Get*'), 'allowed'],
    ['another action', allow(['s3:PutObject', 's3:GetObjectTagging']), 'identity'],
    ['a resource by wildcard', allow('s3:*', `${bucket}/*`), 'allowed'],
    ['the bucket is not its objects', allow('s3:*', bucket), 'identity'],
    ['a wildcard reaches no further than its part', allow('s3:*', 'arn:aws:s3*:files/a/b.txt'), 'identity'],
    ['all but an action', policy('not', { Effect: 'Allow', NotAction: 's3:Put*', Resource: '*' }), 'allowed'],
    ['all but this action', policy('not', { Effect: 'Allow', NotAction: 's3:Get*', Resource: '*' }), 'identity'],
    ['all but a resource', policy('not', { Effect: 'Allow', Action: '*', NotResource: bucket }), 'allowed'],
    ['all but this resource', policy('not', { Effect: 'Allow', Action: '*', NotResource: `${bucket}/*` }), 'identity'],
    ['a variable', allow('s3:*', `${bucket}/\${aws:nothing, 'a'}/*`), 'allowed'],
    ['a variable that is somebody else', allow('s3:*', `${bucket}/\${aws:username}/*`), 'identity'],
    ['a condition', allow('s3:*', '*', { Condition: { StringEquals: { 'aws:username': 'anna' } } }), 'allowed'],
    ['a condition that is not met', allow('s3:*', '*', { Condition: { Bool: { 'aws:nothing': 'true' } } }), 'identity'],
  ])('%s', (_case, one, decision) => {
    expect(decide({ identity: [one] })).toBe(decision);
  });
});

// Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
describe('who has the say', () => {
  test.each<[string, Partial<Policies>, string]>([
    ['nobody', {}, 'identity'],
    ['a deny wins over any allow', { identity: [allow('*'), deny('s3:Get*')] }, 'identity denies by deny'],
    ['a resource that denies', { identity: [allow('*')], resource: grant('*', 'Deny') }, 'resource denies by grant'],
    ['a boundary without the action', { identity: [allow('*')], boundary: allow('ecs:*') }, 'boundary'],
    ['a boundary gives nothing', { boundary: allow('*') }, 'identity'],
    ['a session policy without the action', { identity: [allow('*')], session: [allow('ecs:*')] }, 'session'],
    ['one session policy of several', { identity: [allow('*')], session: [allow('ecs:*'), allow('s3:*')] }, 'allowed'],
    ['a resource that names the role', { resource: grant({ AWS: role }) }, 'allowed'],
    ['a resource for everybody', { resource: grant('*') }, 'allowed'],
    ['a resource for the account leaves it to the account', { resource: grant({ AWS: account }) }, 'identity'],
    ['a resource for somebody else', { resource: grant({ AWS: `arn:aws:iam::${account}:user/bert` }) }, 'identity'],
    [
      'a resource that names the role is limited',
      { resource: grant({ AWS: role }), boundary: allow('ecs:*') },
      'boundary',
    ],
    ['one that names the session is not', { resource: grant({ AWS: session }), boundary: allow('ecs:*') }, 'allowed'],
    ['another account’s resource must allow, too', { identity: [allow('*')], sameAccount: false }, 'resource'],
    [
      'and may do so for the account',
      { identity: [allow('*')], sameAccount: false, resource: grant({ AWS: account }) },
      'allowed',
    ],
    ['but does not suffice', { sameAccount: false, resource: grant({ AWS: role }) }, 'identity'],
    ['a role must let its users in itself', { identity: [allow('*')], resourceMustAllow: true }, 'resource'],
  ])('%s', (_case, policies, decision) => {
    expect(decide(policies)).toBe(decision);
  });
});
