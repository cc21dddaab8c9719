import { AwsError } from '../../kernel/aws-error.ts';

const error = (code: string, status: number, message: string, members: Record<string, unknown> = { Type: 'User' }) =>
  new AwsError(code, message, { status, members });

export const functionNotFound = (arn: string) => error('ResourceNotFoundException', 404, `Function not found: ${arn}`);
export const notFound = (message: string) => error('ResourceNotFoundException', 404, message);
export const conflict = (message: string) => error('ResourceConflictException', 409, message);
export const functionExists = (name: string) => conflict(`Function already exist: ${name}`);
export const invalidParameter = (message: string) => error('InvalidParameterValueException', 400, message);
export const invalidContent = (message: string) => error('InvalidRequestContentException', 400, message);
export const preconditionFailed = () =>
  error(
    'PreconditionFailedException',
    412,
    'The Revision Id provided does not match the latest Revision Id. Call the GetFunction/GetAlias API to retrieve the latest Revision Id',
  );
export const tooLarge = (size: number, limit: number) =>
  error(
    'RequestTooLargeException',
    413,
    `${size} byte payload is too large for the invocation type (limit ${limit} bytes)`,
  );

/** https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html */
export const throttled = (reserved: boolean) =>
  error('TooManyRequestsException', 429, 'Rate Exceeded.', {
    Type: 'User',
    Reason: reserved ? 'ReservedFunctionConcurrentInvocationLimitExceeded' : 'ConcurrentInvocationLimitExceeded',
  });

export const notAuthorized = (principal: string, resource: string) =>
  new AwsError(
    'AccessDeniedException',
    `User: ${principal} is not authorized to perform: lambda:InvokeFunction on resource: ${resource} because no resource-based policy allows the lambda:InvokeFunction action`,
    { status: 403 },
  );

export const notImplemented = (what: string) =>
  new AwsError('NotImplemented', `${what} is not implemented here`, { status: 501 });
