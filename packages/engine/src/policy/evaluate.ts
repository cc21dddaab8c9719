import { type Deed, statementsOf } from './statements.ts';

/** A policy with the name that people know it by: an ARN, or an inline policy's name. */
export interface NamedPolicy {
  readonly name: string;
  readonly document: string;
}

/** All policies that have a say. */
export interface Policies {
  /** Of the user with their groups, or of the role. */
  readonly identity: readonly NamedPolicy[];
  readonly boundary?: NamedPolicy;
  /** Given with AssumeRole or GetFederationToken; undefined: none was given. */
  readonly session?: readonly NamedPolicy[];
  readonly resource?: NamedPolicy;
  /** Whether the resource is of the principal's account. */
  readonly sameAccount: boolean;
  /** Of roles and KMS keys, whose own policies must let in whoever uses them, whatever else their policies say. */
  readonly resourceMustAllow?: boolean;
}

export type PolicyKind = 'identity' | 'resource' | 'boundary' | 'session';

export type Decision =
  | { readonly allowed: true }
  | {
      readonly allowed: false;
      /** The kind of policy that denies, or of which none allows. */
      readonly kind: PolicyKind;
      /** The policy that denies; undefined: none allows. */
      readonly deniedBy?: string;
    };

const allowed: Decision = { allowed: true };

/**
 * AWS's evaluation: a deny anywhere ends it; within an account an identity's or the resource's policy must allow, across accounts both; a
 * boundary and session policies limit what is left, but not what a resource gives to this very user or session.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 */
export function evaluate(deed: Deed, policies: Policies): Decision {
  const { identity, boundary, session, resource, sameAccount, resourceMustAllow } = policies;
  const limits: readonly (readonly [PolicyKind, readonly NamedPolicy[]])[] = [
    ['identity', identity],
    ['resource', resource ? [resource] : []],
    ['boundary', boundary ? [boundary] : []],
    ['session', session ?? []],
  ];
  for (const [kind, ones] of limits) {
    const denying = ones.find((policy) => says(policy, 'Deny', deed).length > 0);
    if (denying) return { allowed: false, kind, deniedBy: denying.name };
  }
  const grants = resource ? says(resource, 'Allow', deed) : [];
  if (resourceMustAllow && grants.length === 0) return { allowed: false, kind: 'resource' };
  const isGranted = grants.some((naming) => naming !== 'account');
  if (sameAccount && grants.includes('self')) return allowed;
  const hasIdentity = identity.some((policy) => says(policy, 'Allow', deed).length > 0);
  if (!hasIdentity && !(sameAccount && isGranted)) return { allowed: false, kind: 'identity' };
  if (!sameAccount && grants.length === 0) return { allowed: false, kind: 'resource' };
  if (boundary && says(boundary, 'Allow', deed).length === 0) return { allowed: false, kind: 'boundary' };
  if (session && !session.some((policy) => says(policy, 'Allow', deed).length > 0))
    return { allowed: false, kind: 'session' };
  return allowed;
}

/** How the statements of an effect that apply to the deed name its principal; none: the policy does not say this of it. */
export const says = ({ document }: NamedPolicy, effect: 'Allow' | 'Deny', deed: Deed) =>
  statementsOf(document).flatMap((statement) => (statement.effect === effect ? (statement.applies(deed) ?? []) : []));
