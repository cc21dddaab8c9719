import { expect, test } from 'vitest';
import type { ServiceName } from '../kernel/service-names.ts';
import { checkRequired } from './required-members.ts';
import { operationSchema, sdkSchemas } from './sdk-schemas.ts';

function refusalOf(
  service: ServiceName,
  operation: string,
  input: object,
): { code: string; message: string } | undefined {
  const schema = operationSchema(service, operation);
  if (!schema) throw new Error(`no operation ${operation}`);
  try {
    checkRequired(sdkSchemas(service), schema.input, input);
    return undefined;
  } catch (error) {
    const { code, message } = error as { code: string; message: string };
    return { code, message };
  }
}

test.each([
  ['ec2', 'CreateSubnet', {}, 'MissingParameter', 'The request must contain the parameter VpcId'],
  [
    'iam',
    'TagRole',
    { RoleName: 'r', Tags: [{ Key: 'a', Value: 'b' }, { Key: 'c' }] },
    'ValidationError',
    "1 validation error detected: Value null at 'tags.2.member.value' failed to satisfy constraint: Member must not be null",
  ],
  [
    'sts',
    'AssumeRole',
    {},
    'ValidationError',
    "2 validation errors detected: Value null at 'roleArn' failed to satisfy constraint: Member must not be null; Value null at 'roleSessionName' failed to satisfy constraint: Member must not be null",
  ],
  ['cloudWatch', 'PutMetricData', {}, 'MissingRequiredParameterException', 'The parameter Namespace is required.'],
  [
    'sns',
    'Subscribe',
    { TopicArn: 'a' },
    'InvalidParameterException',
    'Invalid parameter: Protocol Reason: no value for required parameter',
  ],
  [
    'ecs',
    'CreateService',
    {},
    'InvalidParameterException',
    "1 validation error detected: Value null at 'serviceName' failed to satisfy constraint: Member must not be null",
  ],
  [
    'ssm',
    'GetParameter',
    {},
    'ValidationException',
    "1 validation error detected: Value null at 'name' failed to satisfy constraint: Member must not be null",
  ],
] as const)('%s %s refuses what lacks a required member', (service, operation, input, code, message) => {
  expect(refusalOf(service, operation, input)).toEqual({ code, message });
});

test('empty values are values, and idempotency tokens are made by clients', () => {
  expect(refusalOf('iam', 'TagRole', { RoleName: '', Tags: [] })).toBeUndefined();
  expect(refusalOf('ecs', 'CreateService', { serviceName: 'a' })).toBeUndefined();
});
