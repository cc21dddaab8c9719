import { expect, test } from 'vitest';
import { startLab } from '../../testing/lab.ts';
import { iam } from './index.ts';

const trust = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: 'ecs-tasks.amazonaws.com' }, Action: 'sts:AssumeRole' }],
});
const document = (Action: string) =>
  JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action, Resource: '*' }] });
const executionArn = 'arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy';

const world = () => startLab({ services: () => [iam()] });
const failure = (code: string, message: string) => expect.objectContaining({ code, message });

function withRole() {
  const lab = world();
  lab.iam.createRole({ RoleName: 'Task', AssumeRolePolicyDocument: trust });
  return lab;
}

test('a role is found whatever the case of its name, and its trust policy is URL-encoded', () => {
  const lab = world();
  const { Role } = lab.iam.createRole({
    RoleName: 'Task',
    Path: '/app/',
    AssumeRolePolicyDocument: trust,
    Tags: [{ Key: 'a', Value: 'b' }],
  });
  expect(Role).toMatchObject({
    RoleName: 'Task',
    Arn: 'arn:aws:iam::000000000000:role/app/Task',
    RoleId: expect.stringMatching(/^AROA[A-Z0-9]{17}$/),
    MaxSessionDuration: 3600,
    Tags: [{ Key: 'a', Value: 'b' }],
  });
  const read = lab.iam.getRole({ RoleName: 'tASK' }).Role;
  expect(read?.AssumeRolePolicyDocument).toMatch(/^%7B%22Version%22%3A/);
  expect(decodeURIComponent(read?.AssumeRolePolicyDocument ?? '')).toBe(trust);
  expect(lab.iam.listRoles({ PathPrefix: '/app/' }).Roles).toHaveLength(1);
  expect(lab.iam.listRoles({ PathPrefix: '/other/' }).Roles).toEqual([]);
});

test.each([
  ['a name twice', {}, 'EntityAlreadyExists', 'Role with name Task already exists.'],
  ['a name in another case', { RoleName: 'TASK' }, 'EntityAlreadyExists', 'Role with name TASK already exists.'],
  ['a bad name', { RoleName: 'a b' }, 'ValidationError', expect.stringContaining('roleName is invalid')],
  ['a long name', { RoleName: 'a'.repeat(65) }, 'ValidationError', expect.stringContaining('less than or equal to 64')],
  ['a bad path', { RoleName: 'x', Path: 'x' }, 'ValidationError', expect.stringContaining('path is invalid')],
  [
    'a bad trust policy',
    { RoleName: 'x', AssumeRolePolicyDocument: '{' },
    'MalformedPolicyDocument',
    'This policy contains invalid Json',
  ],
  ['a short session', { RoleName: 'x', MaxSessionDuration: 60 }, 'ValidationError', expect.stringContaining('3600')],
])('a role with %s is refused', (_case, input, code, message) => {
  const lab = withRole();
  const attempt = () => lab.iam.createRole({ RoleName: 'Task', AssumeRolePolicyDocument: trust, ...input });
  expect(attempt).toThrow(failure(code, message));
});

test('a role goes only when nothing is left on it', () => {
  const lab = withRole();
  const role = { RoleName: 'task' };
  const remove = () => lab.iam.deleteRole(role);
  lab.iam.attachRolePolicy({ ...role, PolicyArn: executionArn });
  lab.iam.putRolePolicy({ ...role, PolicyName: 'p', PolicyDocument: document('s3:*') });
  lab.iam.createInstanceProfile({ InstanceProfileName: 'i' });
  lab.iam.addRoleToInstanceProfile({ InstanceProfileName: 'i', RoleName: 'Task' });
  expect(remove).toThrow(failure('DeleteConflict', 'Cannot delete entity, must detach all policies first.'));
  lab.iam.detachRolePolicy({ ...role, PolicyArn: executionArn });
  expect(remove).toThrow(failure('DeleteConflict', 'Cannot delete entity, must delete policies first.'));
  lab.iam.deleteRolePolicy({ ...role, PolicyName: 'p' });
  expect(remove).toThrow(
    failure('DeleteConflict', 'Cannot delete entity, must remove roles from instance profile first.'),
  );
  expect(() => lab.iam.deleteInstanceProfile({ InstanceProfileName: 'i' })).toThrow('must remove roles');
  lab.iam.removeRoleFromInstanceProfile({ InstanceProfileName: 'i', RoleName: 'task' });
  remove();
  expect(() => lab.iam.getRole(role)).toThrow(failure('NoSuchEntity', 'The role with name task cannot be found.'));
});

