import type { Decision, PolicyKind } from './evaluate.ts';

const implicit: Readonly<Record<PolicyKind, string>> = {
  identity: 'identity-based policy',
  resource: 'resource-based policy',
  boundary: 'permissions boundary',
  session: 'session policy',
};

const explicit: Readonly<Record<PolicyKind, string>> = {
  identity: 'an identity-based policy',
  resource: 'a resource-based policy',
  boundary: 'a permissions boundary',
  session: 'a session policy',
};

/** Why not, in AWS's words: https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html */
export function denialMessage(
  who: string,
  { action, resource }: { readonly action: string; readonly resource: string | undefined },
  decision: Exclude<Decision, { readonly allowed: true }>,
): string {
  const where = resource === undefined ? '' : ` on resource: ${resource}`;
  const isTrust = action === 'sts:AssumeRole' && decision.kind === 'resource';
  const why =
    decision.deniedBy === undefined
      ? `because no ${isTrust ? 'role trust policy' : implicit[decision.kind]} allows the ${action} action`
      : `with an explicit deny in ${isTrust ? 'the role trust policy' : explicit[decision.kind]}`;
  return `User: ${who} is not authorized to perform: ${action}${where} ${why}`;
}
