import type { Authorize, Denial, Request } from '../kernel/authorization.ts';
import { AwsError, isAwsError } from '../kernel/aws-error.ts';
import type { Caller } from '../kernel/caller.ts';
import type { Context } from '../kernel/context.ts';
import { asService } from '../kernel/create-context.ts';
import type { ServiceName } from '../kernel/service-names.ts';
import { denialMessage } from '../policy/denial.ts';
import { type Decision, evaluate, type NamedPolicy, type Policies } from '../policy/evaluate.ts';
import { contextKeys, roleNameOf } from './context-keys.ts';
import { type Asked, deedsOf } from './deeds.ts';
import { passedRoles } from './pass-role.ts';
import { resourcePolicyOf, resourceTagsOf } from './resource-policies.ts';

/** What the authorizer must learn of those who ask; IAM knows it. */
export interface Identities {
  identityOf(
    context: Context,
    caller: Caller,
  ):
    | {
        readonly arn: string;
        readonly policies: readonly NamedPolicy[];
        readonly boundary?: NamedPolicy;
        readonly tags: Readonly<Record<string, string>>;
        readonly unknown: readonly string[];
      }
    | undefined;
}

type Identity = NonNullable<ReturnType<Identities['identityOf']>>;

/** One thing asked for, with the keys that only it has. */
interface Question extends Asked {
  readonly own?: Readonly<Record<string, readonly string[]>>;
}

const nobody: Identity = { arn: '', policies: [], tags: {}, unknown: [] };

/** Judges requests by all policies that have a say. The services' own roles are theirs to use. */
export function authorizer({ identityOf }: Identities): Authorize {
  return (request, context) => {
    const { caller } = context;
    if (roleNameOf(caller)?.startsWith('AWSServiceRoleFor')) return undefined;
    const questions = questionsOf(request, context);
    if (questions.length === 0) return undefined;
    const identity = identityOf(context, caller) ?? nobody;
    for (const question of questions) {
      const { decision, policies } = judge(question, request, context, identity);
      if (!decision.allowed) return denial({ question, decision, policies, identity }, request, caller);
    }
    return undefined;
  };
}

function questionsOf({ service, operation, input }: Request, context: Context): Question[] {
  const pathOf = (kind: string, name: string) => pathOfName(kind, name, context);
  const passed = passedRoles(service, operation, input).map((role) => ({
    action: 'iam:PassRole',
    resource: role.roleArn,
    own: { 'iam:passedtoservice': [role.service] },
  }));
  return [...deedsOf(service, operation, input, context.scope, pathOf), ...passed];
}

/** The path of a role, user or the like by its name, which its ARN carries and most requests do not; of an alias its key. */
function pathOfName(kind: string, name: string, context: Context): string {
  const { iam, kms } = asService(context, 'iam');
  try {
    if (kind === 'Key') return kms.describeKey({ KeyId: name }).KeyMetadata?.KeyId ?? name;
    if (kind === 'Role') return iam.getRole({ RoleName: name }).Role?.Path ?? '/';
    if (kind === 'User') return iam.getUser({ UserName: name }).User?.Path ?? '/';
    if (kind === 'Group') return iam.getGroup({ GroupName: name }).Group?.Path ?? '/';
    if (kind === 'InstanceProfile')
      return iam.getInstanceProfile({ InstanceProfileName: name }).InstanceProfile?.Path ?? '/';
  } catch (error) {
    if (!isAwsError(error)) throw error;
  }
  return kind === 'Key' ? name : '/';
}

