import { expect, test } from 'vitest';
import { AwsError } from '../kernel/aws-error.ts';
import type { ServiceName } from '../kernel/service-names.ts';
import { faultMembers, faultOf } from './fault.ts';
import { sdkSchemas } from './sdk-schemas.ts';

const fault = (service: ServiceName, code: string, options = {}) =>
  faultOf(new AwsError(code, 'why', options), sdkSchemas(service));

test.each([
  ['ecs', 'ClusterNotFoundException', { code: 'ClusterNotFoundException', status: 400 }],
  ['ecs', 'ServerException', { status: 500 }],
  ['lambda', 'ResourceNotFoundException', { status: 404 }],
  // The query protocol's statuses are its own; in JSON the same error is a plain 400.
  ['ssm', 'ParameterNotFound', { status: 400, queryStatus: 404 }],
  ['iam', 'NoSuchEntityException', { code: 'NoSuchEntityException', queryCode: 'NoSuchEntity', queryStatus: 404 }],
  ['iam', 'NoSuchEntity', { code: 'NoSuchEntityException', queryCode: 'NoSuchEntity' }],
  ['s3', 'NoSuchKey', { queryCode: 'NoSuchKey', status: 404 }],
  ['s3', 'NotFound', { status: 404 }],
] as const)('%s %s, as its model says', (service, code, expected) => {
  expect(fault(service, code)).toMatchObject(expected);
});

test('an error in no model has the status it came with', () => {
  expect(fault('ec2', 'InvalidVpcID.NotFound')).toMatchObject({ queryCode: 'InvalidVpcID.NotFound', queryStatus: 400 });
  expect(fault('s3', 'NoSuchBucketPolicy', { status: 404 })).toMatchObject({ status: 404 });
});

test('the message is under the name that the shape gives it', () => {
  const deleted = fault('lambda', 'TooManyRequestsException', { members: { retryAfterSeconds: '3' } });
  expect(faultMembers(deleted)).toEqual({ message: 'why', retryAfterSeconds: '3' });
  expect(faultMembers(fault('lambda', 'ResourceNotFoundException'))).toEqual({ Message: 'why' });
});
