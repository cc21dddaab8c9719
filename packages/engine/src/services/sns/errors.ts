import { AwsError } from '../../kernel/aws-error.ts';

export const topicNotFound = () => new AwsError('NotFoundException', 'Topic does not exist', { status: 404 });
export const subscriptionNotFound = () =>
  new AwsError('NotFoundException', 'Subscription does not exist', { status: 404 });
export const resourceNotFound = () =>
  new AwsError('ResourceNotFoundException', 'Resource does not exist', { status: 404 });
export const invalidParameter = (what: string) =>
  new AwsError('InvalidParameterException', `Invalid parameter: ${what}`);
export const notImplemented = (what: string) =>
  new AwsError('NotImplemented', `${what} is not implemented here`, { status: 501 });
export const notAuthorized = (who: string, action: string, resource: string) =>
  new AwsError(
    'AuthorizationErrorException',
    `User: ${who} is not authorized to perform: SNS:${action} on resource: ${resource} because no resource-based policy allows the SNS:${action} action`,
    { status: 403 },
  );
export const batchError = (
  code: 'EmptyBatchRequest' | 'TooManyEntriesInBatchRequest' | 'BatchEntryIdsNotDistinct' | 'BatchRequestTooLong',
  message: string,
) => new AwsError(`${code}Exception`, message);
