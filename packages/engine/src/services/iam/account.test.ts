import { expect, test } from 'vitest';
import { credentials } from '../../kernel/caller.ts';
import { startLab } from '../../testing/lab.ts';
import { resourceLab } from '../../testing/resource-lab.ts';
import { iam } from './index.ts';

const world = () => startLab({ services: () => [iam()] });
const failure = (code: string, message: string) => expect.objectContaining({ code, message });
const document = (more: object = {}) =>
  JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 's3:*', Resource: '*', ...more }] });
const trust = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' }],
});

test('a user has one login profile, which must be gone before the user', () => {
  const lab = world();
  lab.iam.createUser({ UserName: 'Ada' });
  const make = (Password = 'Correct-Horse-1') => lab.iam.createLoginProfile({ UserName: 'Ada', Password });
  expect(() => lab.iam.getLoginProfile({ UserName: 'Ada' })).toThrow(
    failure('NoSuchEntity', 'Login Profile for User Ada cannot be found.'),
  );
  expect(() => make('alllower')).toThrow(
    failure('PasswordPolicyViolation', 'Password does not conform to the account password policy.'),
  );
  expect(make().LoginProfile).toMatchObject({ UserName: 'Ada', PasswordResetRequired: false });
  expect(() => make()).toThrow(failure('EntityAlreadyExists', 'Login Profile for user Ada already exists.'));
  lab.iam.updateLoginProfile({ UserName: 'Ada', PasswordResetRequired: true });
  expect(lab.iam.getLoginProfile({ UserName: 'ada' }).LoginProfile?.PasswordResetRequired).toBe(true);
  expect(() => lab.iam.deleteUser({ UserName: 'Ada' })).toThrow(
    failure('DeleteConflict', 'Cannot delete entity, must delete login profile first.'),
  );
  lab.iam.deleteLoginProfile({ UserName: 'Ada' });
  lab.iam.deleteUser({ UserName: 'Ada' });
});

test('the password policy is what it was last set to, with defaults for the rest, and passwords keep to it', () => {
  const lab = world();
  const missing = failure('NoSuchEntity', 'The Password Policy with domain name 000000000000 cannot be found.');
  expect(() => lab.iam.getAccountPasswordPolicy({})).toThrow(missing);
  expect(() => lab.iam.deleteAccountPasswordPolicy({})).toThrow(missing);
  lab.iam.updateAccountPasswordPolicy({ RequireSymbols: true, MaxPasswordAge: 90 });
  lab.iam.updateAccountPasswordPolicy({ MinimumPasswordLength: 12, RequireNumbers: true });
  expect(lab.iam.getAccountPasswordPolicy({}).PasswordPolicy).toEqual({
    MinimumPasswordLength: 12,
    RequireSymbols: false,
    RequireNumbers: true,
    RequireUppercaseCharacters: false,
    RequireLowercaseCharacters: false,
    AllowUsersToChangePassword: false,
    ExpirePasswords: false,
  });
  lab.iam.createUser({ UserName: 'Ada' });
  const make = (Password: string) => lab.iam.createLoginProfile({ UserName: 'Ada', Password });
  expect(() => make('short1')).toThrow('Password does not conform');
  expect(() => make('long enough without')).toThrow('Password does not conform');
  make('long enough with 1');
  lab.iam.deleteAccountPasswordPolicy({});
  expect(() => lab.iam.getAccountPasswordPolicy({})).toThrow(missing);
});

