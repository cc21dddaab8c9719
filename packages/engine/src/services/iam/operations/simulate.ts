import type { ContextEntry, EvaluationResult, Statement as MatchedStatement } from '@aws-sdk/client-iam';
import type { Context } from '../../../kernel/context.ts';
import { type Decision, evaluate, type NamedPolicy, type Policies, says } from '../../../policy/evaluate.ts';
import type { Deed } from '../../../policy/statements.ts';
import { invalidAction, malformedDocument, notFound } from '../errors.ts';
import { identityOf } from '../identity-policies.ts';
import { pageOf } from '../names.ts';
import { documentProblem } from '../policy-document.ts';
import type { Op } from './find-rows.ts';

/** What both simulations are asked. */
interface Asked {
  readonly ActionNames: readonly string[];
  readonly ResourceArns?: readonly string[] | undefined;
  readonly ResourcePolicy?: string | undefined;
  readonly ContextEntries?: readonly ContextEntry[] | undefined;
  readonly PermissionsBoundaryPolicyInputList?: readonly string[] | undefined;
  readonly CallerArn?: string | undefined;
  readonly Marker?: string;
  readonly MaxItems?: number;
}

interface Simulated {
  readonly arn: string;
  readonly policies: readonly NamedPolicy[];
  readonly boundary?: NamedPolicy;
}

/** Whether an identity that has these policies could do it. */
export const simulateCustomPolicy: Op<'SimulateCustomPolicy'> = (input, context) =>
  simulate({ arn: input.CallerArn ?? context.caller.arn, policies: given(input.PolicyInputList) }, input, context);

/** Whether a user, group or role could do it, as it is and with further policies. */
export const simulatePrincipalPolicy: Op<'SimulatePrincipalPolicy'> = (input, context) => {
  const arn = input.PolicySourceArn;
  const [, , , , account = '', path = ''] = arn.split(':');
  const kind = path.slice(0, path.indexOf('/'));
  const session = arn.replace(/:iam::(\d+):role\/(?:.*\/)?([^/]+)$/, ':sts::$1:assumed-role/$2/simulation');
  const caller = { kind: kind === 'role' ? 'role' : 'user', account, arn: session, userId: '' } as const;
  const identity = identityOf(context, caller);
  if (!identity) throw notFound(kind === 'role' ? 'role' : 'user', path.slice(path.lastIndexOf('/') + 1));
  const policies = [...identity.policies, ...given(input.PolicyInputList ?? [])];
  return simulate({ arn, policies, ...(identity.boundary ? { boundary: identity.boundary } : {}) }, input, context);
};

function given(documents: readonly string[]): NamedPolicy[] {
  return documents.map((document, index) => {
    const problem = documentProblem(document, 'identity');
    if (problem) throw malformedDocument(problem);
    return { name: `PolicyInputList.${index + 1}`, document };
  });
}

function simulate({ arn, policies, boundary }: Simulated, input: Asked, context: Context) {
  const [limit = boundary] = given(input.PermissionsBoundaryPolicyInputList ?? []);
  const having: Policies = {
    identity: policies,
    ...(limit ? { boundary: limit } : {}),
    ...(input.ResourcePolicy ? { resource: { name: 'ResourcePolicy', document: input.ResourcePolicy } } : {}),
    sameAccount: true,
  };
  const results = input.ActionNames.flatMap((action) =>
    (input.ResourceArns ?? ['*']).map((resource) => resultOf({ action, resource, arn }, having, input, context)),
  );
  const { items, next } = pageOf(results, input);
  return { EvaluationResults: items, ...next };
}

function resultOf(
  { action, resource, arn }: { readonly action: string; readonly resource: string; readonly arn: string },
  policies: Policies,
  { ContextEntries = [] }: Asked,
  { scope }: Context,
): EvaluationResult {
  if (!/^[\w-]+:[\w*?]+$/.test(action)) throw invalidAction(action);
  const entries = new Map(
    (ContextEntries ?? []).map(({ ContextKeyName = '', ContextKeyValues = [] }) => [
      ContextKeyName.toLowerCase(),
      ContextKeyValues,
    ]),
  );
  const missing = new Set<string>();
  const keys = (name: string) => {
    const values = entries.get(name);
    if (values === undefined) missing.add(name);
    return values;
  };
  const deed: Deed = { action, resource, principal: { account: scope.account, arn }, keys };
  const decision = evaluate(deed, policies);
  return {
    EvalActionName: action,
    EvalResourceName: resource,
    EvalDecision: nameOf(decision),
    MatchedStatements: matched(policies, deed),
    MissingContextValues: [...missing],
    ...(policies.boundary
      ? {
          PermissionsBoundaryDecisionDetail: {
            AllowedByPermissionsBoundary: says(policies.boundary, 'Allow', deed).length > 0,
          },
        }
      : {}),
  };
}

const nameOf = (decision: Decision) =>
  decision.allowed ? 'allowed' : decision.deniedBy === undefined ? 'implicitDeny' : 'explicitDeny';

/** The policies that say something of the deed. Where in their text is not told. */
function matched({ identity, resource, boundary }: Policies, deed: Deed): MatchedStatement[] {
  const speaking = ([policy, type]: readonly [NamedPolicy, string]) =>
    says(policy, 'Allow', deed).length + says(policy, 'Deny', deed).length > 0
      ? [{ SourcePolicyId: policy.name, SourcePolicyType: type as never }]
      : [];
  return [
    ...identity.map((policy) => [policy, 'IAM Policy'] as const),
    ...(boundary ? [[boundary, 'IAM Policy'] as const] : []),
    ...(resource ? [[resource, 'Resource Policy'] as const] : []),
  ].flatMap(speaking);
}
