import { expect, test } from 'vitest';
import type { ServiceName } from '../kernel/service-names.ts';
import { deedsOf } from './deeds.ts';

const scope = { account: '000000000000', region: 'eu-west-1' };
const arn = (service: string, resource: string) => `arn:aws:${service}:eu-west-1:000000000000:${resource}`;
const deeds = (service: ServiceName, operation: string, input: object) =>
  deedsOf(service, operation, input, scope, (kind, name) =>
    kind === 'Key' ? '1234' : name === 'deep' ? '/a/b/' : '/',
  ).map(({ action, resource }) => `${action} ${resource}`);

test.each<[ServiceName, string, object, string[]]>([
  ['ecs', 'UpdateService', { service: 'web' }, [`ecs:UpdateService ${arn('ecs', 'service/default/web')}`]],
  [
    'ecs',
    'DescribeServices',
    { cluster: arn('ecs', 'cluster/main'), services: ['a', arn('ecs', 'service/main/b')] },
    [`ecs:DescribeServices ${arn('ecs', 'service/main/b')}`, `ecs:DescribeServices ${arn('ecs', 'service/main/a')}`],
  ],
  [
    'ecs',
    'RunTask',
    { cluster: 'main', taskDefinition: 'web:3' },
    [`ecs:RunTask ${arn('ecs', 'task-definition/web:3')}`],
  ],
  ['ecs', 'ListTasks', { cluster: 'main' }, [`ecs:ListTasks ${arn('ecs', 'container-instance/main/*')}`]],
  [
    'ecs',
    'ExecuteCommand',
    { cluster: 'main', task: 'abc', command: 'ls', interactive: true },
    [`ecs:ExecuteCommand ${arn('ecs', 'cluster/main')}`, `ecs:ExecuteCommand ${arn('ecs', 'task/main/abc')}`],
  ],
  ['ecs', 'ListClusters', {}, ['ecs:ListClusters *']],
  [
    'acm',
    'DescribeCertificate',
    { CertificateArn: arn('acm', 'certificate/1-2') },
    [`acm:DescribeCertificate ${arn('acm', 'certificate/1-2')}`],
  ],
  [
    'route53',
    'ChangeResourceRecordSets',
    { HostedZoneId: '/hostedzone/Z1', ChangeBatch: { Changes: [] } },
    ['route53:ChangeResourceRecordSets arn:aws:route53:::hostedzone/Z1'],
  ],
  ['route53', 'GetChange', { Id: 'C1' }, ['route53:GetChange arn:aws:route53:::change/C1']],
  [
    'route53',
    'ChangeTagsForResource',
    { ResourceType: 'healthcheck', ResourceId: 'abc' },
    ['route53:ChangeTagsForResource arn:aws:route53:::healthcheck/abc'],
  ],
  ['acm', 'RequestCertificate', { DomainName: 'example.com' }, ['acm:RequestCertificate *']],
  ['cloudWatch', 'PutMetricData', { Namespace: 'App' }, ['cloudwatch:PutMetricData *']],
  ['cloudWatch', 'DescribeAlarms', {}, [`cloudwatch:DescribeAlarms ${arn('cloudwatch', 'alarm:*')}`]],
  [
    'cloudWatch',
    'DeleteAlarms',
    { AlarmNames: ['a', 'b'] },
    [
      `cloudwatch:DeleteAlarms ${arn('cloudwatch', 'alarm:a')}`,
      `cloudwatch:DeleteAlarms ${arn('cloudwatch', 'alarm:b')}`,
    ],
  ],
  ['sns', 'Publish', { TopicArn: arn('sns', 'mails'), Message: 'x' }, [`sns:Publish ${arn('sns', 'mails')}`]],
  ['sns', 'CreateTopic', { Name: 'mails' }, [`sns:CreateTopic ${arn('sns', 'mails')}`]],
  [
    'ssm',
    'GetParameters',
    { Names: ['/app/a', 'b'] },
    [`ssm:GetParameters ${arn('ssm', 'parameter/app/a')}`, `ssm:GetParameters ${arn('ssm', 'parameter/b')}`],
  ],
  [
    'lambda',
    'Invoke',
    { FunctionName: 'fn', Qualifier: 'live' },
    [`lambda:InvokeFunction ${arn('lambda', 'function:fn:live')}`],
  ],
  [
    'lambda',
    'GetFunction',
    { FunctionName: arn('lambda', 'function:fn') },
    [`lambda:GetFunction ${arn('lambda', 'function:fn')}`],
  ],
  [
    'logs',
    'PutLogEvents',
    { logGroupName: '/aws/a', logStreamName: 's/1' },
    [`logs:PutLogEvents ${arn('logs', 'log-group:/aws/a:log-stream:s/1')}`],
  ],
  ['eventBridge', 'PutRule', { Name: 'r' }, [`events:PutRule ${arn('events', 'rule/r')}`]],
  ['eventBridge', 'PutRule', { Name: 'r', EventBusName: 'own' }, [`events:PutRule ${arn('events', 'rule/own/r')}`]],
  [
    'eventBridge',
    'PutEvents',
    { Entries: [{ Source: 'a' }] },
    [`events:PutEvents ${arn('events', 'event-bus/default')}`],
  ],
  [
    'elbv2',
    'DescribeTargetHealth',
    { TargetGroupArn: arn('elasticloadbalancing', 'targetgroup/t/1') },
    ['elasticloadbalancing:DescribeTargetHealth *'],
  ],
  [
    'elbv2',
    'RegisterTargets',
    { TargetGroupArn: arn('elasticloadbalancing', 'targetgroup/t/1') },
    [`elasticloadbalancing:RegisterTargets ${arn('elasticloadbalancing', 'targetgroup/t/1')}`],
  ],
  [
    'elbv2',
    'CreateRule',
    { ListenerArn: arn('elasticloadbalancing', 'listener/app/a/1/2') },
    [`elasticloadbalancing:CreateRule ${arn('elasticloadbalancing', 'listener/app/a/1/2')}`],
  ],
  ['iam', 'PutRolePolicy', { RoleName: 'deep' }, ['iam:PutRolePolicy arn:aws:iam::000000000000:role/a/b/deep']],
  ['iam', 'CreateRole', { RoleName: 'new', Path: '/x/' }, ['iam:CreateRole arn:aws:iam::000000000000:role/x/new']],
  [
    'cloudFormation',
    'CreateStack',
    { StackName: 'app' },
    [`cloudformation:CreateStack ${arn('cloudformation', 'stack/app/*')}`],
  ],
  ['ecr', 'BatchGetImage', { repositoryName: 'a/b' }, [`ecr:BatchGetImage ${arn('ecr', 'repository/a/b')}`]],
  ['s3', 'ListBuckets', {}, ['s3:ListAllMyBuckets arn:aws:s3:::*']],
  ['s3', 'ListObjectsV2', { Bucket: 'b' }, ['s3:ListBucket arn:aws:s3:::b']],
  ['s3', 'HeadObject', { Bucket: 'b', Key: 'k' }, ['s3:GetObject arn:aws:s3:::b/k']],
  ['s3', 'DeleteObject', { Bucket: 'b', Key: 'k', VersionId: 'v' }, ['s3:DeleteObjectVersion arn:aws:s3:::b/k']],
  [
    's3',
    'DeleteObjects',
    { Bucket: 'b', Delete: { Objects: [{ Key: 'k' }, { Key: 'l' }] } },
    ['s3:DeleteObject arn:aws:s3:::b/k', 's3:DeleteObject arn:aws:s3:::b/l'],
  ],
  [
    's3',
    'CopyObject',
    { Bucket: 'b', Key: 'k', CopySource: '/c/x%20y?versionId=1' },
    ['s3:PutObject arn:aws:s3:::b/k', 's3:GetObject arn:aws:s3:::c/x y'],
  ],
  ['kms', 'Decrypt', { KeyId: 'abcd' }, [`kms:Decrypt ${arn('kms', 'key/abcd')}`]],
  ['kms', 'Encrypt', { KeyId: 'alias/app' }, [`kms:Encrypt ${arn('kms', 'key/1234')}`]],
  ['sts', 'GetCallerIdentity', {}, []],
  [
    'sts',
    'AssumeRole',
    { RoleArn: 'arn:aws:iam::111122223333:role/x' },
    ['sts:AssumeRole arn:aws:iam::111122223333:role/x'],
  ],
])('%s %s %j', (service, operation, input, expected) => {
  expect(deeds(service, operation, input)).toEqual(expected);
});
