import type { ServiceName } from '../kernel/service-names.ts';

/** What the actions of each service begin with in policies. */
export const prefixes: Readonly<Record<ServiceName, string>> = {
  acm: 'acm',
  applicationAutoScaling: 'application-autoscaling',
  cloudFormation: 'cloudformation',
  cloudWatch: 'cloudwatch',
  dynamoDb: 'dynamodb',
  ec2: 'ec2',
  ecr: 'ecr',
  ecs: 'ecs',
  elbv2: 'elasticloadbalancing',
  eventBridge: 'events',
  iam: 'iam',
  kms: 'kms',
  lambda: 'lambda',
  logs: 'logs',
  route53: 'route53',
  s3: 's3',
  secretsManager: 'secretsmanager',
  sns: 'sns',
  sqs: 'sqs',
  ssm: 'ssm',
  sts: 'sts',
};
