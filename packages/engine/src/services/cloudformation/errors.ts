import { AwsError } from '../../kernel/aws-error.ts';

export const validationError = (message: string) => new AwsError('ValidationError', message);
export const stackNotFound = (name: string) => validationError(`Stack with id ${name} does not exist`);
export const stackDoesNotExist = (name: string) => validationError(`Stack [${name}] does not exist`);
export const stackAlreadyExists = (name: string) =>
  new AwsError('AlreadyExistsException', `Stack [${name}] already exists`);
export const cannotUpdate = (stackId: string, status: string) =>
  validationError(`Stack:${stackId} is in ${status} state and can not be updated.`);
export const noUpdates = () => validationError('No updates are to be performed.');
export const insufficientCapabilities = (missing: readonly string[]) =>
  new AwsError('InsufficientCapabilitiesException', `Requires capabilities : [${missing.join(', ')}]`);
export const changeSetNotFound = (name: string) =>
  new AwsError('ChangeSetNotFoundException', `ChangeSet [${name}] does not exist`, { status: 404 });
export const changeSetAlreadyExists = (name: string) =>
  new AwsError('AlreadyExistsException', `ChangeSet ${name} already exists`);
export const changeSetNotExecutable = (id: string, status: string) =>
  new AwsError(
    'InvalidChangeSetStatusException',
    `ChangeSet [${id}] cannot be executed in its current status of [${status}]`,
  );
export const notImplemented = (what: string) =>
  new AwsError('NotImplemented', `CloudFormation: ${what} is not implemented here`, { status: 501 });
export const invalidNextToken = () => validationError('The specified NextToken is not valid.');
