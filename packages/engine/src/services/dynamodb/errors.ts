import { AwsError } from '../../kernel/aws-error.ts';
import type { Item } from './model.ts';

export const validation = (message: string) => new AwsError('ValidationException', message);
export const tableNotFound = (name: string) =>
  new AwsError('ResourceNotFoundException', `Requested resource not found: Table: ${name} not found`);
/** What operations on items say, which do not name the table. */
export const resourceNotFound = () => new AwsError('ResourceNotFoundException', 'Requested resource not found');
export const tableInUse = (name: string) => new AwsError('ResourceInUseException', `Table already exists: ${name}`);
export const tableBusy = (name: string, doing: string) =>
  new AwsError(
    'ResourceInUseException',
    `Attempt to change a resource which is still in use: Table is being ${doing}: ${name}`,
  );
export const deletionProtected = (arn: string) =>
  validation(
    `Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first: ${arn}`,
  );
export const conditionFailed = (item: Item | undefined) =>
  new AwsError('ConditionalCheckFailedException', 'The conditional request failed', {
    members: item ? { Item: item } : {},
  });
export const keyMismatch = () => validation('The provided key element does not match the schema');
export const keyMissing = (name: string) =>
  validation(`One or more parameter values were invalid: Missing the key ${name} in the item`);
export const keyType = (name: string, expected: string, actual: string) =>
  validation(
    `One or more parameter values were invalid: Type mismatch for key ${name} expected: ${expected} actual: ${actual}`,
  );
export const syntax = (expression: string, token: string) =>
  validation(`Invalid ${expression}: Syntax error; token: "${token}"`);
export const undefinedName = (expression: string, name: string) =>
  validation(
    `Invalid ${expression}: An expression attribute name used in the document path is not defined; attribute name: ${name}`,
  );
export const undefinedValue = (expression: string, name: string) =>
  validation(
    `Invalid ${expression}: An expression attribute value used in expression is not defined; attribute value: ${name}`,
  );
export const notImplemented = (what: string) =>
  new AwsError('NotImplemented', `dynamodb: ${what} is not implemented here`, { status: 501 });