test('a renamed user keeps its id, groups, policies, keys and password', () => {
  const lab = world();
  const before = lab.iam.createUser({ UserName: 'Ada' }).User;
  lab.iam.createUser({ UserName: 'Bob' });
  lab.iam.createGroup({ GroupName: 'Admins' });
  lab.iam.addUserToGroup({ GroupName: 'Admins', UserName: 'Ada' });
  lab.iam.putUserPolicy({ UserName: 'Ada', PolicyName: 'own', PolicyDocument: document() });
  lab.iam.attachUserPolicy({ UserName: 'Ada', PolicyArn: 'arn:aws:iam::aws:policy/ReadOnlyAccess' });
  lab.iam.createLoginProfile({ UserName: 'Ada', Password: 'Correct-Horse-1' });
  const { AccessKey } = lab.iam.createAccessKey({ UserName: 'Ada' });
  expect(() => lab.iam.updateUser({ UserName: 'Ada', NewUserName: 'bob' })).toThrow(
    failure('EntityAlreadyExists', 'User with name bob already exists.'),
  );
  lab.iam.updateUser({ UserName: 'Ada', NewUserName: 'Grace', NewPath: '/navy/' });
  const UserName = 'Grace';
  expect(lab.iam.getUser({ UserName }).User).toMatchObject({
    UserId: before?.UserId,
    Arn: 'arn:aws:iam::000000000000:user/navy/Grace',
  });
  expect(() => lab.iam.getUser({ UserName: 'Ada' })).toThrow('cannot be found');
  expect(lab.iam.listGroupsForUser({ UserName }).Groups?.map(({ GroupName }) => GroupName)).toEqual(['Admins']);
  expect(lab.iam.listUserPolicies({ UserName }).PolicyNames).toEqual(['own']);
  expect(lab.iam.listAttachedUserPolicies({ UserName }).AttachedPolicies).toHaveLength(1);
  const { caller } = lab.context.store.table(credentials).get(AccessKey?.AccessKeyId ?? '') ?? {};
  expect(caller?.arn).toBe('arn:aws:iam::000000000000:user/navy/Grace');
  expect(lab.iam.listAccessKeys({ UserName }).AccessKeyMetadata?.[0]).toMatchObject({
    AccessKeyId: AccessKey?.AccessKeyId,
    UserName,
  });
  expect(lab.iam.getLoginProfile({ UserName }).LoginProfile?.UserName).toBe(UserName);
  lab.iam.updateUser({ UserName, NewUserName: 'GRACE' });
  expect(lab.iam.getUser({ UserName }).User?.UserName).toBe('GRACE');
});

test('a renamed group keeps its members and policies', () => {
  const lab = world();
  lab.iam.createUser({ UserName: 'Ada' });
  for (const GroupName of ['Admins', 'Others']) lab.iam.createGroup({ GroupName });
  lab.iam.addUserToGroup({ GroupName: 'Admins', UserName: 'Ada' });
  lab.iam.putGroupPolicy({ GroupName: 'Admins', PolicyName: 'own', PolicyDocument: document() });
  expect(() => lab.iam.updateGroup({ GroupName: 'Admins', NewGroupName: 'Others' })).toThrow('already exists');
  lab.iam.updateGroup({ GroupName: 'Admins', NewGroupName: 'Rulers' });
  expect(lab.iam.getGroup({ GroupName: 'Rulers' })).toMatchObject({
    Group: { Arn: 'arn:aws:iam::000000000000:group/Rulers' },
    Users: [{ UserName: 'Ada' }],
  });
  expect(lab.iam.listGroupPolicies({ GroupName: 'Rulers' }).PolicyNames).toEqual(['own']);
});