test('any policy of AWS can be attached; documents are given where they are known', () => {
  const lab = withRole();
  const other = 'arn:aws:iam::aws:policy/AmazonSomethingNew';
  for (const PolicyArn of [executionArn, executionArn, other])
    lab.iam.attachRolePolicy({ RoleName: 'Task', PolicyArn });
  expect(lab.iam.listAttachedRolePolicies({ RoleName: 'Task' })).toEqual({
    AttachedPolicies: [
      { PolicyName: 'AmazonECSTaskExecutionRolePolicy', PolicyArn: executionArn },
      { PolicyName: 'AmazonSomethingNew', PolicyArn: other },
    ],
    IsTruncated: false,
  });
  expect(lab.iam.getPolicy({ PolicyArn: executionArn }).Policy).toMatchObject({
    Path: '/service-role/',
    AttachmentCount: 1,
  });
  const version = (PolicyArn: string) => () => lab.iam.getPolicyVersion({ PolicyArn, VersionId: 'v1' });
  expect(decodeURIComponent(version(executionArn)().PolicyVersion?.Document ?? '')).toContain(
    'ecr:GetAuthorizationToken',
  );
  expect(version(other)).toThrow(failure('NotImplemented', expect.stringContaining('AmazonSomethingNew')));
  expect(lab.iam.listEntitiesForPolicy({ PolicyArn: other }).PolicyRoles).toMatchObject([{ RoleName: 'Task' }]);
  const mine = 'arn:aws:iam::000000000000:policy/nope';
  expect(() => lab.iam.attachRolePolicy({ RoleName: 'Task', PolicyArn: mine })).toThrow(
    failure('NoSuchEntity', `Policy ${mine} does not exist or is not attachable.`),
  );
  expect(() => lab.iam.attachRolePolicy({ RoleName: 'Task', PolicyArn: 'x' })).toThrow('ARN x is not valid.');
});

test('a managed policy has up to five versions, of which one counts', () => {
  const lab = withRole();
  const { Policy } = lab.iam.createPolicy({ PolicyName: 'p', PolicyDocument: document('s3:*') });
  const PolicyArn = Policy?.Arn ?? '';
  const add = (SetAsDefault: boolean) =>
    lab.iam.createPolicyVersion({ PolicyArn, PolicyDocument: document('ec2:*'), SetAsDefault }).PolicyVersion;
  expect(add(true)).toMatchObject({ VersionId: 'v2', IsDefaultVersion: true });
  expect(lab.iam.getPolicyVersion({ PolicyArn, VersionId: 'v1' }).PolicyVersion?.IsDefaultVersion).toBe(false);
  expect(() => lab.iam.deletePolicyVersion({ PolicyArn, VersionId: 'v2' })).toThrow(
    failure('DeleteConflict', 'Cannot delete the default version of a policy.'),
  );
  lab.iam.deletePolicyVersion({ PolicyArn, VersionId: 'v1' });
  for (let count = 0; count < 4; count++) add(false);
  expect(() => add(false)).toThrow(failure('LimitExceeded', expect.stringContaining('up to 5 versions')));
  expect((lab.iam.listPolicyVersions({ PolicyArn }).Versions ?? []).map(({ VersionId }) => VersionId)).toEqual([
    'v6',
    'v5',
    'v4',
    'v3',
    'v2',
  ]);
  lab.iam.attachRolePolicy({ RoleName: 'Task', PolicyArn });
  expect(() => lab.iam.deletePolicy({ PolicyArn })).toThrow('Cannot delete a policy attached to entities.');
  lab.iam.detachRolePolicy({ RoleName: 'Task', PolicyArn });
  expect(() => lab.iam.deletePolicy({ PolicyArn })).toThrow('This policy has more than one version.');
  for (const VersionId of ['v3', 'v4', 'v5', 'v6']) lab.iam.deletePolicyVersion({ PolicyArn, VersionId });
  lab.iam.deletePolicy({ PolicyArn });
  expect(() => lab.iam.getPolicy({ PolicyArn })).toThrow(failure('NoSuchEntity', `Policy ${PolicyArn} was not found.`));
});

