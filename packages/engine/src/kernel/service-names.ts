import type { ServiceCaller } from './operation.ts';

/** The SDK module types of the services the engine knows: what types handlers and the calls between services. */
export interface Sdks {
  acm: typeof import('@aws-sdk/client-acm');
  applicationAutoScaling: typeof import('@aws-sdk/client-application-auto-scaling');
  cloudFormation: typeof import('@aws-sdk/client-cloudformation');
  cloudWatch: typeof import('@aws-sdk/client-cloudwatch');
  dynamoDb: typeof import('@aws-sdk/client-dynamodb');
  ec2: typeof import('@aws-sdk/client-ec2');
  ecr: typeof import('@aws-sdk/client-ecr');
  ecs: typeof import('@aws-sdk/client-ecs');
  elbv2: typeof import('@aws-sdk/client-elastic-load-balancing-v2');
  eventBridge: typeof import('@aws-sdk/client-eventbridge');
  iam: typeof import('@aws-sdk/client-iam');
  kms: typeof import('@aws-sdk/client-kms');
  lambda: typeof import('@aws-sdk/client-lambda');
  logs: typeof import('@aws-sdk/client-cloudwatch-logs');
  route53: typeof import('@aws-sdk/client-route-53');
  s3: typeof import('@aws-sdk/client-s3');
  secretsManager: typeof import('@aws-sdk/client-secrets-manager');
  sns: typeof import('@aws-sdk/client-sns');
  sqs: typeof import('@aws-sdk/client-sqs');
  ssm: typeof import('@aws-sdk/client-ssm');
  sts: typeof import('@aws-sdk/client-sts');
}

export type ServiceName = keyof Sdks;
export type Callers = { readonly [Name in ServiceName]: ServiceCaller<Sdks[Name]> };

/** For each service: the SDK package with its schemas (loaded on its first request), and the principal it acts as. */
export const serviceFacts: Readonly<Record<ServiceName, { readonly sdk: string; readonly principal: string }>> = {
  acm: { sdk: '@aws-sdk/client-acm', principal: 'acm.amazonaws.com' },
  applicationAutoScaling: {
    sdk: '@aws-sdk/client-application-auto-scaling',
    principal: 'application-autoscaling.amazonaws.com',
  },
  cloudFormation: { sdk: '@aws-sdk/client-cloudformation', principal: 'cloudformation.amazonaws.com' },
  cloudWatch: { sdk: '@aws-sdk/client-cloudwatch', principal: 'cloudwatch.amazonaws.com' },
  dynamoDb: { sdk: '@aws-sdk/client-dynamodb', principal: 'dynamodb.amazonaws.com' },
  ec2: { sdk: '@aws-sdk/client-ec2', principal: 'ec2.amazonaws.com' },
  ecr: { sdk: '@aws-sdk/client-ecr', principal: 'ecr.amazonaws.com' },
  ecs: { sdk: '@aws-sdk/client-ecs', principal: 'ecs.amazonaws.com' },
  elbv2: { sdk: '@aws-sdk/client-elastic-load-balancing-v2', principal: 'elasticloadbalancing.amazonaws.com' },
  eventBridge: { sdk: '@aws-sdk/client-eventbridge', principal: 'events.amazonaws.com' },
  iam: { sdk: '@aws-sdk/client-iam', principal: 'iam.amazonaws.com' },
  kms: { sdk: '@aws-sdk/client-kms', principal: 'kms.amazonaws.com' },
  lambda: { sdk: '@aws-sdk/client-lambda', principal: 'lambda.amazonaws.com' },
  logs: { sdk: '@aws-sdk/client-cloudwatch-logs', principal: 'logs.amazonaws.com' },
  route53: { sdk: '@aws-sdk/client-route-53', principal: 'route53.amazonaws.com' },
  s3: { sdk: '@aws-sdk/client-s3', principal: 's3.amazonaws.com' },
  secretsManager: { sdk: '@aws-sdk/client-secrets-manager', principal: 'secretsmanager.amazonaws.com' },
  sns: { sdk: '@aws-sdk/client-sns', principal: 'sns.amazonaws.com' },
  sqs: { sdk: '@aws-sdk/client-sqs', principal: 'sqs.amazonaws.com' },
  ssm: { sdk: '@aws-sdk/client-ssm', principal: 'ssm.amazonaws.com' },
  sts: { sdk: '@aws-sdk/client-sts', principal: 'sts.amazonaws.com' },
};
