import { isAwsError } from '../../kernel/aws-error.ts';
import { type Caller, credentials } from '../../kernel/caller.ts';
import type { Context } from '../../kernel/context.ts';
import { asService } from '../../kernel/create-context.ts';
import type { Handler, Input, OperationName } from '../../kernel/operation.ts';
import { says } from '../../policy/evaluate.ts';
import { invalidRoleArn, invalidValue, mayNotAssume, sessionCannotGetToken, validationError } from './errors.ts';
import { issueSession } from './sessions.ts';

type Sdk = typeof import('@aws-sdk/client-sts');
type AssumeInput = Input<Sdk, 'AssumeRole'>;
type Op<Name extends OperationName<Sdk>> = Handler<Sdk, Name, Context>;

export const getCallerIdentity: Op<'GetCallerIdentity'> = (_input, { caller }) => ({
  UserId: caller.userId,
  Account: caller.account,
  Arn: caller.arn,
});

/** The keys act as `assumed-role/<role>/<session>`. Users and roles have been judged by the role's trust policy before; services and an account's root are judged here. */
export const assumeRole: Op<'AssumeRole'> = (input, context) => {
  const { RoleArn: arn, RoleSessionName: session, DurationSeconds = 3600, Policy, PolicyArns = [], Tags = [] } = input;
  const [, account, roleName] = /^arn:aws[\w-]*:iam::(\d{12}):role\/(?:.*\/)?([\w+=,.@-]+)$/.exec(arn) ?? [];
  if (!account || !roleName) throw invalidRoleArn(arn);
  if (!/^[\w+=,.@-]{2,64}$/.test(session)) throw invalidSessionName(session);
  const role = findRole({ account, roleName, arn }, context);
  checkDuration(DurationSeconds, { min: 900, max: 43_200 });
  if (context.caller.kind !== 'service' && DurationSeconds > role.maxSession_s)
    throw validationError('The requested DurationSeconds exceeds the MaxSessionDuration set for this role.');
  const userId = `${role.id}:${session}`;
  const sessionArn = `arn:aws:sts::${account}:assumed-role/${roleName}/${session}`;
  checkTrust(role.trust, arn, input, context);
  const caller = {
    kind: 'role',
    account,
    arn: sessionArn,
    userId,
    ...(Policy || PolicyArns.length > 0 || Tags.length > 0 ? { session: sessionOf(input, context) } : {}),
  } as const;
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
    PackedPolicySize: Policy ? 1 : 0,
    ...(input.SourceIdentity ? { SourceIdentity: input.SourceIdentity } : {}),
  };
};

/** A service or an account's root must be let in by the role's trust policy. (AWS lets no root assume a role at all; here root stands for its account's administrators.) */
function checkTrust(trust: string, arn: string, input: AssumeInput, { caller }: Context): void {
  if (caller.kind !== 'service' && caller.kind !== 'root') return;
  const principal = {
    account: caller.account,
    arn: caller.arn,
    ...(caller.kind === 'service' ? { service: caller.arn } : {}),
  };
  const facts: Readonly<Record<string, string | undefined>> = {
    'aws:sourcearn': caller.sourceArn,
    'aws:sourceaccount': caller.kind === 'service' ? caller.account : undefined,
    'aws:principalarn': caller.arn,
    'aws:principalaccount': caller.account,
    'sts:externalid': input.ExternalId,
    'sts:rolesessionname': input.RoleSessionName,
  };
  const keys = (name: string) => {
    const fact = facts[name];
    return fact === undefined ? undefined : [fact];
  };
  const deed = { action: 'sts:AssumeRole', resource: arn, principal, keys };
  const policy = { name: arn, document: trust };
  if (says(policy, 'Deny', deed).length > 0 || says(policy, 'Allow', deed).length === 0)
    throw mayNotAssume(caller.arn, arn);
}

/** Policies and tags that limit a session, from its request; managed policies as they are now. */
function sessionOf({ Policy, PolicyArns = [], Tags = [] }: AssumeInput, context: Context): Caller['session'] {
  const managed = PolicyArns.map(({ arn = '' }) => managedDocument(arn, context));
  const policies = [...(Policy ? [Policy] : []), ...managed];
  const tags = Object.fromEntries(Tags.map(({ Key, Value }) => [Key ?? '', Value ?? '']));
  return { ...(policies.length > 0 ? { policies } : {}), ...(Tags.length > 0 ? { tags } : {}) };
}

function managedDocument(arn: string, context: Context): string {
  const { iam } = asService(context, 'sts');
  const { Policy } = iam.getPolicy({ PolicyArn: arn });
  const { PolicyVersion } = iam.getPolicyVersion({ PolicyArn: arn, VersionId: Policy?.DefaultVersionId ?? 'v1' });
  return decodeURIComponent(PolicyVersion?.Document ?? '');
}

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
): { id: string; maxSession_s: number; trust: string } {
  try {
    const { Role: role } = context.in({ account }).iam.getRole({ RoleName: roleName });
    if (role?.RoleId && role.Arn === arn)
      return {
        id: role.RoleId,
        maxSession_s: role.MaxSessionDuration ?? 3600,
        trust: decodeURIComponent(role.AssumeRolePolicyDocument ?? ''),
      };
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
