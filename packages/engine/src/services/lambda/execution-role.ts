import { isAwsError } from '../../kernel/aws-error.ts';
import type { Context } from '../../kernel/context.ts';
import { asService } from '../../kernel/create-context.ts';
import { letsService } from '../../policy/lets-service.ts';
import { invalidParameter } from './errors.ts';

const principal = 'lambda.amazonaws.com';

/** Refuses a role that is not there or does not trust Lambda, in AWS's words. An engine without IAM has no roles to look at. */
export function checkRole(context: Context, arn: string): void {
  const [, , , , account = '', path = ''] = arn.split(':');
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (!isTrusting(context, { arn, account, name }))
    throw invalidParameter('The role defined for the function cannot be assumed by Lambda.');
}

function isTrusting(
  context: Context,
  { arn, account, name: RoleName }: { readonly arn: string; readonly account: string; readonly name: string },
): boolean {
  try {
    const { Role } = asService(context, 'lambda').in({ account }).iam.getRole({ RoleName });
    return trustsLambda(decodeURIComponent(Role?.AssumeRolePolicyDocument ?? '{}'), arn);
  } catch (error) {
    if (isAwsError(error, 'NotImplemented')) return true;
    if (isAwsError(error, 'NoSuchEntityException') || isAwsError(error, 'NoSuchEntity')) return false;
    throw error;
  }
}

/** Whether a role's trust policy lets Lambda assume it. */
export function trustsLambda(document: string, arn: string): boolean {
  const [, , , , account = ''] = arn.split(':');
  return letsService(document, { action: 'sts:AssumeRole', resource: arn, service: principal, account });
}
