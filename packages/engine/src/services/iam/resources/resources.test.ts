import { expect, test } from 'vitest';
import { startLab } from '../../../testing/lab.ts';
import { cloudFormation } from '../../cloudformation/index.ts';
import { iam } from '../index.ts';

const trust = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: 'ecs-tasks.amazonaws.com' }, Action: 'sts:AssumeRole' }],
};
const document = (Action: string) => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action, Resource: '*' }],
});
const aws = (name: string) => `arn:aws:iam::aws:policy/${name}`;

function world() {
  const lab = startLab({
    services: () => {
      const identities = iam();
      return [identities, cloudFormation({ resources: () => identities.resources ?? {}, readObject: () => undefined })];
    },
  });
  const options = (Resources: object, Outputs: object) => ({
    StackName: 's',
    TemplateBody: JSON.stringify({ Resources, Outputs }),
    Capabilities: ['CAPABILITY_NAMED_IAM' as const],
  });
  return {
    lab,
    create(resources: object, outputs: object = {}) {
      lab.cloudFormation.createStack(options(resources, outputs));
      lab.advance('5m');
    },
    update(resources: object, outputs: object = {}) {
      lab.cloudFormation.updateStack(options(resources, outputs));
      lab.advance('5m');
    },
    remove() {
      lab.cloudFormation.deleteStack({ StackName: 's' });
      lab.advance('5m');
    },
    status: () => lab.cloudFormation.listStacks({}).StackSummaries?.[0]?.StackStatus,
    outputs: () =>
      Object.fromEntries(
        (lab.cloudFormation.describeStacks({ StackName: 's' }).Stacks?.[0]?.Outputs ?? []).map(
          ({ OutputKey, OutputValue }) => [OutputKey, OutputValue],
        ),
      ),
  };
}

const type = (name: string, Properties: object) => ({ Type: `AWS::IAM::${name}`, Properties });

test('a role with its policies is made, changed in place, and deleted with all it has', () => {
  const { lab, create, update, remove, status, outputs } = world();
  const role = (properties: object) => ({
    Role: type('Role', { RoleName: 'task', AssumeRolePolicyDocument: trust, ...properties }),
  });
  create(
    role({
      ManagedPolicyArns: [aws('A'), aws('B')],
      Policies: [
        { PolicyName: 'one', PolicyDocument: document('s3:*') },
        { PolicyName: 'two', PolicyDocument: document('s3:*') },
      ],
      Tags: [{ Key: 'team', Value: 'x' }],
    }),
    { Arn: { Value: { 'Fn::GetAtt': ['Role', 'Arn'] } }, Name: { Value: { Ref: 'Role' } } },
  );
  expect(outputs()).toEqual({ Arn: 'arn:aws:iam::000000000000:role/task', Name: 'task' });
  update(
    role({
      Description: 'changed',
      ManagedPolicyArns: [aws('B'), aws('C')],
      Policies: [{ PolicyName: 'two', PolicyDocument: document('ec2:*') }],
    }),
  );
  expect(status()).toBe('UPDATE_COMPLETE');
  const arns = lab.iam.listAttachedRolePolicies({ RoleName: 'task' }).AttachedPolicies;
  expect(arns?.map(({ PolicyArn }) => PolicyArn)).toEqual([aws('B'), aws('C')]);
  expect(lab.iam.listRolePolicies({ RoleName: 'task' }).PolicyNames).toEqual(['two']);
  expect(lab.iam.getRolePolicy({ RoleName: 'task', PolicyName: 'two' }).PolicyDocument).toContain('ec2');
  expect(lab.iam.getRole({ RoleName: 'task' }).Role?.Description).toBe('changed');
  expect(lab.iam.listRoleTags({ RoleName: 'task' }).Tags?.some(({ Key }) => Key === 'team')).toBe(false);
  remove();
  expect(status()).toBe('DELETE_COMPLETE');
  expect(lab.iam.listRoles({}).Roles).toEqual([]);
});