test('the authorization details have everybody and all policies, in pages, by kind', () => {
  const lab = world();
  lab.iam.createUser({ UserName: 'Ada', Tags: [{ Key: 'a', Value: '1' }] });
  lab.iam.createGroup({ GroupName: 'Admins' });
  lab.iam.addUserToGroup({ GroupName: 'Admins', UserName: 'Ada' });
  lab.iam.createRole({ RoleName: 'Task', AssumeRolePolicyDocument: trust });
  lab.iam.putRolePolicy({ RoleName: 'Task', PolicyName: 'own', PolicyDocument: document() });
  const { Policy } = lab.iam.createPolicy({ PolicyName: 'Mine', PolicyDocument: document() });
  for (const PolicyArn of [Policy?.Arn ?? '', 'arn:aws:iam::aws:policy/ReadOnlyAccess'])
    lab.iam.attachRolePolicy({ RoleName: 'Task', PolicyArn });
  const details = lab.iam.getAccountAuthorizationDetails({});
  expect(details).toMatchObject({
    IsTruncated: false,
    UserDetailList: [{ UserName: 'Ada', GroupList: ['Admins'], Tags: [{ Key: 'a', Value: '1' }] }],
    GroupDetailList: [{ GroupName: 'Admins', GroupPolicyList: [] }],
    RoleDetailList: [
      {
        RoleName: 'Task',
        RolePolicyList: [{ PolicyName: 'own' }],
        AttachedManagedPolicies: [{ PolicyName: 'Mine' }, { PolicyName: 'ReadOnlyAccess' }],
        InstanceProfileList: [],
      },
    ],
  });
  expect(details.Policies?.map(({ PolicyName }) => PolicyName).sort()).toEqual(['Mine', 'ReadOnlyAccess']);
  const mine = lab.iam.getAccountAuthorizationDetails({ Filter: ['LocalManagedPolicy'] });
  expect(decodeURIComponent(mine.Policies?.[0]?.PolicyVersionList?.[0]?.Document ?? '')).toBe(document());
  expect(mine.UserDetailList).toEqual([]);
  const first = lab.iam.getAccountAuthorizationDetails({ MaxItems: 2 });
  expect([first.UserDetailList?.length, first.GroupDetailList?.length, first.RoleDetailList?.length]).toEqual([
    1, 1, 0,
  ]);
  expect(lab.iam.getAccountAuthorizationDetails({ Marker: first.Marker }).RoleDetailList).toHaveLength(1);
});

test('context keys are those of conditions and variables, of a policy or of somebody’s policies', () => {
  const lab = world();
  const conditions = {
    StringEquals: { 'aws:RequestedRegion': 'eu-west-1' },
    Bool: { 'aws:MultiFactorAuthPresent': 'true' },
  };
  // biome-ignore lint/suspicious/noTemplateCurlyInString: policies write their variables like this
  const policy = document({ Condition: conditions, Resource: 'arn:aws:s3:::home/${aws:username}/*' });
  const keys = ['aws:MultiFactorAuthPresent', 'aws:RequestedRegion', 'aws:username'];
  expect(lab.iam.getContextKeysForCustomPolicy({ PolicyInputList: [policy, document()] }).ContextKeyNames).toEqual(
    keys,
  );
  expect(() => lab.iam.getContextKeysForCustomPolicy({ PolicyInputList: ['{}'] })).toThrow(
    failure('MalformedPolicyDocument', 'Syntax errors in policy.'),
  );
  lab.iam.createUser({ UserName: 'Ada' });
  lab.iam.createGroup({ GroupName: 'Admins' });
  lab.iam.addUserToGroup({ GroupName: 'Admins', UserName: 'Ada' });
  lab.iam.putGroupPolicy({ GroupName: 'Admins', PolicyName: 'own', PolicyDocument: policy });
  const of = (path: string) =>
    lab.iam.getContextKeysForPrincipalPolicy({ PolicySourceArn: `arn:aws:iam::000000000000:${path}` }).ContextKeyNames;
  expect([of('user/Ada'), of('group/Admins')]).toEqual([keys, keys]);
  expect(() => of('role/None')).toThrow(failure('NoSuchEntity', 'The role with name None cannot be found.'));
});

test('CloudFormation: a user with a password comes and goes', () => {
  const lab = world();
  const users = resourceLab(lab, 'AWS::IAM::User');
  const properties = { UserName: 'Ada', LoginProfile: { Password: 'Correct-Horse-1', PasswordResetRequired: true } };
  users.create(properties);
  expect(lab.iam.getLoginProfile({ UserName: 'Ada' }).LoginProfile?.PasswordResetRequired).toBe(true);
  users.delete('Ada', properties);
  expect(() => lab.iam.getUser({ UserName: 'Ada' })).toThrow('cannot be found');
});
