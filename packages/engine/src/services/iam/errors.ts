import { AwsError } from '../../kernel/aws-error.ts';

const noSuchEntity = (message: string) => new AwsError('NoSuchEntity', message);
const alreadyExists = (message: string) => new AwsError('EntityAlreadyExists', message);
const deleteConflict = (message: string) => new AwsError('DeleteConflict', message);
const validationError = (message: string) => new AwsError('ValidationError', message);

/** What AWS calls the kinds of things in its sentences. */
export type Kind = 'role' | 'user' | 'group';
const capital = (kind: Kind) => kind.charAt(0).toUpperCase() + kind.slice(1);

export const notFound = (kind: Kind, name: string) => noSuchEntity(`The ${kind} with name ${name} cannot be found.`);
export const exists = (kind: Kind, name: string) => alreadyExists(`${capital(kind)} with name ${name} already exists.`);

export const profileNotFound = (name: string) => noSuchEntity(`Instance Profile ${name} cannot be found.`);
export const profileExists = (name: string) => alreadyExists(`Instance Profile ${name} already exists.`);
export const policyNotFound = (arn: string) => noSuchEntity(`Policy ${arn} was not found.`);
export const policyNotAttachable = (arn: string) => noSuchEntity(`Policy ${arn} does not exist or is not attachable.`);
export const policyExists = (name: string) =>
  alreadyExists(`A policy called ${name} already exists. Duplicate names are not allowed.`);
export const versionNotFound = (arn: string, version: string) =>
  noSuchEntity(`Policy ${arn} version ${version} does not exist or is not attachable.`);
export const inlineNotFound = (kind: Kind, name: string) =>
  noSuchEntity(`The ${kind} policy with name ${name} cannot be found.`);
export const keyNotFound = (id: string) => noSuchEntity(`The Access Key with id ${id} cannot be found.`);
export const aliasNotFound = (alias: string) => noSuchEntity(`The Account Alias ${alias} cannot be found.`);
export const aliasExists = (alias: string) => alreadyExists(`The account alias ${alias} already exists.`);
export const deletionTaskNotFound = (id: string) => noSuchEntity(`Deletion Task with id ${id} cannot be found.`);

export const openIdProviderNotFound = (arn: string) => noSuchEntity(`OpenIDConnect Provider not found for arn ${arn}`);
export const openIdProviderExists = (url: string) => alreadyExists(`Provider with url ${url} already exists.`);
export const invalidProviderUrl = () => validationError('Invalid Open ID Connect Provider URL');
export const samlProviderNotFound = (arn: string) => noSuchEntity(`Manifest not found for arn ${arn}`);
export const samlProviderExists = (name: string) => alreadyExists(`Provider with name ${name} already exists.`);
export const invalidMetadata = () => new AwsError('InvalidInput', 'Could not parse metadata');
export const privateKeysNotHere = () =>
  new AwsError('NotImplemented', 'iam: private keys of SAML providers are not implemented here', { status: 501 });
export const loginProfileNotFound = (user: string) => noSuchEntity(`Login Profile for User ${user} cannot be found.`);
export const loginProfileExists = (user: string) => alreadyExists(`Login Profile for user ${user} already exists.`);
export const noPassword = () => validationError('Must specify password when calling with non-User credentials');
export const weakPassword = () =>
  new AwsError('PasswordPolicyViolation', 'Password does not conform to the account password policy.');
export const passwordPolicyNotFound = (account: string) =>
  noSuchEntity(`The Password Policy with domain name ${account} cannot be found.`);

export const mustDeleteProfile = () => deleteConflict('Cannot delete entity, must delete login profile first.');
export const mustDetach = () => deleteConflict('Cannot delete entity, must detach all policies first.');
export const mustDeletePolicies = () => deleteConflict('Cannot delete entity, must delete policies first.');
export const mustLeaveProfiles = () =>
  deleteConflict('Cannot delete entity, must remove roles from instance profile first.');
export const mustDeleteKeys = () => deleteConflict('Cannot delete entity, must delete access keys first.');
export const mustLeaveGroups = () => deleteConflict('Cannot delete entity, must remove users from group first.');
export const policyAttached = () => deleteConflict('Cannot delete a policy attached to entities.');
export const policyHasVersions = () =>
  deleteConflict(
    "This policy has more than one version. Before you delete a policy, you must delete the policy's versions. The default version is deleted with the policy.",
  );
export const defaultVersion = () => deleteConflict('Cannot delete the default version of a policy.');

const limitExceeded = (message: string) => new AwsError('LimitExceeded', message);
export const tooManyVersions = () =>
  limitExceeded(
    'A managed policy can have up to 5 versions. Before you create a new version, you must delete an existing version.',
  );
export const quotaExceeded = (quota: string, max: number) => limitExceeded(`Cannot exceed quota for ${quota}: ${max}`);

export const protectedRole = (name: string) =>
  new AwsError(
    'UnmodifiableEntity',
    `Cannot perform the operation on the protected role '${name}' - this role is only modifiable by AWS`,
  );
export const roleNameTaken = (name: string) =>
  new AwsError(
    'InvalidInput',
    `Service role name ${name} has been taken in this account, please try a different suffix.`,
  );
export const invalidAction = (action: string) => new AwsError('InvalidInput', `Invalid Action: ${action}`);
export const mustNameUser = () => validationError('Must specify userName when calling with non-User credentials');

export const malformedDocument = (message: string) => new AwsError('MalformedPolicyDocument', message);

export const invalidName = (member: string) =>
  validationError(
    `The specified value for ${member} is invalid. It must contain only alphanumeric characters and/or the following: +=,.@_-`,
  );
export const nameTooLong = (name: string, member: string, max: number) =>
  validationError(
    `1 validation error detected: Value '${name}' at '${member}' failed to satisfy constraint: Member must have length less than or equal to ${max}`,
  );
export const invalidPath = () =>
  validationError(
    'The specified value for path is invalid. It must begin and end with / and contain only alphanumeric characters and/or / characters.',
  );
export const outOfRange = (value: number, member: string, { min, max }: { min: number; max: number }) =>
  validationError(
    `1 validation error detected: Value '${value}' at '${member}' failed to satisfy constraint: Member must have value ${
      value < min ? `greater than or equal to ${min}` : `less than or equal to ${max}`
    }`,
  );
export const invalidMarker = () => validationError('Invalid Marker.');
export const invalidArn = (arn: string) => new AwsError('InvalidInput', `ARN ${arn} is not valid.`);

export const unknownDocument = (arn: string) =>
  new AwsError('NotImplemented', `the document of the AWS managed policy ${arn} is not known here`, { status: 501 });
