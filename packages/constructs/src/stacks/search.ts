import { RemovalPolicy } from 'aws-cdk-lib';
import { CfnSecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { AccountRootPrincipal, PolicyDocument, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { CfnDomain } from 'aws-cdk-lib/aws-opensearchservice';
import type { Construct } from 'constructs';
import { accept } from '../accept.ts';
import { Concern } from '../concern.ts';
import { describe } from '../describe.ts';
import type { NetworkStack } from './network.ts';

export interface SearchSettings {
  /** Default `t3.small.search`. */
  readonly instanceType?: string;
  /** One per zone, 1 or 2. Default 1. */
  readonly instances?: 1 | 2;
  /** Default 10. */
  readonly volume_gib?: number;
  /** Keep the domain when the platform is destroyed. Default false. */
  readonly keep?: boolean;
}

/** A search domain in the private subnets, reached by the services with the permissions of their roles. */
export class SearchStack extends Concern {
  readonly endpoint: string;
  readonly domainArn: string;

  constructor(scope: Construct, settings: SearchSettings, network: NetworkStack) {
    super(scope, 'Search', { logicalId: 'Search', description: 'The search domain of the platform' });
    const instances = settings.instances ?? 1;
    const securityGroup = this.addSecurityGroup(network);
    const domain = new CfnDomain(this, 'Domain', {
      engineVersion: 'OpenSearch_2.19',
      clusterConfig: {
        instanceType: settings.instanceType ?? 't3.small.search',
        instanceCount: instances,
        zoneAwarenessEnabled: instances === 2,
        ...(instances === 2 && { zoneAwarenessConfig: { availabilityZoneCount: 2 } }),
      },
      ebsOptions: { ebsEnabled: true, volumeType: 'gp3', volumeSize: settings.volume_gib ?? 10 },
      encryptionAtRestOptions: { enabled: true },
      nodeToNodeEncryptionOptions: { enabled: true },
      domainEndpointOptions: { enforceHttps: true, tlsSecurityPolicy: 'Policy-Min-TLS-1-2-2019-07' },
      vpcOptions: {
        subnetIds: network.privateSubnetIds.slice(0, instances),
        securityGroupIds: [securityGroup.attrGroupId],
      },
      accessPolicies: this.accessPolicies(),
    });
    domain.applyRemovalPolicy(settings.keep ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY);
    describe(domain, 'indexes logs and documents for the services');
    accept(domain, {
      'AwsSolutions-OS3': 'it lives in private subnets, where the network admits nobody from outside',
      'AwsSolutions-OS4': 'dedicated masters triple the bill of a small domain; it is sized by search.instances',
      'AwsSolutions-OS7': 'zone awareness follows search.instances, and one instance has one zone',
      'AwsSolutions-OS9[LogExport::SEARCH_SLOW_LOGS]': slowLogs,
      'AwsSolutions-OS9[LogExport::INDEX_SLOW_LOGS]': slowLogs,
    });
    this.endpoint = domain.attrDomainEndpoint;
    this.domainArn = domain.attrArn;
  }

  private addSecurityGroup(network: NetworkStack): CfnSecurityGroup {
    const securityGroup = new CfnSecurityGroup(this, 'SecurityGroup', {
      groupDescription: 'Who may connect to the search domain',
      vpcId: network.vpcId,
      securityGroupIngress: [
        {
          ipProtocol: 'tcp',
          fromPort: 443,
          toPort: 443,
          cidrIp: network.cidr,
          description: 'the network of the platform',
        },
      ],
    });
    return describe(securityGroup, 'admits the platform to its search domain');
  }

  /** Requests must be signed by a role of this account, and that role must be allowed to make them. */
  private accessPolicies(): PolicyDocument {
    const statement = new PolicyStatement({
      actions: ['es:ESHttp*'],
      principals: [new AccountRootPrincipal()],
      resources: [this.formatArn({ service: 'es', resource: 'domain/*' })],
    });
    return new PolicyDocument({ statements: [statement] });
  }
}

const slowLogs = 'slow logs need a resource policy of the whole account, which a stack cannot own';
