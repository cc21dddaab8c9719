/**
 * AWS's own policies. Any name of theirs can be attached; what these allow is written out, in the permissions that AWS's managed policy
 * reference lists.
 */
export const awsManagedArn = /^arn:aws[\w-]*:iam::aws:policy\/(?:[\w+=,.@-]+\/)*([\w+=,.@-]+)$/;

const allow = (actions: readonly string[]): string =>
  JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: actions, Resource: '*' }] });

const writeLogs = ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'];

/** By the part of the ARN after `policy/`. */
const documents: Readonly<Record<string, string>> = {
  AdministratorAccess: allow(['*']),
  AmazonS3FullAccess: allow(['s3:*', 's3-object-lambda:*']),
  AmazonS3ReadOnlyAccess: allow([
    's3:Get*',
    's3:List*',
    's3:Describe*',
    's3-object-lambda:Get*',
    's3-object-lambda:List*',
  ]),
  AmazonSNSFullAccess: allow(['sns:*']),
  AmazonEC2ContainerRegistryReadOnly: allow([
    'ecr:GetAuthorizationToken',
    'ecr:BatchCheckLayerAvailability',
    'ecr:GetDownloadUrlForLayer',
    'ecr:GetRepositoryPolicy',
    'ecr:DescribeRepositories',
    'ecr:ListImages',
    'ecr:DescribeImages',
    'ecr:BatchGetImage',
    'ecr:GetLifecyclePolicy',
    'ecr:GetLifecyclePolicyPreview',
    'ecr:ListTagsForResource',
    'ecr:DescribeImageScanFindings',
  ]),
  CloudWatchAgentServerPolicy: allow([
    'cloudwatch:PutMetricData',
    'ec2:DescribeVolumes',
    'ec2:DescribeTags',
    'logs:PutLogEvents',
    'logs:PutRetentionPolicy',
    'logs:DescribeLogStreams',
    'logs:DescribeLogGroups',
    'logs:CreateLogStream',
    'logs:CreateLogGroup',
    'xray:PutTraceSegments',
    'xray:PutTelemetryRecords',
    'xray:GetSamplingRules',
    'xray:GetSamplingTargets',
    'xray:GetSamplingStatisticSummaries',
  ]),
  'service-role/AmazonECSTaskExecutionRolePolicy': allow([
    'ecr:GetAuthorizationToken',
    'ecr:BatchCheckLayerAvailability',
    'ecr:GetDownloadUrlForLayer',
    'ecr:BatchGetImage',
    'logs:CreateLogStream',
    'logs:PutLogEvents',
  ]),
  'service-role/AWSLambdaBasicExecutionRole': allow(writeLogs),
  'service-role/AWSLambdaVPCAccessExecutionRole': allow([
    ...writeLogs,
    'ec2:CreateNetworkInterface',
    'ec2:DescribeNetworkInterfaces',
    'ec2:DescribeSubnets',
    'ec2:DeleteNetworkInterface',
    'ec2:AssignPrivateIpAddresses',
    'ec2:UnassignPrivateIpAddresses',
  ]),
};

export const awsManagedNames: readonly string[] = Object.keys(documents);

export const awsManagedDocument = (arn: string): string | undefined =>
  documents[arn.replace(/^arn:aws[\w-]*:iam::aws:policy\//, '')];
