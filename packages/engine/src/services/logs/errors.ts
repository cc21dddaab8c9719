import { AwsError } from '../../kernel/aws-error.ts';

export const groupNotFound = () => new AwsError('ResourceNotFoundException', 'The specified log group does not exist.');
export const streamNotFound = () =>
  new AwsError('ResourceNotFoundException', 'The specified log stream does not exist.');
export const groupExists = () =>
  new AwsError('ResourceAlreadyExistsException', 'The specified log group already exists');
export const streamExists = () =>
  new AwsError('ResourceAlreadyExistsException', 'The specified log stream already exists');
export const filterNotFound = (what: string) =>
  new AwsError('ResourceNotFoundException', `The specified ${what} does not exist.`);
export const policyNotFound = (name: string) =>
  new AwsError('ResourceNotFoundException', `Policy with name [${name}] does not exist.`);
export const invalidParameter = (message: string) => new AwsError('InvalidParameterException', message);
export const limitExceeded = (message: string) => new AwsError('LimitExceededException', message);
export const invalidNextToken = () => invalidParameter('The specified nextToken is invalid.');
