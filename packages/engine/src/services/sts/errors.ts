import { AwsError } from '../../kernel/aws-error.ts';

export const validationError = (message: string) => new AwsError('ValidationError', message);

/** The sentence of AWS's common validation for one value. */
export const invalidValue = (value: unknown, member: string, constraint: string) =>
  validationError(
    `1 validation error detected: Value '${value}' at '${member}' failed to satisfy constraint: ${constraint}`,
  );

export const mayNotAssume = (caller: string, role: string) =>
  new AwsError('AccessDenied', `User: ${caller} is not authorized to perform: sts:AssumeRole on resource: ${role}`, {
    status: 403,
  });

export const sessionCannotGetToken = () =>
  new AwsError('AccessDenied', 'Cannot call GetSessionToken with session credentials', { status: 403 });

export const invalidRoleArn = (arn: string) => validationError(`${arn} is invalid`);
