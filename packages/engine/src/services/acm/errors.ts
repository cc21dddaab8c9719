import { AwsError } from '../../kernel/aws-error.ts';

const validation = (message: string) => new AwsError('ValidationException', message);

export const certificateNotFound = (arn: string, account: string) =>
  new AwsError('ResourceNotFoundException', `Certificate with arn ${arn} not found in account ${account}`);
export const inUse = (arn: string, account: string) =>
  new AwsError('ResourceInUseException', `Certificate ${arn} in account ${account} is in use.`);
export const wrongValidationDomain = (domain: string, validationDomain: string) =>
  new AwsError(
    'InvalidDomainValidationOptionsException',
    `The validation domain ${validationDomain} is not a superdomain of ${domain}.`,
  );
export const unknownDomain = (domain: string) =>
  new AwsError(
    'InvalidDomainValidationOptionsException',
    `The domain ${domain} is not part of the certificate request.`,
  );
export const invalidCertificate = () => validation('The certificate is not PEM-encoded or is not valid.');
export const invalidKey = () => validation('The private key is not PEM-encoded or is not valid.');
export const manyCertificates = () =>
  validation(
    'The certificate field contains more than one certificate. You can specify only one certificate in this field.',
  );
export const unsupportedKey = () => validation('The private key is not supported.');
export const keyDoesNotMatch = () => validation('The private key does not match the public key in the certificate.');
export const expiredCertificate = () => validation('The certificate has expired, is not valid.');
export const notYetValid = () => validation('The certificate is not in effect yet, is not valid.');
export const notSelfSigned = () =>
  validation(
    'Provided certificate is not a valid self signed. Please provide either a valid self-signed certificate or certificate chain.',
  );
export const brokenChain = (index: number) =>
  validation(
    `Unable to validate certificate chain. The certificate chain must start with the immediate signing certificate, followed by any intermediaries in order. The index within the chain of the invalid certificate is: ${index}`,
  );
export const tagsOnReimport = () => validation('Tagging is not permitted on re-import.');
export const notReimportable = (arn: string) => validation(`Certificate ${arn} is not an imported certificate.`);
export const unsupportedAlgorithm = (name: string) =>
  validation(`The key algorithm ${name} is not supported for this certificate type.`);
export const notExportable = (arn: string) => validation(`Certificate ARN: ${arn} is not a private certificate`);
export const notRenewable = (arn: string) => validation(`Certificate ${arn} is not eligible for renewal.`);
export const importedHasNoOptions = () =>
  new AwsError('InvalidStateException', 'Options of an imported certificate cannot be updated.');
export const exportIsFixed = () =>
  validation('The export option of a certificate cannot be changed after its request.');
export const noExpiryDays = () => validation('DaysBeforeExpiry must be between 1 and 90');
export const reservedTag = (key: string) =>
  validation(`Invalid Tag Key: "${key}". AWS internal tags cannot be changed with this API`);
export const tooManyTags = () => new AwsError('TooManyTagsException', 'The TagSet contains too many Tags');
export const invalidToken = () => validation('The NextToken value is invalid.');
export const notImplemented = (what: string) =>
  new AwsError('NotImplemented', `acm: ${what} is not implemented here`, { status: 501 });
