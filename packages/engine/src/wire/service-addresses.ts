import type { ServiceName } from '../kernel/service-names.ts';

/**
 * How requests name a service. The SDKs know this too, but a request must find its service before the service's SDK is loaded;
 * service-addresses.test.ts compares the two.
 */
export const serviceAddresses: Readonly<
  Record<ServiceName, { readonly signingName: string; readonly target: string; readonly version: string }>
> = {
  acm: { signingName: 'acm', target: 'CertificateManager', version: '2015-12-08' },
  applicationAutoScaling: {
    signingName: 'application-autoscaling',
    target: 'AnyScaleFrontendService',
    version: '2016-02-06',
  },
  cloudFormation: { signingName: 'cloudformation', target: 'CloudFormation', version: '2010-05-15' },
  cloudWatch: { signingName: 'monitoring', target: 'GraniteServiceVersion20100801', version: '2010-08-01' },
  dynamoDb: { signingName: 'dynamodb', target: 'DynamoDB_20120810', version: '2012-08-10' },
  ec2: { signingName: 'ec2', target: 'AmazonEC2', version: '2016-11-15' },
  ecr: { signingName: 'ecr', target: 'AmazonEC2ContainerRegistry_V20150921', version: '2015-09-21' },
  ecs: { signingName: 'ecs', target: 'AmazonEC2ContainerServiceV20141113', version: '2014-11-13' },
  elbv2: { signingName: 'elasticloadbalancing', target: 'ElasticLoadBalancing_v10', version: '2015-12-01' },
  eventBridge: { signingName: 'events', target: 'AWSEvents', version: '2015-10-07' },
  iam: { signingName: 'iam', target: 'AWSIdentityManagementV20100508', version: '2010-05-08' },
  kms: { signingName: 'kms', target: 'TrentService', version: '2014-11-01' },
  lambda: { signingName: 'lambda', target: 'AWSGirApiService', version: '2015-03-31' },
  logs: { signingName: 'logs', target: 'Logs_20140328', version: '2014-03-28' },
  route53: { signingName: 'route53', target: 'AWSDnsV20130401', version: '2013-04-01' },
  s3: { signingName: 's3', target: 'AmazonS3', version: '2006-03-01' },
  secretsManager: { signingName: 'secretsmanager', target: 'secretsmanager', version: '2017-10-17' },
  sns: { signingName: 'sns', target: 'AmazonSimpleNotificationService', version: '2010-03-31' },
  sqs: { signingName: 'sqs', target: 'AmazonSQS', version: '2012-11-05' },
  ssm: { signingName: 'ssm', target: 'AmazonSSM', version: '2014-11-06' },
  sts: { signingName: 'sts', target: 'AWSSecurityTokenServiceV20110615', version: '2011-06-15' },
};

const by = (key: 'signingName' | 'target' | 'version'): ReadonlyMap<string, ServiceName> =>
  new Map(Object.entries(serviceAddresses).map(([name, address]) => [address[key], name as ServiceName]));
const [signingNames, targets, versions] = [by('signingName'), by('target'), by('version')];

export const serviceOfScope = (signingName: string | undefined): ServiceName | undefined =>
  signingNames.get(signingName === 's3express' ? 's3' : (signingName ?? ''));

export const serviceOfTarget = (target: string): ServiceName | undefined => targets.get(target);

/**
 * Query services that share a signing name (the two generations of load balancing) differ in their version. EC2 is asked with old
 * versions too, which are answered in the newest.
 */
export const serviceOfVersion = (version: string, signingName: string | undefined): ServiceName | undefined =>
  versions.get(version) ?? (signingName === 'ec2' ? 'ec2' : undefined);

/** REST services by their paths, for requests that name no service in a credential scope. */
export const servicePaths: readonly { readonly pattern: RegExp; readonly service: ServiceName }[] = [
  { pattern: /^\/2013-04-01\//, service: 'route53' },
  { pattern: /^\/20\d\d-\d\d-\d\d\//, service: 'lambda' },
  { pattern: /^\/[^/]/, service: 's3' },
];
