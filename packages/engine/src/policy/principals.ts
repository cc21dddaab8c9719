import { listOf, type PrincipalText } from './document.ts';
import { pattern } from './wildcards.ts';

/** Who asks, by the names that policies have for them. */
export interface Principal {
  readonly account: string;
  /** The user's ARN, a session's `assumed-role/...`, or the account's root. */
  readonly arn: string;
  /** The role of a session. */
  readonly roleArn?: string;
  /** `ecs-tasks.amazonaws.com`. */
  readonly service?: string;
  /** The ARN or name of an identity provider. */
  readonly federated?: string;
}

/**
 * How exactly a policy names somebody: themselves, the role of their session, everybody, or only the account that they are of, which
 * leaves it to that account whom of its own it lets.
 */
export type Naming = 'self' | 'role' | 'everybody' | 'account';

/** Undefined: not at all. */
export function named(principal: PrincipalText | undefined, who: Principal): Naming | undefined {
  if (principal === undefined) return undefined;
  if (principal === '*') return 'everybody';
  const { AWS, Service, Federated } = principal;
  if (who.service !== undefined)
    return listOf(Service).some((name) => pattern(name)(who.service ?? '')) || listOf(AWS).includes('*')
      ? 'self'
      : undefined;
  if (who.federated !== undefined && listOf(Federated).includes(who.federated)) return 'self';
  const names = listOf(AWS);
  if (names.includes(who.arn)) return who.arn.endsWith(':root') ? 'account' : 'self';
  if (who.roleArn !== undefined && names.includes(who.roleArn)) return 'role';
  if (names.includes('*')) return 'everybody';
  return names.some((name) => name === who.account || accountOf(name) === who.account) ? 'account' : undefined;
}

const accountOf = (name: string): string | undefined => /^arn:aws[\w-]*:iam::(\d{12}):root$/.exec(name)?.[1];
