import { expect, test } from 'vitest';
import { type DocumentKind, documentProblem } from './policy-document.ts';

const allow = { Effect: 'Allow', Action: 's3:Get*', Resource: '*' };
const assume = { Effect: 'Allow', Principal: { Service: 'x' }, Action: 'sts:AssumeRole' };
const document = (...Statement: object[]) => ({ Version: '2012-10-17', Statement });

test.each<[DocumentKind, object]>([
  ['identity', document(allow)],
  ['identity', { Statement: allow }],
  ['identity', document({ Effect: 'Deny', NotAction: ['iam:*', 'sts:*'], NotResource: 'x', Condition: {} })],
  ['identity', document({ ...allow, Action: '*' })],
  ['trust', document(assume, { ...assume, Action: ['sts:AssumeRole', 'sts:TagSession'] })],
])('a good %s document: %j', (kind, good) => {
  expect(documentProblem(JSON.stringify(good), kind)).toBeUndefined();
});

test.each<[DocumentKind, object | string, string]>([
  ['identity', '{', 'Syntax errors in policy.'],
  ['identity', '[]', 'Syntax errors in policy.'],
  ['trust', '{', 'This policy contains invalid Json'],
  ['identity', { Version: '2012-10-17' }, 'Syntax errors in policy.'],
  ['identity', { Version: '2020-01-01', Statement: [allow] }, 'Policy document must be version 2012-10-17 or greater.'],
  ['identity', document({ ...allow, Effect: 'allow' }), 'Syntax errors in policy.'],
  ['identity', document({ ...allow, Nope: 1 }), 'Syntax errors in policy.'],
  ['identity', document({ Effect: 'Allow', Resource: '*' }), 'Policy statement must contain actions.'],
  ['identity', document({ Effect: 'Allow', Action: '*' }), 'Policy statement must contain resources.'],
  ['identity', document({ ...allow, Principal: '*' }), 'Policy document should not specify a principal.'],
  [
    'identity',
    document({ ...allow, Action: 'GetObject' }),
    'Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.',
  ],
  [
    'identity',
    document({ ...allow, Sid: 'a' }, { ...allow, Sid: 'a' }),
    'Statement IDs (SID) in a single policy must be unique.',
  ],
  ['trust', document({ ...assume, Resource: '*' }), 'Has prohibited field Resource'],
  ['trust', document({ Effect: 'Allow', Action: 'sts:AssumeRole' }), 'Missing required field Principal'],
  [
    'trust',
    document({ ...assume, Action: 's3:GetObject' }),
    'AssumeRole policy may only specify STS AssumeRole actions.',
  ],
])('a bad %s document: %j', (kind, bad, problem) => {
  expect(documentProblem(typeof bad === 'string' ? bad : JSON.stringify(bad), kind)).toBe(problem);
});
