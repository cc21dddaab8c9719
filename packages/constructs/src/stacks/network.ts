import { CfnResource, Fn, RemovalPolicy } from 'aws-cdk-lib';
import {
  FlowLogDestination,
  GatewayVpcEndpointAwsService,
  InterfaceVpcEndpointAwsService,
  IpAddresses,
  type ISubnet,
  Peer,
  Port,
  SecurityGroup,
  SubnetType,
  Vpc,
} from 'aws-cdk-lib/aws-ec2';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { accept } from '../accept.ts';
import { Concern } from '../concern.ts';
import { DefinitionError } from '../definition-error.ts';
import { DESCRIPTION_METADATA, describe } from '../describe.ts';

export interface NetworkSettings {
  /** Availability zones, 2 to 6 (a load balancer needs two). Default 2. */
  readonly zones?: number;
  /** Default 10.0.0.0/16. */
  readonly cidr?: string;
  /**
   * How containers reach AWS and the internet. Default `public-ip`.
   * - `public-ip`: in the public subnets, each with an address of its own. Costs nothing but the addresses; security
   *   groups still admit nobody but the load balancer.
   * - `nat`: in the private subnets, through one NAT gateway per zone.
   * - `endpoints`: in the private subnets, through interface endpoints, with no way to the internet.
   */
  readonly egress?: 'public-ip' | 'nat' | 'endpoints';
  /** Logs accepted and rejected connections for a week. Billed by volume. Default false. */
  readonly flowLogs?: boolean;
}

// What the children of a VPC are for; CDK makes them, so that they are described by type.
const sentences: Readonly<Record<string, string>> = {
  'AWS::EC2::InternetGateway': 'the way to and from the internet',
  'AWS::EC2::VPCGatewayAttachment': 'joins the internet gateway to the network',
  'AWS::EC2::RouteTable': 'says where the packets of one subnet go',
  'AWS::EC2::SubnetRouteTableAssociation': 'gives a subnet its route table',
  'AWS::EC2::Route': 'sends what is not local out of the network',
  'AWS::EC2::EIP': 'the fixed address of a NAT gateway',
  'AWS::EC2::NatGateway': 'lets private containers out, and nobody in',
  'AWS::EC2::VPCEndpoint': 'reaches an AWS service without the internet',
};

/** The network: public subnets for the load balancer, private ones for what nobody may reach. */
export class NetworkStack extends Concern {
  readonly vpc: Vpc;
  readonly cidr: string;
  readonly vpcId: string;
  readonly publicSubnetIds: readonly string[];
  readonly privateSubnetIds: readonly string[];
  /** Where containers run, and whether they need an address of their own there. */
  readonly taskSubnetIds: readonly string[];
  readonly assignPublicIp: boolean;

  constructor(scope: Construct, settings: NetworkSettings = {}) {
    super(scope, 'Network', { logicalId: 'Network', description: 'The network that the platform lives in' });
    const { zones = 2, cidr = '10.0.0.0/16', egress = 'public-ip', flowLogs = false } = settings;
    if (!Number.isInteger(zones) || zones < 2 || zones > 6) {
      throw new DefinitionError('InvalidZones', `a network of ${zones} zones cannot carry a load balancer`, [
        'set network.zones to a whole number from 2 to 6',
      ]);
    }
    const privateType = egress === 'nat' ? SubnetType.PRIVATE_WITH_EGRESS : SubnetType.PRIVATE_ISOLATED;
    this.vpc = new Vpc(this, 'Vpc', {
      ipAddresses: IpAddresses.cidr(cidr),
      // By index, so that one template fits every region.
      availabilityZones: Array.from({ length: zones }, (_, index) => Fn.select(index, Fn.getAzs())),
      natGateways: egress === 'nat' ? zones : 0,
      restrictDefaultSecurityGroup: false,
      subnetConfiguration: [
        { name: 'Public', subnetType: SubnetType.PUBLIC, mapPublicIpOnLaunch: false },
        { name: 'Private', subnetType: privateType },
      ],
    });
    this.cidr = cidr;
    this.describeParts();
    if (egress === 'endpoints') this.addEndpoints();
    if (flowLogs) this.addFlowLogs();
    else accept(this.vpc, { 'AwsSolutions-VPC7': 'flow logs are billed by volume; network.flowLogs turns them on' });

    this.vpcId = this.vpc.vpcId;
    this.publicSubnetIds = idsOf(this.vpc.publicSubnets);
    this.privateSubnetIds = idsOf(egress === 'nat' ? this.vpc.privateSubnets : this.vpc.isolatedSubnets);
    this.assignPublicIp = egress === 'public-ip';
    this.taskSubnetIds = this.assignPublicIp ? this.publicSubnetIds : this.privateSubnetIds;
  }

  private describeParts(): void {
    describe(this.vpc, 'the private address range of the platform');
    for (const [kind, subnets] of [
      ['public', this.vpc.publicSubnets],
      ['private', [...this.vpc.privateSubnets, ...this.vpc.isolatedSubnets]],
    ] as const) {
      for (const [index, subnet] of subnets.entries()) describe(subnet, `the ${kind} part of zone ${index + 1}`);
    }
    for (const part of this.vpc.node.findAll()) {
      const sentence = CfnResource.isCfnResource(part) ? sentences[part.cfnResourceType] : undefined;
      if (sentence && CfnResource.isCfnResource(part)) part.addMetadata(DESCRIPTION_METADATA, sentence);
    }
  }

  private addEndpoints(): void {
    // What a Fargate task needs to be pulled, to log, to publish metrics and to be reached by ExecuteCommand.
    const services = {
      EcrApi: InterfaceVpcEndpointAwsService.ECR,
      EcrDocker: InterfaceVpcEndpointAwsService.ECR_DOCKER,
      Logs: InterfaceVpcEndpointAwsService.CLOUDWATCH_LOGS,
      Metrics: InterfaceVpcEndpointAwsService.CLOUDWATCH_MONITORING,
      Sessions: InterfaceVpcEndpointAwsService.SSM_MESSAGES,
    };
    const securityGroup = new SecurityGroup(this, 'EndpointAccess', {
      vpc: this.vpc,
      description: 'Who may connect to the endpoints',
      allowAllOutbound: false,
    });
    securityGroup.addIngressRule(Peer.ipv4(this.cidr), Port.tcp(443), 'the network of the platform');
    describe(securityGroup, 'admits the platform to the endpoints');
    for (const [id, service] of Object.entries(services)) {
      const endpoint = this.vpc.addInterfaceEndpoint(id, { service, open: false, securityGroups: [securityGroup] });
      describe(endpoint, `reaches ${service.shortName} without the internet`);
    }
    this.vpc.addGatewayEndpoint('S3', { service: GatewayVpcEndpointAwsService.S3 });
  }

  private addFlowLogs(): void {
    const logGroup = new LogGroup(this, 'FlowLogs', {
      retention: RetentionDays.ONE_WEEK,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    describe(logGroup, 'accepted and rejected connections');
    this.vpc.addFlowLog('FlowLog', { destination: FlowLogDestination.toCloudWatchLogs(logGroup) });
  }
}

const idsOf = (subnets: readonly ISubnet[]): string[] => subnets.map(({ subnetId }) => subnetId);
