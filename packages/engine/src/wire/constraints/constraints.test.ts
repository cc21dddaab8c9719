import { expect, test } from 'vitest';
import type { ServiceName } from '../../kernel/service-names.ts';
import { operationSchema } from '../sdk-schemas.ts';
import { checkConstraints } from './check-constraints.ts';
import { javaPattern } from './java-pattern.ts';

function refusalOf(service: ServiceName, operation: string, input: object) {
  const schema = operationSchema(service, operation);
  if (!schema) throw new Error(`no operation ${operation}`);
  try {
    checkConstraints(service, schema, input);
    return undefined;
  } catch (error) {
    const { code, message } = error as { code: string; message: string };
    return `${code} ${message}`;
  }
}

// Answers of AWS, recorded by localstack (`tests/aws/services/*/*.snapshot.json`) or told by users (constraint-policies.ts).
test.each([
  [
    'a name with wrong letters',
    ...(['sts', 'AssumeRole', { RoleArn: 'arn:aws:iam::000000000000:role/a', RoleSessionName: 'Session1:2' }] as const),
    "ValidationError 1 validation error detected: Value 'Session1:2' at 'roleSessionName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\w+=,.@-]*",
  ],
  [
    'a value that is none of the set',
    ...(['cloudWatch', 'SetAlarmState', { AlarmName: 'a', StateValue: 'INVALID', StateReason: 'r' }] as const),
    "ValidationError 1 validation error detected: Value 'INVALID' at 'stateValue' failed to satisfy constraint: Member must satisfy enum value set: [INSUFFICIENT_DATA, ALARM, OK]",
  ],
  [
    'a number that is too big',
    ...(['logs', 'GetLogEvents', { logStreamName: 's', limit: 10001 }] as const),
    "InvalidParameterException 1 validation error detected: Value '10001' at 'limit' failed to satisfy constraint: Member must have value less than or equal to 10000",
  ],
  [
    'a number that is too small',
    ...(['kms', 'GenerateRandom', { NumberOfBytes: 0 }] as const),
    "ValidationException 1 validation error detected: Value '0' at 'numberOfBytes' failed to satisfy constraint: Member must have value greater than or equal to 1",
  ],
  [
    'a member of what is in a list',
    ...(['eventBridge', 'PutTargets', { Rule: 'r', Targets: [{ Id: '!@#', Arn: 'a' }] }] as const),
    "ValidationException 1 validation error detected: Value '!@#' at 'targets.1.member.id' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\.\\-_A-Za-z0-9]+",
  ],
  [
    'several things at once',
    ...(['eventBridge', 'PutRule', { Name: `a b ${'x'.repeat(64)}` }] as const),
    `ValidationException 2 validation errors detected: Value 'a b ${'x'.repeat(64)}' at 'name' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\.\\-_A-Za-z0-9]+; Value 'a b ${'x'.repeat(64)}' at 'name' failed to satisfy constraint: Member must have length less than or equal to 64`,
  ],
  [
    'a list that is too long',
    ...(['lambda', 'CreateFunction', { Architectures: ['x86_64', 'arm64'] }] as const),
    "ValidationException 1 validation error detected: Value '[x86_64, arm64]' at 'architectures' failed to satisfy constraint: Member must have length less than or equal to 1",
  ],
  [
    'simple values in a list',
    ...(['lambda', 'CreateFunction', { Architectures: ['X86_64'] }] as const),
    "ValidationException 1 validation error detected: Value '[X86_64]' at 'architectures' failed to satisfy constraint: Member must satisfy constraint: [Member must satisfy enum value set: [x86_64, arm64], Member must not be null]",
  ],
  [
    'structures in a list that is too long',
    ...([
      'logs',
      'PutMetricFilter',
      {
        logGroupName: 'g',
        filterName: 'f',
        filterPattern: '',
        metricTransformations: [
          { metricName: 'metric1', metricNamespace: 'n', metricValue: '1' },
          { metricName: 'metric2', metricNamespace: 'n', metricValue: '1' },
        ],
      },
    ] as const),
    "InvalidParameterException 1 validation error detected: Value '[MetricTransformation(metricName=metric1, metricNamespace=n, metricValue=1, defaultValue=null, dimensions=null, unit=null), MetricTransformation(metricName=metric2, metricNamespace=n, metricValue=1, defaultValue=null, dimensions=null, unit=null)]' at 'metricTransformations' failed to satisfy constraint: Member must have length less than or equal to 1",
  ],
  [
    'a secret, which is not repeated',
    ...(['kms', 'Encrypt', { KeyId: 'k', Plaintext: new Uint8Array(4097) }] as const),
    "ValidationException 1 validation error detected: Value at 'plaintext' failed to satisfy constraint: Member must have length less than or equal to 4096",
  ],
  [
    'a service that repeats no values',
    ...(['iam', 'UpdateAccessKey', { AccessKeyId: 'AKIA000000000000000A', Status: 'Gone' }] as const),
    "ValidationError 1 validation error detected: Value at 'status' failed to satisfy constraint: Member must satisfy enum value set",
  ],
  [
    "the registry's own sentence of a pattern",
    ...(['ecr', 'CreateRepository', { repositoryName: 'Web' }] as const),
    "InvalidParameterException Invalid parameter at 'repositoryName' failed to satisfy constraint: 'must satisfy regular expression '[a-z0-9]+((\\.|_|__|-+)[a-z0-9]+)*(\\/[a-z0-9]+((\\.|_|__|-+)[a-z0-9]+)*)*''",
  ],
  [
    "the registry's own sentence of a length",
    ...(['ecr', 'CreateRepository', { repositoryName: 'a' }] as const),
    "InvalidParameterException Invalid parameter at 'repositoryName' failed to satisfy constraint: 'must have length greater than or equal to 2'",
  ],
])('%s is refused as AWS does', (_case, service, operation, input, refusal) => {
  expect(refusalOf(service as ServiceName, operation as string, input as object)).toBe(refusal);
});

test.each([
  ['what is within its bounds', 'kms', 'GenerateRandom', { NumberOfBytes: 1024 }],
  ['what has no demands', 'sts', 'GetCallerIdentity', {}],
  [
    'a character that takes two places, once',
    'iam',
    'CreateUser',
    { UserName: 'a', Tags: [{ Key: '𝒜'.repeat(128), Value: '' }] },
  ],
  [
    'a name that IAM refuses in words of its own',
    'iam',
    'CreateRole',
    { RoleName: 'a b', AssumeRolePolicyDocument: '{}' },
  ],
  ['a service that checks in words of its own', 'ec2', 'DescribeInstances', { MaxResults: 1 }],
  ['an operation that does so', 'cloudWatch', 'PutMetricData', { Namespace: ':', MetricData: [] }],
] as const)('%s passes', (_case, service, operation, input) => {
  expect(refusalOf(service, operation, input)).toBeUndefined();
});

test('a pattern of Java must match from the beginning to the end, and may name classes that JavaScript does not', () => {
  expect(javaPattern('a|b')?.test('ab')).toBe(false);
  expect(javaPattern('\\p{Print}+')?.test('a b~')).toBe(true);
  expect(javaPattern('[\\w-_]*')?.test('a-_')).toBe(true);
  expect(javaPattern('(?i)all|[0-9]{12}')).toBeUndefined();
});
