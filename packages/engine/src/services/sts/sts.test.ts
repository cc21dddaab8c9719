import { GetSessionTokenCommand, STSClient, GetCallerIdentityCommand as WhoAmI } from '@aws-sdk/client-sts';
import { expect, test } from 'vitest';
import { credentials, serviceCaller } from '../../kernel/caller.ts';
import { startLab } from '../../testing/lab.ts';
import { requestHandler } from '../../wire/request-handler.ts';
import { iam } from '../iam/index.ts';
import { sts } from './index.ts';

const trust = JSON.stringify({
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Allow',
      Principal: { Service: 'ecs-tasks.amazonaws.com', AWS: '000000000000' },
      Action: 'sts:AssumeRole',
    },
  ],
});

function world() {
  const lab = startLab({ services: () => [sts(), iam()] });
  lab.iam.createRole({ RoleName: 'task', Path: '/app/', AssumeRolePolicyDocument: trust });
  return { lab, arn: 'arn:aws:iam::000000000000:role/app/task' };
}

interface Keys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** The SDK's client with keys, against the lab. */
const clientOf = (lab: ReturnType<typeof startLab>, keys: Keys) =>
  new STSClient({
    region: 'us-east-1',
    credentials: keys,
    maxAttempts: 1,
    requestHandler: requestHandler({
      kernel: lab.kernel,
      onBug(error) {
        throw error;
      },
    }) as never,
  });

function keysOf(issued: { AccessKeyId?: string; SecretAccessKey?: string; SessionToken?: string } | undefined): Keys {
  if (!issued?.AccessKeyId || !issued.SecretAccessKey) throw new Error('no keys were issued');
  return {
    accessKeyId: issued.AccessKeyId,
    secretAccessKey: issued.SecretAccessKey,
    sessionToken: issued.SessionToken,
  };
}

const whoAmI = async (client: STSClient) => {
  const { $metadata: _metadata, ...identity } = await client.send(new WhoAmI({}));
  return identity;
};

test('keys of an assumed role act as its session', async () => {
  const { lab, arn } = world();
  const { Credentials, AssumedRoleUser } = lab.sts.assumeRole({ RoleArn: arn, RoleSessionName: 'me@work' });
  const roleId = lab.iam.getRole({ RoleName: 'task' }).Role?.RoleId;
  expect(AssumedRoleUser).toEqual({
    Arn: 'arn:aws:sts::000000000000:assumed-role/task/me@work',
    AssumedRoleId: `${roleId}:me@work`,
  });
  expect(await whoAmI(clientOf(lab, keysOf(Credentials)))).toEqual({
    Account: '000000000000',
    Arn: AssumedRoleUser?.Arn,
    UserId: AssumedRoleUser?.AssumedRoleId,
  });
  expect(lab.events('sts/role-assumed')).toMatchObject([{ subject: arn, data: { session: 'me@work' } }]);
});

test('a role of another account is that account', async () => {
  const { lab } = world();
  const other = lab.context.in({ account: '111122223333' });
  lab.kernel.turn(() => other.iam.createRole({ RoleName: 'there', AssumeRolePolicyDocument: trust }));
  const RoleArn = 'arn:aws:iam::111122223333:role/there';
  const { Credentials } = lab.sts.assumeRole({ RoleArn, RoleSessionName: 'me' });
  const keys = keysOf(Credentials);
  expect((await whoAmI(clientOf(lab, keys))).Account).toBe('111122223333');
  expect(lab.sts.getAccessKeyInfo({ AccessKeyId: keys.accessKeyId })).toEqual({ Account: '111122223333' });
});

test.each([
  [
    'a role that is not there',
    { RoleArn: 'arn:aws:iam::000000000000:role/nope' },
    'AccessDenied',
    'is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::000000000000:role/nope',
  ],
  ['a role at another path', { RoleArn: 'arn:aws:iam::000000000000:role/task' }, 'AccessDenied', 'not authorized'],
  ['no ARN of a role', { RoleArn: 'task' }, 'ValidationError', 'task is invalid'],
  ['a session name with a space', { RoleSessionName: 'a b' }, 'ValidationError', "Value 'a b' at 'roleSessionName'"],
  [
    'a session name that is too short',
    { RoleSessionName: 'a' },
    'ValidationError',
    'length greater than or equal to 2',
  ],
  ['too short a time', { DurationSeconds: 899 }, 'ValidationError', 'greater than or equal to 900'],
  ['too long a time', { DurationSeconds: 43_201 }, 'ValidationError', 'less than or equal to 43200'],
  ['more time than the role allows', { DurationSeconds: 7200 }, 'ValidationError', 'exceeds the MaxSessionDuration'],
])('%s is refused', (_case, input, code, message) => {
  const { lab, arn } = world();
  const assume = () => lab.sts.assumeRole({ RoleArn: arn, RoleSessionName: 'me', ...input });
  expect(assume).toThrow(expect.objectContaining({ code, message: expect.stringContaining(message) }));
});

