import { AwsError } from '../../kernel/aws-error.ts';

export const invalidValue = (message: string) => new AwsError('InvalidParameterValueException', message);
export const invalidCombination = (message: string) => new AwsError('InvalidParameterCombinationException', message);
export const missingParameter = (parameter: string) =>
  new AwsError('MissingRequiredParameterException', `The parameter ${parameter} is required.`);
/** CloudWatch answers this where its model names no error. */
export const validationError = (message: string) => new AwsError('ValidationError', message);
export const invalidNextToken = () => new AwsError('InvalidNextToken', 'The next token specified is invalid.');
export const alarmNotFound = (name: string) =>
  new AwsError('ResourceNotFound', `Alarm not found: ${name}`, { status: 404 });
export const resourceNotFound = (arn: string) =>
  new AwsError('ResourceNotFoundException', `Resource ${arn} does not exist.`, { status: 404 });
export const dashboardNotFound = (names: readonly string[]) =>
  new AwsError('DashboardNotFoundError', `Dashboard ${names.join(', ')} does not exist`, { status: 404 });
export const dashboardInvalid = (messages: readonly { DataPath: string; Message: string }[]) =>
  new AwsError('DashboardInvalidInputError', `The field DashboardBody must be a valid JSON object`, {
    members: { dashboardValidationMessages: messages },
  });