test('lists come in pages, by name', () => {
  const lab = world();
  for (const name of ['c', 'a', 'B', 'd', 'e']) lab.iam.createUser({ UserName: name });
  const names: (string | undefined)[] = [];
  let Marker: string | undefined;
  do {
    const page = lab.iam.listUsers({ MaxItems: 2, Marker });
    names.push(...(page.Users ?? []).map(({ UserName }) => UserName));
    Marker = page.Marker;
    expect(page.IsTruncated).toBe(Marker !== undefined);
  } while (Marker);
  expect(names).toEqual(['a', 'B', 'c', 'd', 'e']);
});

test('users, their groups and their keys', () => {
  const lab = world();
  lab.iam.createUser({ UserName: 'ann' });
  lab.iam.createGroup({ GroupName: 'team' });
  lab.iam.addUserToGroup({ GroupName: 'team', UserName: 'ANN' });
  expect(lab.iam.getGroup({ GroupName: 'team' }).Users).toMatchObject([{ UserName: 'ann' }]);
  expect(lab.iam.listGroupsForUser({ UserName: 'ann' }).Groups).toMatchObject([{ GroupName: 'team' }]);
  const first = lab.iam.createAccessKey({ UserName: 'ann' }).AccessKey?.AccessKeyId ?? '';
  const second = lab.iam.createAccessKey({ UserName: 'ann' }).AccessKey?.AccessKeyId ?? '';
  expect(() => lab.iam.createAccessKey({ UserName: 'ann' })).toThrow('Cannot exceed quota for AccessKeysPerUser: 2');
  expect(() => lab.iam.deleteUser({ UserName: 'ann' })).toThrow('must delete access keys first');
  expect(() => lab.iam.createAccessKey({})).toThrow('Must specify userName when calling with non-User credentials');
  lab.iam.updateAccessKey({ UserName: 'ann', AccessKeyId: first, Status: 'Inactive' });
  expect(lab.iam.listAccessKeys({ UserName: 'ann' }).AccessKeyMetadata).toMatchObject([
    { AccessKeyId: first, Status: 'Inactive' },
    { AccessKeyId: second, Status: 'Active' },
  ]);
  for (const AccessKeyId of [first, second]) lab.iam.deleteAccessKey({ UserName: 'ann', AccessKeyId });
  expect(() => lab.iam.deleteUser({ UserName: 'ann' })).toThrow('must remove users from group first');
  expect(() => lab.iam.deleteGroup({ GroupName: 'team' })).toThrow('must remove users from group first');
  lab.iam.removeUserFromGroup({ GroupName: 'team', UserName: 'ann' });
  lab.iam.deleteUser({ UserName: 'ann' });
  lab.iam.deleteGroup({ GroupName: 'team' });
});

test('a service has its own role, which nobody else changes', () => {
  const lab = world();
  const { Role } = lab.iam.createServiceLinkedRole({ AWSServiceName: 'ecs.amazonaws.com' });
  expect(Role?.Arn).toBe('arn:aws:iam::000000000000:role/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS');
  expect(() => lab.iam.createServiceLinkedRole({ AWSServiceName: 'ecs.amazonaws.com' })).toThrow(
    failure('InvalidInput', expect.stringContaining('has been taken in this account')),
  );
  expect(() => lab.iam.deleteRole({ RoleName: 'AWSServiceRoleForECS' })).toThrow(
    failure('UnmodifiableEntity', expect.stringContaining("protected role 'AWSServiceRoleForECS'")),
  );
  const { DeletionTaskId = '' } = lab.iam.deleteServiceLinkedRole({ RoleName: 'AWSServiceRoleForECS' });
  expect(lab.iam.getServiceLinkedRoleDeletionStatus({ DeletionTaskId })).toEqual({ Status: 'SUCCEEDED' });
});

test('tags and boundaries', () => {
  const lab = withRole();
  const role = { RoleName: 'Task' };
  lab.iam.tagRole({
    ...role,
    Tags: [
      { Key: 'a', Value: '1' },
      { Key: 'b', Value: '2' },
    ],
  });
  lab.iam.tagRole({ ...role, Tags: [{ Key: 'a', Value: '3' }] });
  lab.iam.untagRole({ ...role, TagKeys: ['b'] });
  expect(lab.iam.listRoleTags(role).Tags).toEqual([{ Key: 'a', Value: '3' }]);
  lab.iam.putRolePermissionsBoundary({ ...role, PermissionsBoundary: executionArn });
  expect(lab.iam.getRole(role).Role?.PermissionsBoundary?.PermissionsBoundaryArn).toBe(executionArn);
  lab.iam.deleteRolePermissionsBoundary(role);
  expect(lab.iam.getRole(role).Role?.PermissionsBoundary).toBeUndefined();
});
