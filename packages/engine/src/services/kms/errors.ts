import { AwsError } from '../../kernel/aws-error.ts';

const notFound = (message: string) => new AwsError('NotFoundException', message);
export const validation = (message: string) => new AwsError('ValidationException', message);

export const keyNotFound = (arn: string) => notFound(`Key '${arn}' does not exist`);
export const invalidKeyId = (id: string) => notFound(`Invalid keyId '${id}'`);
export const invalidArnRegion = (region: string) => notFound(`Invalid arn ${region}`);
export const aliasNotFound = (arn: string) => notFound(`Alias ${arn} is not found.`);
export const aliasExists = (arn: string) =>
  new AwsError('AlreadyExistsException', `An alias with the name ${arn} already exists`);
export const aliasWithoutPrefix = () =>
  validation(
    'Alias must start with the prefix "alias/". Please see https://docs.aws.amazon.com/kms/latest/developerguide/kms-alias.html',
  );
export const reservedAlias = () => new AwsError('NotAuthorizedException', '');
export const keyDisabled = (arn: string) => new AwsError('DisabledException', `${arn} is disabled.`);
export const pendingDeletion = (arn: string) => invalidState(`${arn} is pending deletion.`);
export const notPendingDeletion = (arn: string) => invalidState(`${arn} is not pending deletion.`);
const invalidState = (message: string) => new AwsError('KMSInvalidStateException', message);
export const wrongUsage = (arn: string, usage: string, operation: string) =>
  new AwsError('InvalidKeyUsageException', `${arn} key usage is ${usage} which is not valid for ${operation}.`);
/** KMS says no word of what is wrong with a ciphertext. */
export const invalidCiphertext = () => new AwsError('InvalidCiphertextException', '');
export const incorrectKey = () =>
  new AwsError(
    'IncorrectKeyException',
    'The key ID in the request does not identify a CMK that can perform this operation.',
  );
export const unsupported = (message: string) => new AwsError('UnsupportedOperationException', message);
export const invalidSignature = () => new AwsError('KMSInvalidSignatureException', '');
export const invalidMac = () => new AwsError('KMSInvalidMacException', '');
export const grantNotFound = (id: string) => notFound(`Grant ID ${id} not found`);
export const managedByAws = (arn: string) =>
  new AwsError('AccessDeniedException', `${arn} is managed by AWS: this operation is not allowed on it`);
export const invalidMarker = () => new AwsError('InvalidMarkerException', 'Could not deserialize marker.');
export const malformedPolicy = () => new AwsError('MalformedPolicyDocumentException', 'Policy contains invalid JSON');
export const notImplemented = (what: string) =>
  new AwsError('NotImplemented', `kms: ${what} is not implemented here`, { status: 501 });
export const cannotEncrypt = (algorithm: string, spec: string, bytes_max: number) =>
  validation(`Algorithm ${algorithm} and key spec ${spec} cannot encrypt data larger than ${bytes_max} bytes.`);
export const unsupportedAlgorithm = (spec: string, algorithm: string) =>
  new AwsError('InvalidKeyUsageException', `Algorithm ${algorithm} is incompatible with key spec ${spec}.`);
export const invalidDigest = (algorithm: string) => validation(`Digest is invalid length for algorithm ${algorithm}.`);
export const badTags = (message: string) => new AwsError('TagException', message);
export const dryRun = () =>
  new AwsError('DryRunOperationException', 'The request would have succeeded, but the DryRun option is set.', {
    status: 412,
  });