test('policies of their own types, in roles and groups', () => {
  const { lab, create, update, remove, status } = world();
  const resources = (action: string, roles: object[]) => ({
    A: type('Role', { AssumeRolePolicyDocument: trust }),
    B: type('Role', { AssumeRolePolicyDocument: trust }),
    Group: type('Group', { GroupName: 'team', ManagedPolicyArns: [aws('ReadOnlyAccess')] }),
    Inline: type('Policy', { PolicyName: 'inline', PolicyDocument: document(action), Roles: roles, Groups: ['team'] }),
    Managed: type('ManagedPolicy', { PolicyDocument: document(action), Roles: roles }),
  });
  const [a, b] = [{ Ref: 'A' }, { Ref: 'B' }];
  const withGroup = (parts: ReturnType<typeof resources>) => ({
    ...parts,
    Inline: { ...parts.Inline, DependsOn: 'Group' },
  });
  create(withGroup(resources('s3:*', [a])));
  expect(status()).toBe('CREATE_COMPLETE');
  const roles = () => (lab.iam.listRoles({}).Roles ?? []).map(({ RoleName = '' }) => RoleName);
  const holders = () => roles().filter((RoleName) => lab.iam.listRolePolicies({ RoleName }).PolicyNames?.length);
  const users = () =>
    roles().filter((RoleName) => lab.iam.listAttachedRolePolicies({ RoleName }).AttachedPolicies?.length);
  expect([holders(), users()]).toEqual([[expect.stringMatching(/^s-A-/)], [expect.stringMatching(/^s-A-/)]]);
  expect(lab.iam.listGroupPolicies({ GroupName: 'team' }).PolicyNames).toEqual(['inline']);
  for (const action of ['ec2:*', 'ecs:*', 'ecr:*', 'sns:*', 'sqs:*', 'logs:*'])
    update(withGroup(resources(action, [b])));
  expect(status()).toBe('UPDATE_COMPLETE');
  expect([holders(), users()]).toEqual([[expect.stringMatching(/^s-B-/)], [expect.stringMatching(/^s-B-/)]]);
  const [policy] = lab.iam.listPolicies({ Scope: 'Local' }).Policies ?? [];
  expect(policy?.DefaultVersionId).toBe('v7');
  remove();
  expect([status(), roles(), lab.iam.listPolicies({ Scope: 'Local' }).Policies]).toEqual(['DELETE_COMPLETE', [], []]);
});

test('users with keys, groups and profiles', () => {
  const { lab, create, remove, status, outputs } = world();
  create(
    {
      Role: type('Role', { AssumeRolePolicyDocument: trust }),
      Profile: type('InstanceProfile', { InstanceProfileName: 'p', Roles: [{ Ref: 'Role' }] }),
      Group: type('Group', {}),
      User: type('User', {
        UserName: 'ann',
        Groups: [{ Ref: 'Group' }],
        Policies: [{ PolicyName: 'x', PolicyDocument: document('s3:*') }],
      }),
      Key: type('AccessKey', { UserName: { Ref: 'User' } }),
      Linked: type('ServiceLinkedRole', { AWSServiceName: 'ecs.amazonaws.com' }),
    },
    { Key: { Value: { Ref: 'Key' } }, Secret: { Value: { 'Fn::GetAtt': ['Key', 'SecretAccessKey'] } } },
  );
  expect(status()).toBe('CREATE_COMPLETE');
  expect(outputs()).toEqual({
    Key: lab.iam.listAccessKeys({ UserName: 'ann' }).AccessKeyMetadata?.[0]?.AccessKeyId,
    Secret: expect.stringMatching(/^.{40}$/),
  });
  expect(lab.iam.getInstanceProfile({ InstanceProfileName: 'p' }).InstanceProfile?.Roles).toHaveLength(1);
  expect(lab.iam.listGroupsForUser({ UserName: 'ann' }).Groups).toHaveLength(1);
  remove();
  expect(status()).toBe('DELETE_COMPLETE');
  expect(lab.iam.getAccountSummary({}).SummaryMap).toMatchObject({
    Users: 0,
    Groups: 0,
    Roles: 0,
    InstanceProfiles: 0,
  });
});
