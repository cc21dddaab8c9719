import { AwsError } from '../../kernel/aws-error.ts';

/** `InvalidVpcID.NotFound` and its like, in EC2's wording. */
export const notFound = (code: string, kind: string, ids: readonly string[]) =>
  new AwsError(
    `${code}.NotFound`,
    ids.length === 1 ? `The ${kind} ID '${ids[0]}' does not exist` : `The ${kind} IDs '${ids.join(', ')}' do not exist`,
  );

export const dependencyViolation = (kind: string, id: string) =>
  new AwsError('DependencyViolation', `The ${kind} '${id}' has dependencies and cannot be deleted.`);

export const invalidParameter = (message: string) => new AwsError('InvalidParameterValue', message);

export const missingParameter = (name: string) =>
  new AwsError('MissingParameter', `The request must contain the parameter ${name}`);