test('a service may hold a session longer than the role lets users', () => {
  const { lab, arn } = world();
  const ecs = lab.context.as(serviceCaller('000000000000', 'ecs-tasks.amazonaws.com'));
  const assume = () => ecs.sts.assumeRole({ RoleArn: arn, RoleSessionName: 'task-1', DurationSeconds: 21_600 });
  const { Credentials } = lab.kernel.turn(assume);
  expect(Credentials?.Expiration?.getTime()).toBe(lab.context.now + 21_600_000);
});

test('a session runs out, is told so for a day, and is then unknown', async () => {
  const { lab, arn } = world();
  const { Credentials } = lab.sts.assumeRole({ RoleArn: arn, RoleSessionName: 'me', DurationSeconds: 900 });
  const client = clientOf(lab, keysOf(Credentials));
  lab.advance('14m');
  await expect(whoAmI(client)).resolves.toBeDefined();
  lab.advance('1m');
  await expect(whoAmI(client)).rejects.toMatchObject({ name: 'ExpiredToken' });
  lab.advance('24h');
  expect(lab.context.store.table(credentials).list()).toEqual([]);
  await expect(whoAmI(client)).rejects.toMatchObject({ name: 'InvalidClientTokenId' });
});

test('a wrong secret or token is refused', async () => {
  const { lab, arn } = world();
  const keys = keysOf(lab.sts.assumeRole({ RoleArn: arn, RoleSessionName: 'me' }).Credentials);
  const asking = (wrong: Partial<Keys>) => whoAmI(clientOf(lab, { ...keys, ...wrong }));
  await expect(asking({ secretAccessKey: 'wrong' })).rejects.toMatchObject({ name: 'SignatureDoesNotMatch' });
  await expect(asking({ sessionToken: 'wrong' })).rejects.toMatchObject({ name: 'InvalidClientTokenId' });
  await expect(asking({ sessionToken: undefined })).rejects.toMatchObject({ name: 'InvalidClientTokenId' });
});

test('everybody knows the keys of an account’s root; nobody those that the engine did not issue', async () => {
  const { lab } = world();
  const who = async (accessKeyId: string, secretAccessKey = 'test') =>
    (await whoAmI(clientOf(lab, { accessKeyId, secretAccessKey }))).Arn;
  expect(await who('test')).toBe('arn:aws:iam::000000000000:root');
  expect(await who('111122223333')).toBe('arn:aws:iam::111122223333:root');
  await expect(who('AKIAIOSFODNN7EXAMPLE')).rejects.toMatchObject({ name: 'InvalidClientTokenId' });
  await expect(who('test', 'wrong')).rejects.toMatchObject({ name: 'SignatureDoesNotMatch' });
});

test('a user gets temporary keys of their own; a session cannot get more', async () => {
  const { lab } = world();
  lab.iam.createUser({ UserName: 'ann' });
  const user = clientOf(lab, keysOf(lab.iam.createAccessKey({ UserName: 'ann' }).AccessKey));
  const session = clientOf(lab, keysOf((await user.send(new GetSessionTokenCommand({}))).Credentials));
  expect(await whoAmI(session)).toEqual(await whoAmI(user));
  await expect(session.send(new GetSessionTokenCommand({}))).rejects.toMatchObject({
    name: 'AccessDenied',
    message: 'Cannot call GetSessionToken with session credentials',
  });
});

test('sessions outlive the engine', async () => {
  const { lab, arn } = world();
  const keys = keysOf(lab.sts.assumeRole({ RoleArn: arn, RoleSessionName: 'me' }).Credentials);
  const again = lab.restart();
  expect((await whoAmI(clientOf(again, keys))).Arn).toContain('assumed-role/task/me');
});