function judge(question: Question, request: Request, context: Context, identity: Identity) {
  const { caller, scope } = context;
  const { action, resource, own = {} } = question;
  const [, , , , account = ''] = resource.split(':');
  const resourcePolicy = resourcePolicyOf(resource, context);
  const policies: Policies = {
    identity: identity.policies,
    ...(identity.boundary ? { boundary: identity.boundary } : {}),
    ...(caller.session?.policies ? { session: caller.session.policies.map(sessionPolicy) } : {}),
    ...(resourcePolicy ? { resource: resourcePolicy } : {}),
    sameAccount: account === '' || account === caller.account,
    ...(action === 'sts:AssumeRole' || (action.startsWith('kms:') && resourcePolicy)
      ? { resourceMustAllow: true }
      : {}),
  };
  const keys = contextKeys({
    ...request,
    input: request.input as Readonly<Record<string, unknown>>,
    caller,
    facts: {
      now: context.now,
      region: scope.region,
      ...(request.client?.address ? { sourceIp: request.client.address } : {}),
      ...(request.client?.userAgent ? { userAgent: request.client.userAgent } : {}),
    },
    resourceTags: () => resourceTagsOf(resource, context),
    principalTags: () => ({ ...identity.tags, ...caller.session?.tags }),
    own,
  });
  const principal = {
    account: caller.account,
    arn: caller.arn,
    ...(caller.kind === 'role' ? { roleArn: identity.arn } : {}),
  };
  return { decision: evaluate({ action, resource, principal, keys }, policies), policies };
}

const sessionPolicy = (document: string, index: number): NamedPolicy => ({
  name: `session policy ${index + 1}`,
  document,
});

interface Refused {
  readonly question: Question;
  readonly decision: Exclude<Decision, { readonly allowed: true }>;
  readonly policies: Policies;
  readonly identity: Identity;
}

function denial({ question, decision, policies, identity }: Refused, request: Request, caller: Caller): Denial {
  const { action, resource } = question;
  const told = request.service === 'cloudWatch' && resource === '*' ? undefined : resource;
  const message = denialMessage(
    caller.arn,
    { action, resource: request.service === 's3' && told ? `"${told}"` : told },
    decision,
  );
  return {
    error: refusal(request.service, message),
    event: {
      type: 'iam/request-denied',
      subject: identity.arn || caller.arn,
      message,
      data: {
        caller: caller.arn,
        action,
        resource,
        request: `${request.service}.${request.operation}`,
        kind: decision.kind,
        ...(decision.deniedBy === undefined
          ? { missing: missingStatement(question) }
          : { deniedBy: decision.deniedBy }),
        policies: [
          ...policies.identity,
          ...(policies.boundary ? [policies.boundary] : []),
          ...(policies.resource ? [policies.resource] : []),
        ].map(({ name }) => name),
        unknown: identity.unknown,
      },
    },
  };
}

/** What would let the request pass, where nothing denies it. */
function missingStatement({ action, resource, own = {} }: Question): object {
  const condition = Object.entries(own).map(([key, values]) => [
    key === 'iam:passedtoservice' ? 'iam:PassedToService' : key,
    values[0],
  ]);
  return {
    Effect: 'Allow',
    Action: action,
    Resource: resource,
    ...(condition.length > 0 ? { Condition: { StringEquals: Object.fromEntries(condition) } } : {}),
  };
}

/** What each service calls a refusal. */
const codes: Readonly<Partial<Record<ServiceName, { readonly code: string; readonly status?: number }>>> = {
  ec2: { code: 'UnauthorizedOperation', status: 403 },
  s3: { code: 'AccessDenied', status: 403 },
  sns: { code: 'AuthorizationErrorException', status: 403 },
  lambda: { code: 'AccessDeniedException', status: 403 },
  iam: { code: 'AccessDenied', status: 403 },
  sts: { code: 'AccessDenied', status: 403 },
  cloudFormation: { code: 'AccessDenied', status: 403 },
  cloudWatch: { code: 'AccessDenied', status: 403 },
  elbv2: { code: 'AccessDenied', status: 403 },
  route53: { code: 'AccessDenied', status: 403 },
};

function refusal(service: ServiceName, message: string): AwsError {
  const { code, status = 400 } = codes[service] ?? { code: 'AccessDeniedException' };
  return new AwsError(
    code,
    service === 'ec2' ? `You are not authorized to perform this operation. ${message}` : message,
    { status },
  );
}
