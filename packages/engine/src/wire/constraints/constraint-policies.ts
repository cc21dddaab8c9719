import type { ServiceName } from '../../kernel/service-names.ts';

/** How a service tells that a value is not as its model demands. */
export interface ConstraintPolicy {
  readonly code: string;
  /** `framework`: the sentence that most services share, with all that is wrong; `ecr`: the registry's own, with the first. */
  readonly wording: 'framework' | 'ecr';
  /** Whether the sentence repeats the value. */
  readonly showsValues: boolean;
  /** Operations, and members of whatever operation, that the service checks in words of its own. */
  readonly ownOperations?: readonly string[];
  readonly ownMembers?: readonly string[];
}

const framework = (code: string): ConstraintPolicy => ({ code, wording: 'framework', showsValues: true });

/**
 * The services that are known to check their inputs against their models before anything else, each with where that was seen (answers of AWS
 * recorded by localstack: `tests/aws/services/<name>/*.snapshot.json`). What is not here checks in words of its own, or lets pass what its
 * model forbids: EC2 (`InvalidParameterValue`), S3, SQS, SNS (`Invalid parameter: ...`), ECS.
 */
export const constraintPolicies: Readonly<Partial<Record<ServiceName, ConstraintPolicy>>> = {
  // terraform-provider-aws issue 24470
  acm: framework('ValidationException'),
  // localstack issue 6138
  applicationAutoScaling: framework('ValidationException'),
  // cloudformation/api/test_stacks, test_template_engine
  cloudFormation: framework('ValidationError'),
  // cloudwatch/test_cloudwatch: SetAlarmState. Data are checked in words of its own: "The parameter MetricData.member.1.Value ...".
  cloudWatch: {
    ...framework('ValidationError'),
    ownOperations: ['PutMetricData', 'GetMetricData', 'GetMetricStatistics'],
  },
  // dynamodb/test_dynamodb
  dynamoDb: framework('ValidationException'),
  // jenkins-x/jx issue 1344, aws/aws-dotnet-deploy issue 549, aws-actions/amazon-ecr-login issue 225
  ecr: { code: 'InvalidParameterException', wording: 'ecr', showsValues: false },
  // events/test_events, test_api_destinations_and_connection
  eventBridge: framework('ValidationException'),
  // iam/test_iam, since 2025 without the value. Names: "The specified value for roleName is invalid. It must contain only ...".
  iam: {
    code: 'ValidationError',
    wording: 'framework',
    showsValues: false,
    ownMembers: ['AccountAlias', 'GroupName', 'InstanceProfileName', 'Path', 'PolicyName', 'RoleName', 'UserName'],
  },
  // kms/test_kms
  kms: framework('ValidationException'),
  // lambda_/test_lambda_api
  lambda: framework('ValidationException'),
  // logs/test_logs_events, test_logs_metric_filters
  logs: framework('InvalidParameterException'),
  // ministryofjustice/modernisation-platform pull request 8116; localstack issue 7672
  ssm: framework('ValidationException'),
  // sts/test_sts
  sts: framework('ValidationError'),
};
