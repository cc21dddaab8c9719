import { AwsError } from '../../kernel/aws-error.ts';

const validation = (message: string) => new AwsError('ValidationException', message);

export const parameterAlreadyExists = () =>
  new AwsError(
    'ParameterAlreadyExists',
    'The parameter already exists. To overwrite this value, set the overwrite option in the request to true.',
  );

export const parameterNotFound = (name: string) => new AwsError('ParameterNotFound', `Parameter ${name} not found.`);

export const versionNotFound = (name: string, version: string) =>
  new AwsError(
    'ParameterVersionNotFound',
    `Systems Manager could not find version ${version} of ${name}. Verify the version and try again.`,
  );

export const typeRequired = () => validation('A parameter type is required when you create a parameter.');

export const tagsWithOverwrite = () =>
  validation(
    "Invalid request: tags and overwrite can't be used together. To create a parameter with tags, please remove overwrite flag. To update tags for an existing parameter, please use AddTagsToResource or RemoveTagsFromResource.",
  );

const nameRules =
  'If formed as a path, it can consist of sub-paths divided by slash symbol; each sub-path can be formed as a mix of letters, numbers and the following 3 symbols .-_';

export const invalidName = () =>
  validation(`Parameter name: can't be prefixed with "ssm" (case-insensitive). ${nameRules}`);

export const reservedName = (name: string) =>
  new AwsError('AccessDeniedException', `No access to reserved parameter name: ${name}.`);

export const notQualified = () => validation('Parameter name must be a fully qualified name.');

export const tooManyLevels = () =>
  new AwsError(
    'HierarchyLevelLimitExceededException',
    'Hierarchy can have a maximum of 15 levels. Reduce the number of levels and try again.',
  );

export const valueTooLong = (tier: 'Standard' | 'Advanced', max: number) =>
  validation(
    tier === 'Standard'
      ? `Standard tier parameters support a maximum parameter value of ${max} characters. To create a larger parameter value, upgrade the parameter to use the advanced-parameter tier. For more information, see https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-advanced-parameters.html`
      : `Advanced tier parameters support a maximum parameter value of ${max} characters.`,
  );

export const cannotDowngrade = () =>
  validation(
    "This parameter uses the advanced-parameter tier. You can't downgrade a parameter from the advanced-parameter tier to the standard-parameter tier. If necessary, you can delete the advanced parameter and recreate it as a standard parameter.",
  );

export const patternMismatch = (pattern: string) =>
  new AwsError(
    'ParameterPatternMismatchException',
    `Parameter value, cannot be validated against allowedPattern: ${pattern}`,
  );

export const invalidPattern = (pattern: string) =>
  new AwsError('InvalidAllowedPatternException', `The allowed pattern is not a valid regular expression: ${pattern}`);

export const unsupportedType = (type: string) =>
  validation(
    `1 validation error detected: Value '${type}' at 'type' failed to satisfy constraint: Member must satisfy enum value set: [SecureString, StringList, String]`,
  );

export const unsupportedDataType = (dataType: string) =>
  validation(`The following data type is not supported: ${dataType} (Data type names are all lowercase.)`);

export const versionLimit = (name: string, oldest: number) =>
  new AwsError(
    'ParameterMaxVersionLimitExceeded',
    `You attempted to create a new version of ${name} by calling the PutParameter API with the overwrite flag. Version ${oldest}, the oldest version, can't be deleted because it has a label associated with it. Move the label to another version of the parameter, and try again.`,
  );

export const labelLimit = () =>
  new AwsError(
    'ParameterVersionLabelLimitExceeded',
    'A parameter version can have maximum 10 labels. Move one or more labels to another version and try again.',
  );

export const invalidPath = () =>
  validation(
    'The parameter doesn\'t meet the parameter name requirements. The parameter name must begin with a forward slash "/". It can\'t be prefixed with "aws" or "ssm" (case-insensitive). It must use only letters, numbers, or the following symbols: . (period), - (hyphen), _ (underscore). Special characters are not allowed. All sub-paths, if specified, must use the forward slash symbol "/". Valid example: /get/parameters2-/by1./path0_.',
  );

export const invalidFilterKey = (key: string, allowed: readonly string[]) =>
  new AwsError(
    'InvalidFilterKey',
    `The following filter key is not valid: ${key}. Valid filter keys include: [${allowed.join(', ')}].`,
  );

export const invalidFilterOption = (option: string, allowed: readonly string[]) =>
  new AwsError(
    'InvalidFilterOption',
    `The following filter option is not valid: ${option}. Valid options include: [${allowed.join(', ')}].`,
  );

export const invalidFilterValue = (key: string) =>
  new AwsError('InvalidFilterValue', `The following filter values are missing : null for filter key ${key}`);

export const invalidNextToken = () => new AwsError('InvalidNextToken', 'The specified token is not valid.');

export const outOfRange = (value: number, member: string, range: { min: number; max: number }) =>
  validation(
    `1 validation error detected: Value '${value}' at '${member}' failed to satisfy constraint: Member must have value ${
      value < range.min ? `greater than or equal to ${range.min}` : `less than or equal to ${range.max}`
    }`,
  );

export const tooMany = (member: string, max: number) =>
  validation(
    `1 validation error detected: Value at '${member}' failed to satisfy constraint: Member must have length less than or equal to ${max}`,
  );

export const invalidResourceId = (id: string) =>
  new AwsError('InvalidResourceId', `The resource ID "${id}" is not valid. Verify the ID and try again.`);

export const invalidResourceType = (type: string) =>
  new AwsError('NotImplemented', `ssm tags of a ${type} are not implemented here; those of a Parameter are`, {
    status: 501,
  });

export const policiesNotSupported = () =>
  new AwsError('NotImplemented', 'ssm parameter policies (expiration, notifications) are not implemented here', {
    status: 501,
  });
