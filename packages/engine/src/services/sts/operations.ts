import { isAwsError } from '../../kernel/aws-error.ts';
import { credentials } from '../../kernel/caller.ts';
import type { Context } from '../../kernel/context.ts';
import type { Handler, OperationName } from '../../kernel/operation.ts';
import { invalidRoleArn, invalidValue, mayNotAssume, sessionCannotGetToken, validationError } from './errors.ts';
import { issueSession } from './sessions.ts';

type Sdk = typeof import('@aws-sdk/client-sts');
type Op<Name extends OperationName<Sdk>> = Handler<Sdk, Name, Context>;

export const getCallerIdentity: Op<'GetCallerIdentity'> = (_input, { caller }) => ({
  UserId: caller.userId,
  Account: caller.account,
  Arn: caller.arn,
});

/** The keys act as `assumed-role/<role>/<session>`. Whether the caller may is not decided here; but the role must be there. */
export const assumeRole: Op<'AssumeRole'> = (input, context) => {
  const { RoleArn: arn, RoleSessionName: session, DurationSeconds = 3600 } = input;
  const [, account, roleName] = /^arn:aws[\w-]*:iam::(\d{12}):role\/(?:.*\/)?([\w+=,.@-]+)$/.exec(arn) ?? [];
  if (!account || !roleName) throw invalidRoleArn(arn);
  if (!/^[\w+=,.@-]{2,64}$/.test(session)) throw invalidSessionName(session);
  const role = findRole({ account, roleName, arn }, context);
  checkDuration(DurationSeconds, { min: 900, max: 43_200 });
  if (context.caller.kind !== 'service' && DurationSeconds > role.maxSession_s)
    throw validationError('The requested DurationSeconds exceeds the MaxSessionDuration set for this role.');
  const userId = `${role.id}:${session}`;
  const sessionArn = `arn:aws:sts::${account}:assumed-role/${roleName}/${session}`;
  const caller = { kind: 'role', account, arn: sessionArn, userId } as const;
  const issued = issueSession(context, caller, DurationSeconds);
  context.emit({
    type: 'sts/role-assumed',
    subject: arn,
    message: `${context.caller.arn} assumed the role ${roleName} as ${session}`,
    data: { roleArn: arn, session, accessKeyId: issued.AccessKeyId, expiration: issued.Expiration.getTime() },
  });
  return {
    Credentials: issued,
    AssumedRoleUser: { AssumedRoleId: userId, Arn: sessionArn },
    PackedPolicySize: input.Policy ? 1 : 0,
    ...(input.SourceIdentity ? { SourceIdentity: input.SourceIdentity } : {}),
  };
};

const invalidSessionName = (session: string) =>
  session.length < 2
    ? invalidValue(session, 'roleSessionName', 'Member must have length greater than or equal to 2')
    : session.length > 64
      ? invalidValue(session, 'roleSessionName', 'Member must have length less than or equal to 64')
      : invalidValue(session, 'roleSessionName', 'Member must satisfy regular expression pattern: [\\w+=,.@-]*');

function checkDuration(seconds: number, { min, max }: { min: number; max: number }): void {
  if (seconds < min)
    throw invalidValue(seconds, 'durationSeconds', `Member must have value greater than or equal to ${min}`);
  if (seconds > max)
    throw invalidValue(seconds, 'durationSeconds', `Member must have value less than or equal to ${max}`);
}

/** A role that is not there is refused in the words of one that may not be assumed, so that nobody learns which roles exist. */
function findRole(
  { account, roleName, arn }: { account: string; roleName: string; arn: string },
  context: Context,
): { id: string; maxSession_s: number } {
  try {
    const { Role: role } = context.in({ account }).iam.getRole({ RoleName: roleName });
    if (role?.RoleId && role.Arn === arn) return { id: role.RoleId, maxSession_s: role.MaxSessionDuration ?? 3600 };
  } catch (error) {
    if (!isAwsError(error, 'NoSuchEntity')) throw error;
  }
  throw mayNotAssume(context.caller.arn, arn);
}

/** The same caller, with keys that run out. */
export const getSessionToken: Op<'GetSessionToken'> = ({ DurationSeconds = 43_200 }, context) => {
  const { caller } = context;
  const used = context.store.table(credentials).get(caller.accessKeyId ?? '');
  if (caller.kind === 'role' || used?.sessionToken) throw sessionCannotGetToken();
  checkDuration(DurationSeconds, { min: 900, max: 129_600 });
  const { accessKeyId: _used, ...lasting } = caller;
  return { Credentials: issueSession(context, lasting, DurationSeconds) };
};

export const getAccessKeyInfo: Op<'GetAccessKeyInfo'> = ({ AccessKeyId }, { store, scope }) => {
  if (!/^\w{12,128}$/.test(AccessKeyId))
    throw invalidValue(AccessKeyId, 'accessKeyId', 'Member must satisfy regular expression pattern: [\\w]*');
  const issued = store.table(credentials).get(AccessKeyId);
  return { Account: issued?.caller.account ?? (/^\d{12}$/.test(AccessKeyId) ? AccessKeyId : scope.account) };
};
