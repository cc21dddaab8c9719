import { ACM } from '@aws-sdk/client-acm';
import { ApplicationAutoScaling } from '@aws-sdk/client-application-auto-scaling';
import { CloudWatch } from '@aws-sdk/client-cloudwatch';
import { CloudWatchLogs } from '@aws-sdk/client-cloudwatch-logs';
import { EC2 } from '@aws-sdk/client-ec2';
import { ECR } from '@aws-sdk/client-ecr';
import { ECS } from '@aws-sdk/client-ecs';
import { ElasticLoadBalancingV2 } from '@aws-sdk/client-elastic-load-balancing-v2';
import { EventBridge } from '@aws-sdk/client-eventbridge';
import { IAM } from '@aws-sdk/client-iam';
import { Lambda } from '@aws-sdk/client-lambda';
import { Route53 } from '@aws-sdk/client-route-53';
import { S3 } from '@aws-sdk/client-s3';
import { SNS } from '@aws-sdk/client-sns';
import { SSM } from '@aws-sdk/client-ssm';
import { clientOptions, type Session } from '../packages/cli/src/session.ts';

/** What an account has of everything that the Terraform examples make. What AWS keeps of the gone (INACTIVE, terminated) does not count. */
export async function inventory(session: Session): Promise<Readonly<Record<string, readonly string[]>>> {
  const options = clientOptions(session);
  const named = <T>(rows: readonly T[] | undefined, name: (row: T) => string | undefined): string[] =>
    (rows ?? []).map((row) => name(row) ?? '').sort();
  return {
    ...(await network(new EC2(options), named)),
    ...(await containers(options, named)),
    ...(await watching(options, named)),
    ...(await identities(new IAM(options), named)),
    buckets: named((await new S3({ ...options, forcePathStyle: true }).listBuckets()).Buckets, (one) => one.Name),
    zones: named((await new Route53(options).listHostedZones()).HostedZones, (one) => one.Id),
    certificates: named(
      (await new ACM(options).listCertificates()).CertificateSummaryList,
      (one) => one.CertificateArn,
    ),
    parameters: named((await new SSM(options).describeParameters()).Parameters, (one) => one.Name),
  };
}

type Options = ReturnType<typeof clientOptions>;
type Named = <T>(rows: readonly T[] | undefined, name: (row: T) => string | undefined) => string[];

async function network(ec2: EC2, named: Named) {
  const gateways = (await ec2.describeNatGateways()).NatGateways;
  return {
    vpcs: named((await ec2.describeVpcs()).Vpcs, (one) => one.VpcId),
    subnets: named((await ec2.describeSubnets()).Subnets, (one) => one.SubnetId),
    gateways: named((await ec2.describeInternetGateways()).InternetGateways, (one) => one.InternetGatewayId),
    natGateways: named(
      gateways?.filter(({ State }) => State !== 'deleted'),
      (one) => one.NatGatewayId,
    ),
    routeTables: named((await ec2.describeRouteTables()).RouteTables, (one) => one.RouteTableId),
    securityGroups: named((await ec2.describeSecurityGroups()).SecurityGroups, (one) => one.GroupId),
    interfaces: named((await ec2.describeNetworkInterfaces()).NetworkInterfaces, (one) => one.NetworkInterfaceId),
    addresses: named((await ec2.describeAddresses()).Addresses, (one) => one.AllocationId),
    endpoints: named((await ec2.describeVpcEndpoints()).VpcEndpoints, (one) => one.VpcEndpointId),
    ...((await hasInstances(ec2)) && (await machines(ec2, named))),
  };
}

async function machines(ec2: EC2, named: Named) {
  const instances = (await ec2.describeInstances()).Reservations?.flatMap(({ Instances = [] }) => Instances);
  return {
    keyPairs: named((await ec2.describeKeyPairs()).KeyPairs, (one) => one.KeyName),
    volumes: named((await ec2.describeVolumes()).Volumes, (one) => one.VolumeId),
    instances: named(
      instances?.filter(({ State }) => State?.Name !== 'terminated'),
      (one) => one.InstanceId,
    ),
  };
}

/** Whether this engine has instances and volumes. */
export async function hasInstances(ec2: EC2): Promise<boolean> {
  try {
    await ec2.describeInstances();
    return true;
  } catch (error) {
    if (error instanceof Error && error.name === 'NotImplemented') return false;
    throw error;
  }
}

async function containers(options: Options, named: Named) {
  const ecs = new ECS(options);
  const elbv2 = new ElasticLoadBalancingV2(options);
  const scaling = new ApplicationAutoScaling(options);
  const self = (arn: string) => arn;
  return {
    clusters: named((await ecs.listClusters()).clusterArns, self),
    taskDefinitions: named((await ecs.listTaskDefinitions()).taskDefinitionArns, self),
    repositories: named((await new ECR(options).describeRepositories()).repositories, (one) => one.repositoryName),
    balancers: named((await elbv2.describeLoadBalancers()).LoadBalancers, (one) => one.LoadBalancerArn),
    targetGroups: named((await elbv2.describeTargetGroups()).TargetGroups, (one) => one.TargetGroupArn),
    scaled: named(
      (await scaling.describeScalableTargets({ ServiceNamespace: 'ecs' })).ScalableTargets,
      (one) => one.ResourceId,
    ),
    functions: named((await new Lambda(options).listFunctions()).Functions, (one) => one.FunctionName),
  };
}

async function watching(options: Options, named: Named) {
  const cloudWatch = new CloudWatch(options);
  const sns = new SNS(options);
  return {
    alarms: named((await cloudWatch.describeAlarms()).MetricAlarms, (one) => one.AlarmName),
    dashboards: named((await cloudWatch.listDashboards()).DashboardEntries, (one) => one.DashboardName),
    logGroups: named((await new CloudWatchLogs(options).describeLogGroups()).logGroups, (one) => one.logGroupName),
    rules: named((await new EventBridge(options).listRules()).Rules, (one) => one.Name),
    topics: named((await sns.listTopics()).Topics, (one) => one.TopicArn),
    subscriptions: named((await sns.listSubscriptions()).Subscriptions, (one) => one.Endpoint),
  };
}

/** AWS makes service-linked roles when a service is first used, and keeps them. */
async function identities(iam: IAM, named: Named) {
  const own = (await iam.listRoles()).Roles?.filter(({ Path }) => !Path?.startsWith('/aws-service-role/'));
  return {
    roles: named(own, (one) => one.RoleName),
    policies: named((await iam.listPolicies({ Scope: 'Local' })).Policies, (one) => one.PolicyName),
    profiles: named((await iam.listInstanceProfiles()).InstanceProfiles, (one) => one.InstanceProfileName),
  };
}
