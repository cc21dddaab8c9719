import { isAwsError } from '../../kernel/aws-error.ts';
import type { Context } from '../../kernel/context.ts';
import { asService } from '../../kernel/create-context.ts';
import { invalidParameter } from './errors.ts';

const principal = 'lambda.amazonaws.com';

/** Refuses a role that is not there or does not trust Lambda, in AWS's words. An engine without IAM has no roles to look at. */
export function checkRole(context: Context, arn: string): void {
  const [, , , , account = '', path = ''] = arn.split(':');
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (!isTrusting(context, account, name))
    throw invalidParameter('The role defined for the function cannot be assumed by Lambda.');
}

function isTrusting(context: Context, account: string, RoleName: string): boolean {
  try {
    const { Role } = asService(context, 'lambda').in({ account }).iam.getRole({ RoleName });
    return trusts(JSON.parse(decodeURIComponent(Role?.AssumeRolePolicyDocument ?? '{}')), principal);
  } catch (error) {
    if (isAwsError(error, 'NotImplemented')) return true;
    if (isAwsError(error, 'NoSuchEntityException') || isAwsError(error, 'NoSuchEntity')) return false;
    throw error;
  }
}

interface TrustPolicy {
  readonly Statement?: TrustStatement | readonly TrustStatement[];
}

interface TrustStatement {
  readonly Effect?: string;
  readonly Action?: string | readonly string[];
  readonly Principal?: '*' | { readonly Service?: string | readonly string[] };
}

export function trusts(policy: TrustPolicy, service: string): boolean {
  return listOf(policy.Statement).some(({ Effect, Action, Principal }) => {
    const services = Principal === '*' ? ['*'] : listOf(Principal?.Service);
    const actions = listOf(Action).map((action) => action.toLowerCase());
    return (
      Effect === 'Allow' &&
      services.some((name) => name === service || name === '*') &&
      actions.some((action) => action === 'sts:assumerole' || action === 'sts:*' || action === '*')
    );
  });
}

const listOf = <Item>(value: Item | readonly Item[] | undefined): readonly Item[] =>
  value === undefined ? [] : Array.isArray(value) ? value : [value as Item];
