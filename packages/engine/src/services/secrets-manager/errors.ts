import { AwsError } from '../../kernel/aws-error.ts';

const invalidRequest = (message: string) => new AwsError('InvalidRequestException', message);
export const invalidParameter = (message: string) => new AwsError('InvalidParameterException', message);
const notFound = (message: string) => new AwsError('ResourceNotFoundException', message);

export const secretNotFound = () => notFound("Secrets Manager can't find the specified secret.");
export const stageNotFound = (stage: string) =>
  notFound(`Secrets Manager can't find the specified secret value for staging label: ${stage}`);
export const versionNotFound = (id: string) =>
  notFound(`Secrets Manager can't find the specified secret value for VersionId: ${id}`);
export const wrongStage = () =>
  invalidRequest('You provided a VersionStage that is not associated to the provided VersionId.');
export const secretExists = (name: string) =>
  new AwsError('ResourceExistsException', `The operation failed because the secret ${name} already exists.`);
export const nameIsLeaving = () =>
  invalidRequest("You can't create this secret because a secret with this name is already scheduled for deletion.");
export const markedForDeletion = () =>
  invalidRequest("You can't perform this operation on the secret because it was marked for deletion.");
export const tokenInUse = (token: string, arn: string) =>
  new AwsError(
    'ResourceExistsException',
    `You can't use ClientRequestToken ${token} because that value is already in use for a version of secret ${arn}.`,
  );
export const noToken = () =>
  invalidRequest('You must provide a ClientRequestToken value. We recommend a UUID-type value.');
export const invalidName = () =>
  new AwsError(
    'ValidationException',
    'Invalid name. Must be a valid name containing alphanumeric characters, or any of the following: -/_+=.@!',
  );
export const bothValues = () =>
  invalidParameter("You can't specify both a binary secret value and a string secret value in the same secret.");
export const noValue = () => invalidRequest('You must provide either SecretString or SecretBinary.');
export const recoveryWindow = () =>
  invalidParameter('The RecoveryWindowInDays value must be between 7 and 30 days (inclusive).');
export const forceAndWindow = () =>
  invalidParameter("You can't use ForceDeleteWithoutRecovery in conjunction with RecoveryWindowInDays.");
export const noRotationFunction = () =>
  invalidRequest('No Lambda rotation function ARN is associated with this secret.');
export const stageIsElsewhere = (stage: string, id: string) =>
  invalidParameter(
    `The parameter RemoveFromVersionId can't be empty. Staging label ${stage} is currently attached to version ${id}, so you must explicitly reference that version in RemoveFromVersionId.`,
  );
export const stageIsNotThere = (stage: string, id: string) =>
  invalidParameter(`Staging label ${stage} is not currently attached to version ${id}.`);
export const malformedPolicy = () =>
  new AwsError('MalformedPolicyDocumentException', 'This resource policy contains invalid Json.');
export const invalidToken = () => new AwsError('InvalidNextTokenException', 'The NextToken value is invalid.');
export const decryptionFailed = (reason: string) =>
  new AwsError(
    'DecryptionFailure',
    `Secrets Manager can't decrypt the protected secret text using the provided KMS key. ${reason}`,
  );
export const encryptionFailed = (reason: string) =>
  new AwsError(
    'EncryptionFailure',
    `Secrets Manager can't encrypt the protected secret text using the provided KMS key. ${reason}`,
  );
export const notImplemented = (what: string) =>
  new AwsError('NotImplemented', `secretsmanager: ${what} is not implemented here`, { status: 501 });
